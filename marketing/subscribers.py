"""What marketing does when something happened."""

from core.events import subscribe
from core.mail.parser import parse
from marketing.events import MailsSent
from marketing.services.engagements import record_sent
from marketing.services.optout import recipient_of_report, record_bounce, record_complaint
from service.events import MailReturned
from service.models import RawMail


@subscribe(MailsSent)
def show_sent_mails_on_timelines(event: MailsSent) -> None:
    record_sent(actor=None, recipient_ids=event.recipient_ids)


@subscribe(MailReturned)
def note_returned_mailing(event: MailReturned) -> None:
    """A bounce or a complaint about a mailing; those about other mail are service's own."""
    raw = RawMail.objects.filter(pk=event.raw_mail_id).first()
    if raw is None:
        return
    with raw.content.open("rb") as file:
        parsed = parse(file.read())
    recipient = recipient_of_report(parsed)
    if recipient is None:
        return
    if parsed.complaint is not None:
        record_complaint(actor=None, recipient=recipient)
    else:
        record_bounce(actor=None, recipient=recipient, report=parsed.bounce)
