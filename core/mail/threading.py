"""Which thread a mail belongs to. Three signs, strongest first:

1. a plus-address that we signed (`help+t42-9f…@a.org`): only somebody we wrote to can have it;
2. In-Reply-To and References against message ids that were sent or received before;
3. a number in the subject, believed only if the sender takes part in that thread.

A spoofed From gives no rights: whoever shows a match decides what may follow from it.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.mail.addresses import normalise_email
from core.mail.message import ParsedMail

_TOKEN = re.compile(r"\+t(\d{1,18})-([0-9a-f]{20})(?=@)", re.IGNORECASE)
_SUBJECT_NUMBER = re.compile(r"\[#(\d{1,18})\]")
_SIGNATURE_LENGTH = 20


class MatchedBy(enum.StrEnum):
    SIGNED_ADDRESS = "signed_address"
    REFERENCE = "reference"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class ThreadMatch:
    thread_id: int
    by: MatchedBy


def _signature(thread_id: int, key: bytes) -> str:
    digest = hmac.new(key, f"reply-address:{thread_id}".encode(), hashlib.sha256).hexdigest()
    return digest[:_SIGNATURE_LENGTH]


def reply_address(mailbox: str, thread_id: int, key: bytes) -> str:
    """The mailbox's plus-address whose mail finds its way back into the thread."""
    local, at, domain = mailbox.rpartition("@")
    return f"{local.split('+', 1)[0]}+t{thread_id}-{_signature(thread_id, key)}{at}{domain}"


def thread_of_address(address: str, key: bytes) -> int | None:
    """The thread that a plus-address was signed for, or None where the signature is not ours."""
    match = _TOKEN.search(address)
    if not match:
        return None
    thread_id = int(match.group(1))
    expected = _signature(thread_id, key)
    return thread_id if hmac.compare_digest(expected, match.group(2).lower()) else None


def subject_tag(thread_id: int) -> str:
    """What stands in the subject of our answers: `[#42]`."""
    return f"[#{thread_id}]"


def find_thread(
    mail: ParsedMail,
    *,
    key: bytes,
    by_message_ids: Callable[[Sequence[str]], int | None],
    takes_part: Callable[[int, str], bool],
    envelope_recipients: Iterable[str] = (),
) -> ThreadMatch | None:
    """The thread a mail continues, or None for a new one.

    `by_message_ids` gets ids nearest first and answers with the thread of the first it knows;
    `takes_part(thread_id, normalised_address)` says whether the sender belongs to a thread.
    """
    recipients = [*envelope_recipients, *mail.delivered_to, *(box.address for box in (*mail.to, *mail.cc))]
    for address in recipients:
        thread_id = thread_of_address(address, key)
        if thread_id is not None:
            return ThreadMatch(thread_id, MatchedBy.SIGNED_ADDRESS)
    ids = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
    known = by_message_ids(ids) if ids else None
    if known is not None:
        return ThreadMatch(known, MatchedBy.REFERENCE)
    sender = normalise_email(mail.sender.address) if mail.sender else None
    for number in _SUBJECT_NUMBER.findall(mail.subject):
        if sender and takes_part(int(number), sender):
            return ThreadMatch(int(number), MatchedBy.SUBJECT)
    return None
