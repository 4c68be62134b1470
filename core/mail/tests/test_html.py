from __future__ import annotations

import pytest

from core.mail.html import html_to_text, sanitise


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<svg onload=alert(1)><style>*{}</style></svg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=//evil><input name=a></form>",
        "<p style='background:url(//evil)'>x</p>",
        "<math><mtext></p><style><img title='</style><img src=x onerror=alert(1)>'>",
        "<meta http-equiv=refresh content='0;url=//evil'><base href=//evil><link rel=stylesheet href=//evil>",
    ],
)
def test_sanitise_leaves_nothing_that_runs(payload: str) -> None:
    clean = sanitise(payload).lower()
    dangers = [
        "<script",
        "onerror=",
        "onload=",
        "javascript:",
        "<iframe",
        "<form",
        "style=",
        "<meta",
        "<base",
    ]
    for danger in [*dangers, "<style", "<link", "<svg", "//evil"]:
        assert danger not in clean


def test_sanitise_drops_remote_images_unless_asked() -> None:
    html = '<img src="https://x.test/a.png" alt="a"><img src="cid:1">'
    assert sanitise(html) == '<img alt="a"><img src="cid:1">'
    assert 'src="https://x.test/a.png"' in sanitise(html, remote_images=True)


def test_sanitised_links_open_apart() -> None:
    clean = sanitise('<a href="https://x.test">x</a>')
    assert 'rel="noopener noreferrer nofollow"' in clean
    assert 'target="_blank"' in clean


def test_html_to_text_keeps_links_lists_and_quotes() -> None:
    html = "<h1>Hi</h1><ul><li>one<li>two</ul><p>See <a href='https://x.test'>this</a></p><blockquote>old</blockquote>"
    assert html_to_text(html) == "Hi\n\n- one\n- two\n\nSee this (https://x.test)\n\n> old"
