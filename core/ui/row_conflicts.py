"""A button on a row (take it away, end it) which somebody else has changed since the page was read: nothing is done,
both versions are shown, and pressing it once more is a decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.services.base import state_of

SEEN = 300
"""As many letters of a row as are compared."""


OWN = frozenset({"csrfmiddlewaretoken", "version", "seen"})
"""What the button's form carries anew; everything else is sent again as it was."""


def row_words(row: Any) -> str:
    """A row on one line: with all that people see of it where its model says how (`as_words`)."""
    return str(getattr(row, "as_words", row))[:SEEN]


def row_state(row: Any) -> SafeString:
    """What the form of a button carries: which state of the row the page shows, and that state in words."""
    return format_html(
        '<input type="hidden" name="version" value="{}"><input type="hidden" name="seen" value="{}">',
        state_of(row),
        row_words(row),
    )


def expected_state(request: HttpRequest) -> int | None:
    """The state that the button was shown with; None where its form says nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def answer_changed(
    request: HttpRequest, current: Any, *, back_url: str, back_label: str = ""
) -> HttpResponse:
    """After StaleRecord: the row as it is now beside what the page showed, and the button once more (409)."""
    context = {
        "title": _("Changed meanwhile"),
        "current": current,
        "now": row_words(current),
        "seen": request.POST.get("seen", "")[:SEEN],
        "sent": [(name, value) for name, value in request.POST.items() if name not in OWN],
        "back_url": back_url,
        "back_label": back_label,
    }
    return render(request, "ui/row_conflict.html", context, status=409)
