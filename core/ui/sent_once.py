"""A form that makes a record makes one, however often it is sent: a page without scripts has no other guard.

The form carries a random token. What was sent under it is remembered for an hour as a keyed digest beside the number
of the record that it made; nothing of what was typed is kept. The same token with other content is another form:
somebody went back and filled it in anew. Without Redis every form is taken as it comes.
"""

import json
import logging
import secrets
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

FIELD = "once"
PASSED_OVER = frozenset({FIELD, "csrfmiddlewaretoken"})
REMEMBERED = 3600
AT_WORK = 60
"""Seconds after which a request that has said nothing is taken for dead."""
PATIENCE = 10.0
"""Seconds that the second request waits for the first one's record."""
BUSY = 0

logger = logging.getLogger("crm.ui")


def new_token() -> str:
    return secrets.token_urlsafe(16)


class Sending:
    """One request that sends a form: `claim` it before the work, `settle` it afterwards."""

    def __init__(self, request: HttpRequest) -> None:
        token = str(request.POST.get(FIELD, ""))[:64]
        self.key = f"once:{_digest(request, token)}" if token else ""
        self.made: int | None = None

    def claim(self) -> bool:
        """Whether this request is to do the work. Where another has done it `made` is its record, waited for while it
        is at work; None where that takes too long. A form without a token is always a first one."""
        if not self.key:
            return True
        try:
            return self._claimed()
        except RedisError as error:
            self._do_without(error)
            return True

    def _claimed(self) -> bool:
        ends = time.monotonic() + PATIENCE
        while not cache.add(self.key, BUSY, timeout=AT_WORK):
            self.made = cache.get(self.key) or None
            if self.made is not None or time.monotonic() > ends:
                return False
            time.sleep(0.05)
        return True

    def settle(self, record_id: int | None) -> None:
        """Remember the record that was made, or that none was: then the form may be sent again."""
        if not self.key:
            return
        try:
            if record_id is None:
                cache.delete(self.key)
            else:
                cache.set(self.key, record_id, timeout=REMEMBERED)
        except RedisError as error:
            self._do_without(error)

    def _do_without(self, error: RedisError) -> None:
        logger.warning("a form can't be known again", extra={"error": type(error).__name__})
        self.key = ""


def _digest(request: HttpRequest, token: str) -> str:
    fields = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in PASSED_OVER]
    files = [
        (name, [(file.name, file.size) for file in request.FILES.getlist(name)])
        for name in sorted(request.FILES)
    ]
    content = json.dumps([request.user.pk, request.path, token, fields, files])
    return salted_hmac("core.ui.sent_once", content, algorithm="sha256").hexdigest()
