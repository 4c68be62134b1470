"""Where something may be left: the database and its history, files, and Redis. Each yields (place, bytes)."""

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import redis
from django.core.files.storage import Storage
from django.db import connection

PIECE = 1024 * 1024
OVERLAP = 8 * 1024
"""Pieces of a large file share this much, so that nothing is cut in two."""
Place = tuple[str, bytes]


def tables() -> list[tuple[str, str]]:
    """Every table of ours, of Django and of the history; partitions through their parent. Only the key of
    erasures is left out: it is random, and no login may read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'history') AND c.relkind IN ('r', 'p', 'm')"
            " AND NOT c.relispartition AND (n.nspname, c.relname) <> ('history', 'erasure_key') ORDER BY 1, 2"
        )
        return [(schema, name) for schema, name in cursor.fetchall()]


def database() -> Iterator[Place]:
    """Every row of every table as text."""
    for schema, name in tables():
        with connection.cursor() as cursor:
            target = io.BytesIO()
            table = f"{connection.ops.quote_name(schema)}.{connection.ops.quote_name(name)}"
            cursor.copy_expert(
                f"COPY (SELECT t::text FROM {table} t) TO STDOUT (FORMAT csv)",  # noqa: S608 - from the catalogue
                target,
            )
        for piece in pieces(target.getvalue()):
            yield f"{schema}.{name}", piece


def files(roots: Iterable[Path], leave: Iterable[Path] = ()) -> Iterator[Place]:
    """Every file below the roots: its name, and what is in it."""
    left = [path.resolve() for path in leave]
    for root in roots:
        for path in sorted(root.rglob("*")) if root.exists() else ():
            if (
                not path.is_file()
                or path.is_symlink()
                or any(path.resolve().is_relative_to(one) for one in left)
            ):
                continue
            yield str(path), str(path.relative_to(root)).encode("utf-8", "surrogateescape")
            for piece in pieces(path.read_bytes()):
                yield str(path), piece


def stored(storage: Storage, folder: str = "") -> Iterator[Place]:
    """Every object of a storage that is not on this machine (a bucket): its name, and what is in it."""
    folders, names = storage.listdir(folder)
    for name in sorted(names):
        key = f"{folder}/{name}" if folder else name
        yield key, key.encode()
        with storage.open(key, "rb") as content:
            for piece in pieces(content.read()):
                yield key, piece
    for one in sorted(folders):
        yield from stored(storage, f"{folder}/{one}" if folder else one)


def redis_values(url: str) -> Iterator[Place]:
    """Every key and value of a Redis database, whatever its type."""
    client: Any = redis.Redis.from_url(url)
    readers: dict[bytes, Callable[[bytes], Any]] = {
        b"string": lambda key: [client.get(key) or b""],
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": lambda key: list(client.smembers(key)),
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
        b"stream": lambda key: [
            part for _id, item in client.xrange(key) for pair in item.items() for part in pair
        ],
    }
    try:
        for key in client.scan_iter(count=1000):
            yield f"redis {key[:12].decode('utf-8', 'replace')}…", key
            reader = readers.get(client.type(key))
            for value in reader(key) if reader is not None else ():
                yield f"redis {key[:12].decode('utf-8', 'replace')}…", value
    finally:
        client.close()


def pieces(data: bytes) -> Iterator[bytes]:
    """The data in pieces that overlap; a compressed file is read whole, as its parts mean nothing."""
    if len(data) <= PIECE or data[:2] in (b"\x1f\x8b", b"PK", b"BZ"):
        yield data
        return
    for start in range(0, len(data), PIECE - OVERLAP):
        yield data[start : start + PIECE]
