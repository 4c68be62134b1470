from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.mail.message import ParsedMail
from core.mail.parser import parse
from core.mail.threading import (
    MatchedBy,
    ThreadMatch,
    find_thread,
    reply_address,
    subject_tag,
    thread_of_address,
)

KEY = b"k" * 32


def _find(mail: ParsedMail) -> ThreadMatch | None:
    def by_message_ids(ids: Sequence[str]) -> int | None:
        return next((7 for one in ids if one == "known@x"), None)

    def takes_part(thread_id: int, sender: str) -> bool:
        return (thread_id, sender) == (9, "ann@x.org")

    return find_thread(mail, key=KEY, by_message_ids=by_message_ids, takes_part=takes_part)


def test_signed_address_wins() -> None:
    address = reply_address("help@acme.test", 42, KEY)
    mail = parse(f"To: {address}\nIn-Reply-To: <known@x>\n\n".encode())
    assert _find(mail) == ThreadMatch(42, MatchedBy.SIGNED_ADDRESS)
    assert thread_of_address(address.upper(), KEY) == 42


@pytest.mark.parametrize("other", [b"other key", KEY + b"x"])
def test_foreign_signature_is_no_match(other: bytes) -> None:
    assert thread_of_address(reply_address("help@acme.test", 42, other), KEY) is None


def test_changed_number_is_no_match() -> None:
    address = reply_address("help@acme.test", 42, KEY).replace("+t42-", "+t43-")
    assert thread_of_address(address, KEY) is None


def test_reference_is_found_before_subject() -> None:
    mail = parse(b"From: ann@x.org\nReferences: <a@x> <known@x>\nSubject: Re: [#9] x\n\n")
    assert _find(mail) == ThreadMatch(7, MatchedBy.REFERENCE)


def test_subject_number_counts_only_for_a_participant() -> None:
    assert subject_tag(9) == "[#9]"
    assert _find(parse(b"From: Ann@X.org\nSubject: Re: [#9] x\n\n")) == ThreadMatch(9, MatchedBy.SUBJECT)
    assert _find(parse(b"From: eve@x.org\nSubject: Re: [#9] x\n\n")) is None
    assert _find(parse(b"From: ann@x.org\nSubject: Re: [#8] x\n\n")) is None
