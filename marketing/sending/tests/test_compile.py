"""Whatever the values are, the message parses back to exactly them and keeps the rules of the road."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketing.sending.compile import Envelope, MessageSource, compile_message, with_footer
from marketing.sending.encoding import clean_value
from marketing.sending.links import LinkKind, LinkMaker, read_token
from marketing.sending.placeholders import MessageProblems, Problem, ProblemCode

KEY = b"k" * 32
LINKS = LinkMaker("https://crm.acme.test", KEY, "bounces.acme.test")
TEXT = """Hi {{ name }}!
For {{ company|fallback:"your team" }}.
{{ name }}

{{ postal_address }}
{{ unsubscribe_url }}
"""
HTML = (
    "<style>p {color: #123456}</style><p>Hi <b>{{ name }}</b></p>"
    '<p><a href="https://shop.acme.test/?a=1&amp;b=2">Shop</a> <a href="https://shop.acme.test/?a=1&amp;b=2">Again</a>'
    ' <a href="https://acme.test/hello/{{ name }}">You</a></p><img alt="{{ name }}" src="https://acme.test/l.png">'
    '<p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Leave</a></p>'
)


def _source(**changes: object) -> MessageSource:
    values: dict[str, object] = {
        "subject": "News for {{ name }}",
        "text": TEXT,
        "html": HTML,
        "from_name": "Acme, Inc",
        "from_address": "news@acme.test",
        "reply_to": "help@acme.test",
        "postal_address": "Acme\n1 Main St",
        "fields": frozenset({"name", "company"}),
    }
    return MessageSource(**{**values, **changes})  # type: ignore[arg-type]


COMPILED = compile_message(_source(), links=LINKS, feedback_id="c5")


def _envelope(name: str = "Ann", **values: str) -> Envelope:
    merged = {"name": name, **values}
    return Envelope(7, "ann@x.org", name, "mid@acme.test", "Tue, 01 Jul 2025 08:00:00 +0000", merged)


def _render(source: MessageSource, envelope: Envelope) -> tuple[bytes, EmailMessage]:
    same = source == _source()
    raw = (COMPILED if same else compile_message(source, links=LINKS, feedback_id="c5")).render(envelope)
    return raw, cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return cast(str, cast(EmailMessage, body).get_content()).replace("\r\n", "\n")


def test_headers_are_those_the_road_demands() -> None:
    _, message = _render(_source(), _envelope())
    assert message["From"] == '"Acme, Inc" <news@acme.test>'
    assert message["Reply-To"] == "help@acme.test"
    assert message["To"] == "Ann <ann@x.org>"
    assert message["Subject"] == "News for Ann"
    assert message["Date"] == "Tue, 01 Jul 2025 08:00:00 +0000"
    assert message["Message-ID"] == "<mid@acme.test>"
    assert message["List-Unsubscribe"] == f"<{LINKS.unsubscribe(7)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Feedback-ID"] == "c5:meridian:acme.test"
    assert message.get_content_type() == "multipart/alternative"


def test_text_part_is_filled() -> None:
    _, message = _render(_source(), _envelope("Ann"))
    expected = f"Hi Ann!\nFor your team.\nAnn\n\nAcme\n1 Main St\n{LINKS.unsubscribe(7)}\n"
    assert _part(message, "plain") == expected


def test_html_links_are_signed_and_their_targets_stay_here() -> None:
    compiled = compile_message(_source(), links=LINKS, feedback_id="c5")
    assert compiled.targets == ("https://shop.acme.test/?a=1&b=2",)
    html = _part(
        cast(EmailMessage, message_from_bytes(compiled.render(_envelope()), policy=policy.default)), "html"
    )
    hrefs = re.findall(r'href="([^"]*)"', html)
    base = LINKS.tracking_base(7)
    assert hrefs == [f"{base}/c/0", f"{base}/c/0", "https://acme.test/hello/Ann", LINKS.unsubscribe(7)]
    assert html.count(f'src="{base}/o"') == 1
    assert 'style="color: #123456' in html
    assert read_token(KEY, LinkKind.TRACK, base.rpartition("/")[2]) == 7


def test_tracking_off_leaves_links_alone() -> None:
    _, message = _render(_source(track=False), _envelope())
    html = _part(message, "html")
    assert "/m/t/" not in html
    assert 'href="https://shop.acme.test/?a=1&amp;b=2"' in html


NASTY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("=.\r\n\t <>\"'&\\?%é漢")), max_size=200)


@given(NASTY, NASTY)
@settings(max_examples=200, deadline=None)
@example(". =\r\nBcc: eve@x.org\r\n\r\n.", "." * 80)
@example("=" * 76, "a" * 75 + "é")
@example("", " ")
def test_any_value_parses_back_exactly(name: str, company: str) -> None:
    raw = COMPILED.render(_envelope(name, company=company))
    message = cast(EmailMessage, message_from_bytes(raw, policy=policy.default))
    clean = clean_value(name) if clean_value(name).strip() else ""
    firm = clean_value(company) if clean_value(company).strip() else "your team"
    assert message["Subject"] == "News for " + clean or clean.strip() != clean
    assert [str(one.addr_spec) for one in message["To"].addresses] == ["ann@x.org"]
    assert message["Bcc"] is None
    text = _part(message, "plain")
    assert text.startswith(f"Hi {clean}!\nFor {firm}.\n{clean}\n\nAcme\n")
    assert len(message.defects) == 0
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(byte < 128 for byte in raw)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@given(NASTY)
@settings(max_examples=100, deadline=None)
def test_any_value_is_escaped_in_html(name: str) -> None:
    _, message = _render(_source(), _envelope(name))
    html = _part(message, "html")
    plain = _render(_source(), _envelope("x"))[1]
    assert html.count("<") == _part(plain, "html").count("<")
    assert html.count('"') == _part(plain, "html").count('"')


@given(NASTY.filter(lambda value: clean_value(value) == value and value.strip() == value))
@settings(max_examples=200, deadline=None)
def test_any_display_name_parses_back_exactly(name: str) -> None:
    raw, _ = _render(_source(), _envelope(name))
    field = str(message_from_bytes(raw)["To"]).replace("\r\n", "").replace("\n", "")
    assert str(make_header(decode_header(parseaddr(field)[0]))) == name


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Co", "Zl", "Zp"]), max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_literal_parses_back_exactly(words: str) -> None:
    words = words.replace("{{", "{ {")
    text = words + "\n{{ postal_address }}{{ unsubscribe_url }}"
    _, message = _render(_source(text=text, html=""), _envelope())
    assert _part(message, "plain").rstrip("\n") == f"{words}\nAcme\n1 Main St{LINKS.unsubscribe(7)}"


@pytest.mark.parametrize(
    ("changes", "code", "part", "line", "detail"),
    [
        ({"subject": " "}, ProblemCode.NO_SUBJECT, "subject", 0, ""),
        ({"subject": "{{ key }}"}, ProblemCode.UNKNOWN_PLACEHOLDER, "subject", 1, "key"),
        (
            {"subject": "{{ unsubscribe_url }}"},
            ProblemCode.UNKNOWN_PLACEHOLDER, "subject", 1, "unsubscribe_url",
        ),
        ({"postal_address": ""}, ProblemCode.NO_POSTAL_ADDRESS, "postal_address", 0, ""),
        ({"from_address": "a@b\r\nBcc: x@y.z"}, ProblemCode.BAD_SENDER, "sender", 0, "a@b\r\nBcc: x@y.z"),
        (
            {"text": "a\n{{ name.__class__ }}" + TEXT},
            ProblemCode.MALFORMED_PLACEHOLDER, "text", 2, "{{ name.__class__ }}",
        ),
        ({"text": TEXT + "{{ name"}, ProblemCode.MALFORMED_PLACEHOLDER, "text", 7, "{{ name"),
        ({"text": "{{ postal_address }}"}, ProblemCode.NO_UNSUBSCRIBE_LINK, "text", 0, ""),
        ({"text": "{{ unsubscribe_url }}"}, ProblemCode.NO_POSTAL_ADDRESS, "text", 0, ""),
        ({"html": HTML + '<a href="{{ name }}">x</a>'}, ProblemCode.WHOLE_LINK_PLACEHOLDER, "html", 0, "…"),
        (
            {"html": HTML + '<a href="https://{{ name }}/">x</a>'},
            ProblemCode.WHOLE_LINK_PLACEHOLDER, "html", 0, "https://…",
        ),
        ({"html": HTML + '<a href="page.html">x</a>'}, ProblemCode.BAD_LINK, "html", 0, "page.html"),
    ],
)  # fmt: skip
def test_message_with_a_problem_is_refused(
    changes: dict[str, object], code: ProblemCode, part: str, line: int, detail: str
) -> None:
    with pytest.raises(MessageProblems) as caught:
        compile_message(_source(**changes), links=LINKS, feedback_id="c5")
    assert caught.value.problems == (Problem(code, part, line, detail),)


def test_footer_is_added_where_it_is_missing() -> None:
    source = with_footer(_source(text="Hello", html="<p>Hello</p>"), "Unsubscribe", "Preferences")
    _, message = _render(source, _envelope())
    assert f"-- \nAcme\n1 Main St\nPreferences: {LINKS.preferences(7)}\nUnsubscribe:" in _part(
        message, "plain"
    )
    assert f'<a href="{LINKS.preferences(7)}">Preferences</a>' in _part(message, "html")
    assert f'<a href="{LINKS.unsubscribe(7)}">Unsubscribe</a>' in _part(message, "html")
    assert with_footer(source, "Unsubscribe", "Preferences") == source


def test_scripts_do_not_leave_the_house() -> None:
    _, message = _render(_source(html=HTML + "<script>x()</script><p onclick='x()'>y</p>"), _envelope())
    html = _part(message, "html")
    assert "x()" not in html
    assert "<p>y</p>" in html.replace(' style="color: #123456;"', "")
