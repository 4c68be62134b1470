"""What a message consists of, before it is written down."""

from dataclasses import dataclass
from datetime import datetime

from core.mail.message import Attachment
from service.models import RawMail


@dataclass(frozen=True)
class MessageContent:
    """The parts of a message that come from outside; see `service.models.Message` for what they mean."""

    text: str = ""
    quoted_text: str = ""
    html: str = ""
    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    to_addresses: str = ""
    cc_addresses: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    at: datetime | None = None
    is_automatic: bool = False
    is_participant: bool = True
    dedupe_key: str | None = None
    raw: RawMail | None = None
    attachments: tuple[Attachment, ...] = ()
