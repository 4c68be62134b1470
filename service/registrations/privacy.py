"""Which of service's rows are about a person, and how they are erased."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.enums import PointKind
from contacts.models import ContactPoint
from core.models import File
from core.privacy.erase import Erased, erase_rows
from core.registries import privacy
from core.registries.privacy import PersonalRows
from service.enums import SkippedBecause, SurveyState
from service.models import Message, RawMail, SurveyAnswer, SurveyRequest, Ticket
from service.models.surveys import new_nonce
from service.services.attachments import ATTACHED_TYPE


def _messages(contact_id: int) -> QuerySet[Message]:
    return Message.objects.filter(ticket__contact_id=contact_id)


def _raw_mail(contact_id: int) -> QuerySet[RawMail]:
    """The mails behind a person's tickets, and those of the person's addresses that became no ticket."""
    addresses = ContactPoint.objects.filter(contact_id=contact_id, kind=PointKind.EMAIL).values("normalised")
    on_tickets = Message.objects.filter(ticket__contact_id=contact_id, raw__isnull=False).values("raw_id")
    return RawMail.objects.filter(Q(pk__in=on_tickets) | Q(sender__in=addresses, messages__isnull=True))


def attachments_of(contact_id: int) -> QuerySet[File]:
    """The files of a person's messages."""
    ids = _messages(contact_id).values("pk")
    return File.all_objects.filter(attached_type=ATTACHED_TYPE, attached_id__in=ids)


def _erase_messages(contact_id: int) -> int:
    """The messages, and the files they brought: files hang on messages by type and id."""
    messages = list(_messages(contact_id).values_list("pk", flat=True))
    erase_rows(File, list(attachments_of(contact_id).values_list("pk", flat=True)), Erased())
    erase_rows(Message, messages, Erased())
    return len(messages)


def _surveys(contact_id: int) -> QuerySet[SurveyRequest]:
    return SurveyRequest.objects.filter(ticket__contact_id=contact_id)


def _erase_surveys(contact_id: int) -> int:
    """Links that were sent end: nothing is written about somebody who was erased."""
    waiting = _surveys(contact_id).filter(state=SurveyState.PLANNED)
    waiting.update(state=SurveyState.SKIPPED, skipped_because=SkippedBecause.NOBODY)
    now = timezone.now()
    count = 0
    for request in _surveys(contact_id).filter(state=SurveyState.ASKED):
        request.nonce, request.expires_at = new_nonce(), min(request.expires_at or now, now)
        request.save(update_fields=["nonce", "expires_at", "updated_at"])
        count += 1
    return count


privacy.register(
    PersonalRows(SurveyAnswer, rows=lambda pk: SurveyAnswer.objects.filter(ticket__contact_id=pk), order=57),
    PersonalRows(SurveyRequest, rows=_surveys, erase=_erase_surveys, order=58),
    PersonalRows(RawMail, rows=_raw_mail, order=60),
    PersonalRows(Message, rows=_messages, erase=_erase_messages, order=61),
    PersonalRows(Ticket, rows=lambda pk: Ticket.all_objects.filter(contact_id=pk), order=62),
)
