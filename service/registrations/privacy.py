"""Which of service's rows are about a person, and how they are erased."""

from django.db.models import QuerySet

from core.models import File
from core.registries import privacy
from core.registries.privacy import PersonalRows
from service.models import Message, RawMail, Ticket
from service.services.attachments import ATTACHED_TYPE
from service.services.erasing import erase_attachments, erase_raw_mail


def _messages(contact_id: int) -> QuerySet[Message]:
    return Message.objects.filter(ticket__contact_id=contact_id)


def _raw_mail(contact_id: int) -> QuerySet[RawMail]:
    return RawMail.objects.filter(messages__ticket__contact_id=contact_id)


def attachments_of(contact_id: int) -> QuerySet[File]:
    """The files of a person's messages."""
    ids = _messages(contact_id).values("pk")
    return File.all_objects.filter(attached_type=ATTACHED_TYPE, attached_id__in=ids)


def _erase_raw_mail(contact_id: int) -> int:
    return erase_attachments(actor=None, files=attachments_of(contact_id)) + erase_raw_mail(
        actor=None, mails=_raw_mail(contact_id)
    )


privacy.register(
    PersonalRows(RawMail, rows=_raw_mail, erase=_erase_raw_mail, order=60),
    PersonalRows(Message, rows=_messages, order=61),
    PersonalRows(Ticket, rows=lambda pk: Ticket.all_objects.filter(contact_id=pk), order=62),
)
