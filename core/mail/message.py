"""What the parser hands out: plain frozen values, no ORM, no `email` objects."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime


class AutomaticKind(enum.StrEnum):
    """Why a mail was not typed by a person for us. An empty kind is a person's mail."""

    NONE = ""
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    LIST = "list"


class BounceCause(enum.StrEnum):
    """Why a recipient was not reached. Only the first two are proof that the address is dead."""

    USER_UNKNOWN = "user_unknown"
    HOST_UNKNOWN = "host_unknown"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    TEMPORARY = "temporary"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header: `name` decoded, `address` as written (see `addresses.normalise_email`)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail. `name` is never empty and holds no path."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One undelivered recipient; `permanent` says only that the server will not try again."""

    address: str
    cause: BounceCause
    permanent: bool
    status: str = ""
    diagnostic: str = ""

    @property
    def proves_dead(self) -> bool:
        """True only where the user or the host does not exist: nothing less may suppress an address."""
        return self.cause in (BounceCause.USER_UNKNOWN, BounceCause.HOST_UNKNOWN)


@dataclass(frozen=True, slots=True)
class BounceReport:
    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """An ARF feedback report (RFC 5965): somebody pressed "this is spam"."""

    feedback_type: str
    recipients: tuple[str, ...]
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A received mail. Every string is valid UTF-8 without NUL; ids carry no angle brackets.

    `text` is the whole text (made from the HTML where no text part came) and equals
    `new_text + quoted_text`. `html` is what arrived: pass it through `html.sanitise` before showing it.
    `date` is aware, in UTC, and the sender's claim. `defects` says in words what had to be mended.
    """

    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    subject: str
    date: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    new_text: str
    quoted_text: str
    html: str
    attachments: tuple[Attachment, ...]
    automatic: AutomaticKind
    bounce: BounceReport | None
    complaint: Complaint | None
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first value of a header, decoded, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")
