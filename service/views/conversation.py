"""What a message needs to be shown: safe HTML, tone, files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.mail.html import sanitise
from core.models import File
from core.ui.mentions import rich_text
from service.enums import Delivery, Direction
from service.models import Message
from service.selectors.tickets import files_of
from service.survey_links import without_links

DELIVERY_TONES = {
    Delivery.PENDING: ("info", "clock"),
    Delivery.SENDING: ("info", "clock"),
    Delivery.SENT: ("", "check"),
    Delivery.FAILED: ("bad", "alert-triangle"),
    Delivery.UNKNOWN: ("warn", "alert-triangle"),
    Delivery.BOUNCED: ("bad", "alert-triangle"),
}
_EMBEDDED_IMAGE = re.compile(r'<img\b[^>]*\bsrc="cid:[^"]*"[^>]*>')


@dataclass(frozen=True)
class ShownFile:
    """A file with the way to it."""

    name: str
    size: str
    url: str


@dataclass(frozen=True)
class ShownMessage:
    """A message ready to be shown."""

    message: Message
    css: str
    icon: str
    verb: str
    body: SafeString
    quoted: SafeString
    html: SafeString
    files: list[ShownFile]
    delivery_tone: str
    delivery_icon: str
    can_resend: bool
    raw_url: str


def shown_conversation(messages: Sequence[Message]) -> list[ShownMessage]:
    """Messages ready to be shown, in the order given."""
    files = files_of(messages)
    return [shown(message, files.get(message.pk, [])) for message in messages]


def shown(message: Message, files: Sequence[File]) -> ShownMessage:
    """Everything in it that came from outside is escaped or sanitised here."""
    tone, icon = DELIVERY_TONES.get(Delivery(message.delivery), ("", ""))
    return ShownMessage(
        message=message,
        css={Direction.IN: "from-customer", Direction.OUT: "from-us", Direction.NOTE: "is-note"}[
            Direction(message.direction)
        ],
        icon={Direction.IN: "mail", Direction.OUT: "mail-forward", Direction.NOTE: "note"}[
            Direction(message.direction)
        ],
        verb=_verb(message),
        body=rich_text(without_links(message.text)) if message.text else SafeString(""),
        quoted=rich_text(message.quoted_text.strip()),
        html=safe_html(message.html) if message.html else SafeString(""),
        files=[_file(file) for file in files],
        delivery_tone=tone,
        delivery_icon=icon,
        can_resend=message.delivery in (Delivery.FAILED, Delivery.UNKNOWN, Delivery.BOUNCED),
        raw_url=reverse("service:message_raw", args=[message.pk]) if message.raw_id else "",
    )


def safe_html(html: str) -> SafeString:
    """A mail's HTML without script, style, forms and anything loaded from elsewhere."""
    return mark_safe(_EMBEDDED_IMAGE.sub("", sanitise(html)))  # noqa: S308 - sanitised by an allow-list


def _verb(message: Message) -> str:
    if message.direction == Direction.NOTE:
        return _("wrote a note")
    if message.direction == Direction.OUT:
        return _("was confirmed to the customer") if message.is_automatic else _("answered")
    return _("answered automatically") if message.is_automatic else _("wrote")


def _file(file: File) -> ShownFile:
    return ShownFile(file.name, filesizeformat(file.size), reverse("service:attachment", args=[file.pk]))
