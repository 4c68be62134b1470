"""Files of signed lines that lie apart from the database and are only ever added to.

Each line is JSON, signed with the installation's key for its own kind of log, and flushed to disk before the
writer goes on. What is torn or signed by somebody else is told apart when it is read.
"""

import hmac
import json
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings


def append(path: Path, kind: str, entries: Iterable[dict[str, Any]]) -> None:
    """Write entries down for good, one line each, with one flush. Raises OSError."""
    bodies = [json.dumps(entry, sort_keys=True) for entry in entries]
    text = "".join(json.dumps({"entry": body, "mac": _mac(kind, body)}) + "\n" for body in bodies)
    if not text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            text = "\n" + text  # what was torn here must not take the next line with it
        left = text.encode()
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def lines(path: Path, kind: str) -> Iterator[tuple[str, bool]]:
    """(what was signed, whether we signed it) of each whole line; one that is torn is passed over."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                wrapped = json.loads(line)
                body, mac = str(wrapped["entry"]), str(wrapped["mac"])
            except (ValueError, KeyError, TypeError):
                continue  # torn: the machine stopped in the middle of it
            yield body, hmac.compare_digest(mac.encode(), _mac(kind, body).encode())


def _mac(kind: str, body: str) -> str:
    key = f"contacts.{kind}-log:{settings.MAIL_LINK_KEY}".encode()
    return hmac.new(key, body.encode(), sha256).hexdigest()
