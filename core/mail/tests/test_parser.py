"""The parser: mails as people's programs really write them, and bytes that no program would."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mail.message import AutomaticKind, Mailbox
from core.mail.parser import parse

MULTIPART = b"""From: Ann Lee <ann@example.org>
To: "Support, EU" <help@acme.test>, bob@example.org
Cc: undisclosed-recipients:;
Subject: Printer
Message-ID: <one@example.org>
References: <a@x> <b@
 x>
Date: Tue, 1 Jul 2025 10:00:00 +0200
Content-Type: multipart/mixed; boundary=BB

--BB
Content-Type: multipart/alternative; boundary=AA

--AA
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

It is on fire=2E Gr=C3=BC=C3=9Fe
--AA
Content-Type: text/html; charset=utf-8

<p>It is <b>on fire</b>.</p>
--AA--
--BB
Content-Type: application/pdf; name="=?utf-8?Q?Rechnung_=C3=BC.pdf?="
Content-Transfer-Encoding: base64
Content-Disposition: attachment

JVBERg==
--BB
Content-Type: message/rfc822

From: x@y.z
Subject: Inner

inner text
--BB--
"""


def test_multipart_fields_are_read() -> None:
    mail = parse(MULTIPART)
    assert mail.sender == Mailbox("Ann Lee", "ann@example.org")
    assert mail.to == (Mailbox("Support, EU", "help@acme.test"), Mailbox("", "bob@example.org"))
    assert mail.cc == ()
    assert mail.subject == "Printer"
    assert mail.message_id == "one@example.org"
    assert mail.references == ("a@x", "b@x")
    assert mail.date == datetime(2025, 7, 1, 8, 0, tzinfo=UTC)
    assert mail.text == "It is on fire. Grüße"
    assert mail.html == "<p>It is <b>on fire</b>.</p>"
    assert mail.automatic is AutomaticKind.NONE
    assert mail.defects == ()


def test_attachments_keep_name_type_and_bytes() -> None:
    pdf, inner = parse(MULTIPART).attachments
    assert (pdf.name, pdf.content_type, pdf.content) == ("Rechnung ü.pdf", "application/pdf", b"%PDF")
    assert (inner.name, inner.content_type) == ("Inner.eml", "message/rfc822")
    assert b"inner text" in inner.content


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?B?R3LDvA==?= =?utf-8?B?w59l?=", "Grüße"),
        (b"=?utf-8?B?R3LD?=\n =?utf-8?B?vMOfZQ==?=", "Grüße"),
        (b"=?UTF-8?Q?a_b=3D?= plain =?utf-8*en?q?c?=", "a b= plain c"),
        (b"=?iso-2022-jp?B?GyRCLSEtIhsoQg==?=", "①②"),
        (b"=?gb2312?B?lEY=?=", "擣"),
        (b"=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        (b"=?x-unknown?Q?caf=E9?=", "café"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"two\n lines", "two lines"),
        (b"nul\x00 in it", "nul in it"),
    ],
)
def test_subject_is_decoded(raw: bytes, expected: str) -> None:
    assert parse(b"Subject: " + raw + b"\n\nx").subject == expected


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("iso-8859-1", b"\x93quoted\x94 \x80", "“quoted” €"),
        ("us-ascii", "naïve".encode(), "naïve"),
        ("gb2312", "擣镕".encode("gb18030"), "擣镕"),
        ("iso-2022-jp", b"\x1b$B-j\x1b(B ok", "㈱ ok"),
        ("no-such-charset", "Žluťoučký".encode(), "Žluťoučký"),
        ("base64", b"plain", "plain"),
        ("utf-8", "ä".encode() * 60 + b"\xc3", "ä" * 60 + "\ufffd"),
    ],
)
def test_body_is_decoded(charset: str, body: bytes, expected: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body
    assert parse(raw).text == expected


def test_junk_in_the_header_block_is_left_out() -> None:
    mail = parse(b"From me Tue Jul  1\nFrom: a@b.c\nthis is no field\nSubject: kept\n\nbody")
    assert mail.subject == "kept"
    assert mail.text == "body"
    assert mail.defects == ("a line in the header block is no header field; it was left out",)


def test_missing_blank_line_keeps_the_body() -> None:
    mail = parse(b"Subject: hi\nHello there, all.\n\nSecond paragraph")
    assert mail.subject == "hi"
    assert mail.text == "Hello there, all.\n\nSecond paragraph"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?Q?Ann_Lee_=3Cann@x.org=3E?=", Mailbox("Ann Lee", "ann@x.org")),
        (b"Ann Lee [Sales] <ann@x.org>", Mailbox("Ann Lee [Sales]", "ann@x.org")),
        (b"=?utf-8?B?TMOpYSwgWA==?= <lea@x.org>", Mailbox("Léa, X", "lea@x.org")),
        (b"\"'ann@x.org'\" <ann@x.org>", Mailbox("ann@x.org", "ann@x.org")),
    ],
)
def test_sender_is_read_from_odd_forms(raw: bytes, expected: Mailbox) -> None:
    assert parse(b"From: " + raw + b"\n\n").sender == expected


def test_whole_mail_that_is_a_file_is_an_attachment() -> None:
    mail = parse(b"Subject: scan\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw==")
    assert mail.text == ""
    assert [(one.name, one.content) for one in mail.attachments] == [("attachment-1.png", b"\x89PNG")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b'filename="../../etc/passwd"', "passwd"),
        (b'filename="C:\\\\temp\\\\a.txt"', "a.txt"),
        (b"filename*=utf-8''%e2%80%aegpj.exe", "_gpj.exe"),
        (b"filename*0*=utf-8''na%C3%AF; filename*1*=ve.txt", "naïve.txt"),
    ],
)
def test_file_names_hold_no_path_and_no_tricks(name: bytes, expected: str) -> None:
    raw = b"Content-Type: application/octet-stream\nContent-Disposition: attachment; " + name + b"\n\nx"
    assert parse(raw).attachments[0].name == expected


def test_html_only_mail_gets_text() -> None:
    mail = parse(b"Content-Type: text/html\n\n<style>p{}</style><p>One</p><ul><li>Two</li></ul>")
    assert mail.text == "One\n\n- Two"


def test_deep_nesting_ends() -> None:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(3000)
    )
    mail = parse(b"Subject: bomb\n" + parts + b"\n\nx")
    assert mail.subject == "bomb"
    assert mail.defects


def test_nested_messages_end() -> None:
    mail = parse(b"Subject: bomb\n" + b"Content-Type: message/rfc822\n\n" * 5000 + b"x")
    assert mail.subject == "bomb"


def test_many_parts_are_bounded() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 3000
    mail = parse(raw)
    assert mail.defects == ("more than 1000 parts; the rest was not read",)


def _storable(text: str) -> bool:
    return "\x00" not in text and bool(text.encode("utf-8") or not text)


def _assert_storable(raw: bytes) -> None:
    mail = parse(raw)
    texts = [mail.text, mail.html, mail.subject, mail.message_id, *mail.references]
    texts += [one.name for one in mail.attachments] + [text for pair in mail.headers for text in pair]
    assert all(_storable(text) for text in texts)
    assert mail.new_text + mail.quoted_text == mail.text
    assert all(one.name for one in mail.attachments)


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_random_bytes_never_raise(raw: bytes) -> None:
    _assert_storable(raw)


FRAGMENTS = [
    b"From: ", b"Subject: ", b"To: ", b"Date: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\n",
    b"\n\n", b"--b", b"--b--", b"text/plain; charset=", b"utf-7", b"iso-2022-jp", b"=?utf-8?B?", b"?=",
    b"=?x?q?", b"<", b">", b"@", b"a@b.c", b"Content-Disposition: attachment; ", b"filename*0*=",
    b"filename*=x'y'%ff", b"message/rfc822", b"Content-Transfer-Encoding: ", b"base64", b"uuencode",
    b"begin 644 x\n", b"message/delivery-status", b"\x00", b"Final-Recipient: rfc822; a@b.c",
    b"Status: 5.1.1", b"multipart/report; boundary=b", b"\xff\xfe", b"\x1b$B", b'"', b"<![foo", b"<p>",
    b"text/html", b"+2AA-", b"(", b"; ", b"\r", b"message/feedback-report",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8)), max_size=40))
@settings(max_examples=500, deadline=None)
def test_mail_like_bytes_never_raise(pieces: list[bytes]) -> None:
    _assert_storable(b"".join(pieces))
