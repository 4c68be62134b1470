"""The log of erasures that lies apart from the database: a restored backup would bring erased people back.

One signed line each (`contacts.signed_log`); it holds numbers, times and keyed digests, no personal data. Keep
`ERASURE_LOG` on other storage than the database, and copy it along with the backups.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from contacts import signed_log

KIND = "erasure"


@dataclass(frozen=True)
class Entry:
    """One erasure. Times are ISO 8601 in UTC; `digests` as in `contacts.services.tombstones`; `merged` are the
    records that had been merged into the person's, each as number and creation time: a backup may hold them
    apart."""

    token: str
    contact: int
    contact_created_at: str
    at: str
    digests: list[str] = field(default_factory=list)
    merged: list[tuple[int, str]] = field(default_factory=list)


def append(entry: Entry) -> None:
    """Write an entry down for good. Raises OSError."""
    signed_log.append(Path(settings.ERASURE_LOG), KIND, [asdict(entry)])


def entries() -> Iterator[Entry]:
    """Every entry that we signed; a torn or foreign line is passed over, so that nobody is erased by it."""
    for body, is_ours in signed_log.lines(Path(settings.ERASURE_LOG), KIND):
        if is_ours:
            yield Entry(**json.loads(body))


def foreign_tokens() -> set[str]:
    """The tokens of the entries that somebody else's key has signed, as they say themselves."""
    found = set()
    for body, is_ours in signed_log.lines(Path(settings.ERASURE_LOG), KIND):
        if not is_ours:
            try:
                found.add(str(json.loads(body)["token"]))
            except (ValueError, KeyError, TypeError):
                found.add(body)
    return found
