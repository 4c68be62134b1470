"""What happens around every request: an id, a session that ends, and who acts."""

import time
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth import logout
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
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen_at", now)
            started = request.session.setdefault("started_at", now)
            idle = now - seen > settings.SESSION_IDLE_SECONDS
            too_old = now - started > settings.SESSION_COOKIE_AGE
            if idle or too_old or not request.user.is_active:
                logout(request)
            elif now - seen > 300 or "seen_at" not in request.session:
                request.session["seen_at"] = now
        return self.get_response(request)


class ActorMiddleware:
    """Every write of the request is recorded under the person signed in, with the cause `page`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(request.user.pk, cause="page", request_id=request.id):  # type: ignore[attr-defined]
            return self.get_response(request)


class UserPreferencesMiddleware:
    """Shows times in the person's zone and words in the person's language."""

    zones = frozenset(available_timezones())

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        zone = ZoneInfo(user.time_zone) if user.time_zone in self.zones else timezone.get_default_timezone()
        with timezone.override(zone):
            if user.language:
                with translation.override(user.language):
                    return self.get_response(request)
            return self.get_response(request)
