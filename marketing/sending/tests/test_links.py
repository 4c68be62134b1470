from __future__ import annotations

import pytest

from marketing.sending.links import LinkKind, LinkMaker, make_token, message_id, read_token

KEY = b"k" * 32
LINKS = LinkMaker("https://crm.acme.test", KEY, "bounces.acme.test")


def test_token_reads_back_only_with_its_key_and_kind() -> None:
    token = make_token(KEY, LinkKind.UNSUBSCRIBE, 42)
    assert read_token(KEY, LinkKind.UNSUBSCRIBE, token) == 42
    assert read_token(KEY, LinkKind.TRACK, token) is None
    assert read_token(b"other", LinkKind.UNSUBSCRIBE, token) is None


@pytest.mark.parametrize("change", ["43.", "042.", "", "42.AAAA", "42", "-1.", "42.\n"])
def test_changed_token_is_refused(change: str) -> None:
    signature = make_token(KEY, LinkKind.TRACK, 42).partition(".")[2]
    token = change + signature if change.endswith(".") else change
    assert read_token(KEY, LinkKind.TRACK, token) is None


def test_return_path_names_its_recipient() -> None:
    path = LINKS.return_path(42)
    assert path.endswith("@bounces.acme.test")
    assert LINKS.recipient_of_return_path(path) == 42
    assert LINKS.recipient_of_return_path(path.upper()) == 42
    assert LINKS.recipient_of_return_path(path.replace("+42-", "+43-")) is None
    assert LINKS.recipient_of_return_path("ann@x.org") is None


def test_message_id_is_the_same_whenever_asked() -> None:
    first = message_id(KEY, 1, "ann@x.org", "acme.test")
    assert first == message_id(KEY, 1, "ann@x.org", "acme.test")
    assert first != message_id(KEY, 2, "ann@x.org", "acme.test")
    assert first.endswith("@acme.test")
