from __future__ import annotations

import pytest

from core.mail.addresses import is_sendable, normalise_email, without_tag


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" Ann.Lee+x@Example.ORG ", "ann.lee+x@example.org"),
        ("<ann@example.org>", "ann@example.org"),
        ("mailto:ann@example.org", "ann@example.org"),
        ("ann@MÜNCHEN.de", "ann@xn--mnchen-3ya.de"),
        ("ann@example.org.", "ann@example.org"),
        ("ann", None),
        ("ann@", None),
        ("a b@x.org", None),
        ("ann@x.org\r\nBcc: eve@x.org", None),
        ("ann@x..org", None),
        ("a@b@c", None),
        ("x" * 65 + "@x.org", None),
        ("", None),
    ],
)
def test_normalise_email_gives_one_spelling(raw: str, expected: str | None) -> None:
    assert normalise_email(raw) == expected


def test_only_ascii_addresses_are_sendable() -> None:
    assert is_sendable("ann@example.org")
    assert not is_sendable("änn@example.org")
    assert not is_sendable("ann@example.org>\r\nDATA")


def test_without_tag_gives_the_mailbox() -> None:
    assert without_tag("help+t1-abc@a.org") == "help@a.org"
