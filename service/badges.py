"""How status, priority and deadline of a ticket look."""

from datetime import timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ui.cells import badge, muted
from core.ui.markup import EMPTY, icon
from service.enums import TicketPriority, TicketStatus
from service.models import SurveyAnswer, Ticket
from service.models.surveys import HIGHEST

STATUS_TONES = {
    TicketStatus.NEW: "info",
    TicketStatus.OPEN: "warn",
    TicketStatus.WAITING: "none",
    TicketStatus.SOLVED: "ok",
    TicketStatus.CLOSED: "none",
}
PRIORITY_TONES = {
    TicketPriority.LOW: "none",
    TicketPriority.NORMAL: "none",
    TicketPriority.HIGH: "warn",
    TicketPriority.URGENT: "bad",
}
SOON = timedelta(hours=1)


def status_badge(ticket: Ticket) -> SafeString:
    """The status as a pill."""
    return badge(ticket.get_status_display(), STATUS_TONES[TicketStatus(ticket.status)])


def priority_badge(ticket: Ticket) -> SafeString:
    """High and urgent as pills, the others as plain words."""
    tone = PRIORITY_TONES[TicketPriority(ticket.priority)]
    label = ticket.get_priority_display()
    return muted(label) if tone == "none" else badge(label, tone)


def clock_badge(ticket: Ticket) -> SafeString:
    """The next deadline: `3 h left`, `20 min overdue`; a dash while no clock runs."""
    due = ticket.due_at
    if due is None or not ticket.is_open:
        return muted(EMPTY)
    left = due - timezone.now()
    icon_name, tone = (
        ("alarm", "bad") if left < timedelta(0) else ("clock", "warn" if left < SOON else "none")
    )
    exact = timezone.localtime(due)
    text = format_html('<time datetime="{}">{}</time>', exact.isoformat(), time_left_text(left))
    if tone == "none":
        return format_html('<span class="sla">{}{}</span>', icon(icon_name), text)
    return badge(text, tone, icon_name)


def stopped_text(ticket: Ticket) -> str:
    """How much working time a clock that is stopped has left; nothing while it runs or where none is set."""
    if ticket.paused_seconds is None or not ticket.is_open:
        return ""
    left = timedelta(seconds=ticket.paused_seconds)
    return _("Clock stopped, %(span)s of working time left") % {"span": duration_text(left)}


def time_left_text(left: timedelta) -> str:
    """Time to or past a deadline in its largest unit."""
    span = duration_text(abs(left))
    text = _("%(span)s overdue") if left < timedelta(0) else _("%(span)s left")
    return text % {"span": span}


def duration_text(span: timedelta) -> str:
    """`20 min`, `3 h`, `2 days`: never rounded up."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


SCORE_TONES = {1: "bad", 2: "bad", 3: "warn", 4: "ok", 5: "ok"}


def score_badge(answer: SurveyAnswer) -> SafeString:
    """A score out of five as a pill, with what it means for those who don't see the colour."""
    text = _("%(score)d of %(highest)d") % {"score": answer.score, "highest": HIGHEST}
    return badge(text, SCORE_TONES[answer.score])
