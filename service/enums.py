"""Choices of service."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TicketStatus(TextChoices):
    """Whose turn it is. `rules.TRANSITIONS` says which may follow which."""

    NEW = "new", _("New")
    OPEN = "open", _("Waiting on us")
    WAITING = "waiting", _("Waiting on customer")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class TicketPriority(TextChoices):
    """How soon somebody has to look at it."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Channel(TextChoices):
    """How a ticket reached us."""

    MAIL = "mail", _("E-mail")
    FORM = "form", _("Help form")
    AGENT = "agent", _("Entered by us")
    API = "api", _("API")


class Direction(TextChoices):
    """From the customer, to the customer, or among us."""

    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")
    NOTE = "note", _("Internal note")


class Delivery(TextChoices):
    """How far an outgoing message got. `unknown` means that the server may have taken it: only a person
    decides whether it goes out again."""

    NONE = "", _("Not sent by mail")
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    UNKNOWN = "unknown", _("Perhaps sent")
    BOUNCED = "bounced", _("Came back")


class RawMailState(TextChoices):
    """What became of a received mail."""

    KEPT = "kept", _("Kept, not read yet")
    OPENED = "opened", _("Opened a ticket")
    APPENDED = "appended", _("Added to a ticket")
    DUPLICATE = "duplicate", _("Received before")
    BOUNCE = "bounce", _("Delivery report")
    IGNORED = "ignored", _("Automatic, not a ticket")
    HELD = "held", _("Held back: too many from one sender")
    UNREADABLE = "unreadable", _("Unreadable")
    DISMISSED = "dismissed", _("Looked at and put away")


class SurveyState(TextChoices):
    """What became of the plan to ask somebody."""

    PLANNED = "planned", _("Planned")
    ASKED = "asked", _("Asked")
    SKIPPED = "skipped", _("Not asked")


class SkippedBecause(TextChoices):
    """Why nobody was asked, beside the refusals of the gate."""

    REOPENED = "reopened", _("The ticket was opened again")
    SWITCHED_OFF = "switched_off", _("Surveys were switched off")
    ASKED_LATELY = "asked_lately", _("Asked not long ago")
    NOBODY = "nobody", _("No live contact")
