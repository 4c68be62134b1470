"""What happens around every request: an id, a session that ends, and who acts."""

import time
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from core.history.context import acting

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id, in the answer's `X-Request-ID`, the logs and the history."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class SessionLifetimeMiddleware:
    """Ends sessions after 3 idle hours (the cookie's own age ends them after 12) and for deactivated people."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and self._is_over(request, now):
            logout(request)
        response = self.get_response(request)
        if SESSION_KEY in request.session:  # also right after signing in; a token's owner has none
            self._mark(request, now)
        return response

    def _is_over(self, request: HttpRequest, now: int) -> bool:
        session = request.session
        idle = now - session.get("seen_at", now) > settings.SESSION_IDLE_SECONDS
        too_old = now - session.get("started_at", now) > settings.SESSION_COOKIE_AGE
        return idle or too_old or not request.user.is_active

    def _mark(self, request: HttpRequest, now: int) -> None:
        """Written at most every five minutes: a page view should not cost a write."""
        session = request.session
        if "started_at" not in session:
            session["started_at"] = now
        if now - session.get("seen_at", 0) > 300:
            session["seen_at"] = now


class ActorMiddleware:
    """Every write of the request is recorded under the person signed in, with the cause `page`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(request.user.pk, cause="page", request_id=request.id):  # type: ignore[attr-defined]
            return self.get_response(request)


class UserPreferencesMiddleware:
    """Shows times in the person's zone and words in the person's language, and says in `Content-Language` which."""

    zones = frozenset(available_timezones())

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone, language = timezone.get_default_timezone(), translation.get_language()
        user = request.user
        if user.is_authenticated:
            zone = ZoneInfo(user.time_zone) if user.time_zone in self.zones else zone
            language = user.language or language
        # also ends what was set for a token's owner
        with timezone.override(zone), translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response
