"""The scan finds what was planted in any dress, and nothing where nothing is."""

import base64
import bz2
import gzip
import hashlib
import html
import io
import json
import lzma
import quopri
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from email.header import Header
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from core.privacy.scan.decoding import readings
from core.privacy.scan.needles import needles_of
from core.privacy.scan.places import files, redis_values
from core.privacy.scan.search import hits_in, search

ADDRESS, NAME, PHONE = "zoë.kanari@example.org", "Zoë Kanari", "+44 20 7946 0958"
RAW = f"to {ADDRESS} and on".encode()


def zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return target.getvalue()


def digest(name: str, text: str = ADDRESS) -> bytes:
    return hashlib.new(name, text.encode()).digest()


DRESSES: dict[str, Callable[[], bytes]] = {
    "plain": lambda: RAW,
    "upper case": lambda: ADDRESS.upper().encode(),
    "decomposed": lambda: unicodedata.normalize("NFD", ADDRESS).encode(),
    "without accents": lambda: b"zoe.kanari@example.org",
    "base64": lambda: base64.b64encode(RAW),
    "base64 offset 1": lambda: base64.b64encode(b"x" + ADDRESS.encode()),
    "base64 offset 2": lambda: base64.b64encode(b"xy" + ADDRESS.encode()),
    "base64 in a word": lambda: b"abc" + base64.b64encode(ADDRESS.encode()) + b"zz",
    "base64url": lambda: base64.urlsafe_b64encode(b"\xff\xfe" + RAW),
    "base64 in lines": lambda: base64.encodebytes(RAW * 5),
    "base32": lambda: base64.b32encode(RAW),
    "quoted-printable": lambda: quopri.encodestring(b"a" * 60 + RAW),
    "gzip": lambda: gzip.compress(RAW),
    "gzip inside": lambda: b"head" + gzip.compress(RAW),
    "zlib": lambda: zlib.compress(RAW),
    "zlib best": lambda: zlib.compress(RAW, 9),
    "bzip2": lambda: bz2.compress(RAW),
    "xz": lambda: lzma.compress(RAW),
    "zip": lambda: zipped(RAW),
    "hex": lambda: RAW.hex().encode(),
    "bytea": lambda: b"\\x" + RAW.hex().upper().encode(),
    "url": lambda: quote(ADDRESS, safe="").encode(),
    "url every letter": lambda: "".join(f"%{byte:02X}" for byte in ADDRESS.encode()).encode(),
    "html named and decimal": lambda: "".join(f"&#{ord(c)};" for c in ADDRESS).encode(),
    "html hex": lambda: "".join(f"&#x{ord(c):x};" for c in ADDRESS).encode(),
    "html": lambda: html.escape(ADDRESS).replace("ë", "&euml;").encode(),
    "json": lambda: json.dumps({"to": ADDRESS}).encode(),
    "json every letter": lambda: "".join(f"\\u{ord(c):04x}" for c in ADDRESS).encode(),
    "backslash": lambda: "".join(f"\\x{byte:02x}" for byte in ADDRESS.encode()).encode(),
    "utf-16": lambda: ADDRESS.encode("utf-16"),
    "utf-16-be": lambda: ADDRESS.encode("utf-16-be"),
    "utf-32": lambda: ADDRESS.encode("utf-32"),
    "encoded word b": lambda: Header(ADDRESS, "utf-8").encode().encode(),
    "encoded word q": lambda: b"=?utf-8?q?zo=C3=AB.kanari=40example.org?=",
    "tsvector": lambda: b"'kanari':2 'zo\xc3\xab.kanari@example.org':1",
    "md5": lambda: digest("md5").hex().encode(),
    "sha1": lambda: digest("sha1").hex().upper().encode(),
    "sha256": lambda: digest("sha256").hex().encode(),
    "sha256 base64": lambda: base64.b64encode(digest("sha256")),
    "sha512 raw": lambda: digest("sha512"),
    "phone as typed": lambda: PHONE.encode(),
    "phone E.164": lambda: b"+442079460958",
    "phone national": lambda: b"(020) 7946-0958",
    "phone dotted": lambda: b"20.7946.0958",
    "phone digest": lambda: digest("sha256", "+442079460958").hex().encode(),
    "base64 of gzip": lambda: base64.b64encode(gzip.compress(RAW)),
    "json of base64 of utf-16": lambda: json.dumps(
        base64.b64encode(ADDRESS.encode("utf-16")).decode()
    ).encode(),
    "hex of zip of quoted-printable": lambda: zipped(quopri.encodestring(RAW)).hex().encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_planted_needle_is_found(dress: str) -> None:
    needles = needles_of([ADDRESS, NAME, PHONE])
    assert hits_in(b"before \n" + DRESSES[dress]() + b"\n after", needles)
    assert hits_in(DRESSES[dress](), needles)


def test_nothing_is_found_where_nothing_is() -> None:
    needles = needles_of([ADDRESS, NAME, PHONE])
    other = ("another.person@example.org +442079460959 Zoë Kanaris " * 50).encode()
    noise = b"".join(hashlib.sha512(bytes([number])).digest() for number in range(200))
    for data in (other.replace(b"Kanaris", b"Canary"), noise, gzip.compress(other.replace(b"Kanari", b"C"))):
        assert hits_in(data, needles) == set()


def test_short_words_are_left_out() -> None:
    assert needles_of(["Ada", "x@y", ""]) == []


def test_bomb_is_read_up_to_a_limit() -> None:
    bomb = zlib.compress(b"0" * 200_000_000, 9)
    assert max(len(data) for _dress, data in readings(bomb, 1)) <= 64 * 1024 * 1024


def test_files_and_redis_are_read(tmp_path: Path, redis_server: Any, database_lease: Any) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.mail").write_bytes(DRESSES["quoted-printable"]())
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "x").write_bytes(RAW)
    (tmp_path / f"{ADDRESS}.pdf").write_bytes(b"")
    found = search([ADDRESS], files([tmp_path], leave=[tmp_path / "kept"]))
    assert [Path(place).name for place in found.places] == ["1.mail", f"{ADDRESS}.pdf"]
    redis_server.hset("cart:1", "who", DRESSES["gzip"]())
    redis_server.rpush("queue", "nothing", DRESSES["base64"]())
    assert len(search([ADDRESS], redis_values(database_lease.redis_url)).places) == 2
