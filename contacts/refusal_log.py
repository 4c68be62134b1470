"""The log of refusals that lies beside the one of erasures: a restored backup would write to people who have said
no since it was taken.

Signed lines (`contacts.signed_log`) of `refusals.jsonl` in the folder of `ERASURE_LOG`; they hold numbers, times,
purposes and keyed digests of addresses, no personal data.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from contacts import signed_log

KIND = "refusal"
NAME = "refusals.jsonl"


@dataclass(frozen=True)
class Refusal:
    """What somebody said no to, or (`refused` false) no longer says no to. Times are ISO 8601 in UTC.

    `about` says which of the others count: `address` (a digest as in `contacts.selectors.tombstones`, reach and
    cause), `purpose` (purpose and channel that a consent was withdrawn for), `person` (do not contact, how often
    and until when not at all). `people` are the person's records, merged ones included, as number and creation
    time.
    """

    about: str
    at: str
    refused: bool = True
    people: list[tuple[int, str]] = field(default_factory=list)
    digest: str = ""
    reach: str = ""
    cause: str = ""
    purpose: str = ""
    channel: str = ""
    frequency: str = ""
    paused_until: str = ""


def path() -> Path:
    return Path(settings.ERASURE_LOG).with_name(NAME)


def append(refusals: Iterable[Refusal]) -> None:
    """Write refusals down for good. Raises OSError."""
    signed_log.append(path(), KIND, (asdict(one) for one in refusals))


def refusals() -> Iterator[Refusal]:
    """Every line that we signed, as they were written."""
    for body, is_ours in signed_log.lines(path(), KIND):
        if is_ours:
            yield Refusal(**json.loads(body))


def foreign_since(moment: datetime) -> int:
    """How many lines that somebody else's key has signed tell, as they say themselves, of later than `moment`."""
    count = 0
    for body, is_ours in signed_log.lines(path(), KIND):
        if not is_ours:
            try:
                count += datetime.fromisoformat(str(json.loads(body)["at"])) > moment
            except (ValueError, KeyError, TypeError):
                count += 1
    return count
