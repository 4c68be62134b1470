"""Opening an erasure: the only key to history.erase(), and a row that says who used it and why.

The database demands a proof made with the installation's key, which no row and no login of the database holds.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import connection

_BLOCK = 64  # octets, of SHA-256


def erasure_key() -> bytes:
    """Made of SECRET_KEY. The database holds it in a table that only the history's own functions read."""
    return hashlib.sha256(f"core.history.erasure:{settings.SECRET_KEY}".encode()).digest()


def padded_key() -> tuple[bytes, bytes]:
    """The key's inner and outer halves, as HMAC uses them (RFC 2104)."""
    key = erasure_key().ljust(_BLOCK, b"\0")
    return bytes(one ^ 0x36 for one in key), bytes(one ^ 0x5C for one in key)


def open_erasure(*, subject: str, reason: str) -> int:
    """Record that the running transaction erases what the history keeps about `subject`; returns the row's number.

    Neither text may hold personal data: they stay for ever. Raises ProgrammingError where SECRET_KEY was changed
    since the last `migrate`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        message = "\n".join((cursor.fetchone()[0], subject, reason))
        proof = hmac.digest(erasure_key(), message.encode(), "sha256")
        cursor.execute("SELECT history.begin_erasure(%s, %s, %s)", [subject, reason, proof])
        number: int = cursor.fetchone()[0]
    return number
