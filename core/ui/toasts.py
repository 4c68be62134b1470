"""Telling people what happened: a toast, with an undo where there is one, on this page or the next."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from core.ui.access import is_fragment


def trigger(response: HttpResponse, **events: Any) -> HttpResponse:
    """Add events to the answer's `HX-Trigger`, keeping those that are there."""
    known = json.loads(response["HX-Trigger"]) if response.has_header("HX-Trigger") else {}
    response["HX-Trigger"] = json.dumps({**known, **events})
    return response


def toast(
    request: HttpRequest, response: HttpResponse, text: Any, *, tone: str = "success", undo_url: str = ""
) -> HttpResponse:
    """Say `text` now (fragment requests) or on the page that comes next (plain requests)."""
    if is_fragment(request) and response.status_code < 300:
        return trigger(response, toast={"text": str(text), "tone": tone, "undo_url": undo_url})
    say(request, text, tone=tone, undo_url=undo_url)
    return response


def say(request: HttpRequest, text: Any, *, tone: str = "success", undo_url: str = "") -> None:
    """Say `text` on the next whole page."""
    level = {"success": messages.SUCCESS, "error": messages.ERROR, "warn": messages.WARNING}
    messages.add_message(
        request, level.get(tone, messages.INFO), str(text), extra_tags=f"undo:{undo_url}" if undo_url else ""
    )


def refused(request: HttpRequest, url: str, text: Any) -> HttpResponse:
    """The answer where nothing was written: as `done`, and `text` looks like what it is."""
    say(request, text, tone="error")
    return done(request, url)


def done(request: HttpRequest, url: str, text: Any = "", *, undo_url: str = "") -> HttpResponse:
    """The answer after a write: fragments are told to go to `url`, plain requests are redirected there."""
    if text:
        say(request, text, undo_url=undo_url)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})
