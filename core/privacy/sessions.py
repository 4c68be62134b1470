"""What pages say to colleagues on the next page (“Ada Byron was deleted”) waits in their session when it is too
long for a cookie."""

from collections.abc import Sequence

from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

SAID = SessionStorage.session_key


def forget_messages(values: Sequence[str], names: Sequence[str] = ()) -> int:
    """Take out of every session what was not said yet, whomever it names; returns of how many. A session is locked
    while it is rewritten, as a page that its person opens meanwhile writes it too."""
    waiting = [row.pk for row in Session.objects.iterator() if SAID in row.get_decoded()]
    for row in Session.objects.select_for_update().filter(pk__in=waiting).order_by("pk"):
        kept = row.get_decoded()
        kept.pop(SAID, None)
        row.session_data = SessionStore().encode(kept)
        row.save(update_fields=["session_data"])
    return len(waiting)
