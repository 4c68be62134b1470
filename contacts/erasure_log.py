"""The log of erasures that lies apart from the database: a restored backup would bring erased people back.

One JSON line each, signed with the installation's key, flushed to disk; it holds numbers, times and keyed digests,
no personal data. Keep `ERASURE_LOG` on other storage than the database, and copy it along with the backups.
"""

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from django.conf import settings


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
    path = Path(settings.ERASURE_LOG)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(asdict(entry), sort_keys=True)
    line = json.dumps({"entry": body, "mac": _mac(body)}) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def entries() -> Iterator[Entry]:
    """Every entry that we signed; a torn or foreign line is passed over, so that nobody is erased by it."""
    for body, mac in _lines():
        if hmac.compare_digest(mac.encode(), _mac(body).encode()):
            yield Entry(**json.loads(body))


def foreign_tokens() -> set[str]:
    """The tokens of the entries that somebody else's key has signed, as they say themselves."""
    found = set()
    for body, mac in _lines():
        if not hmac.compare_digest(mac.encode(), _mac(body).encode()):
            try:
                found.add(str(json.loads(body)["token"]))
            except (ValueError, KeyError, TypeError):
                found.add(body)
    return found


def _lines() -> Iterator[tuple[str, str]]:
    """(what is signed, the signature) of each whole line."""
    path = Path(settings.ERASURE_LOG)
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                wrapped = json.loads(line)
                yield str(wrapped["entry"]), str(wrapped["mac"])
            except (ValueError, KeyError, TypeError):
                continue  # torn: the machine stopped in the middle of it


def _mac(body: str) -> str:
    key = f"contacts.erasure-log:{settings.MAIL_LINK_KEY}".encode()
    return hmac.new(key, body.encode(), sha256).hexdigest()
