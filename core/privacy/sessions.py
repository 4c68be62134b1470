"""What pages say to colleagues on the next page (“Ada Byron was deleted”) waits in their session when it is too
long for a cookie."""

from collections.abc import Sequence

from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

SAID = SessionStorage.session_key


def forget_messages(values: Sequence[str], names: Sequence[str] = ()) -> int:
    """Take out of every session what was not said yet, whomever it names; returns of how many."""
    count = 0
    for row in Session.objects.iterator():
        kept = row.get_decoded()
        if SAID in kept:
            del kept[SAID]
            row.session_data = SessionStore().encode(kept)
            row.save(update_fields=["session_data"])
            count += 1
    return count
