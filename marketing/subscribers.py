"""What marketing does when something happened."""

from core.events import subscribe
from marketing.events import MailsSent
from marketing.services.engagements import record_sent


@subscribe(MailsSent)
def show_sent_mails_on_timelines(event: MailsSent) -> None:
    record_sent(actor=None, recipient_ids=event.recipient_ids)
