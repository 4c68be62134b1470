"""Who is told about what happens on tickets."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.services.enrichment import suggest_from_signature
from core.events import subscribe
from core.models import User
from core.services.notifications import notify
from service.enums import Direction
from service.events import (
    CustomerAnswered,
    MessageUndelivered,
    SurveyAnswered,
    TicketAssigned,
    TicketOpened,
    TicketSolved,
)
from service.models import Message, SurveyAnswer, Ticket
from service.models.surveys import HIGHEST
from service.rules import DONE_STATUSES
from service.services.surveys import plan_survey


@subscribe(TicketAssigned)
def tell_new_owner(event: TicketAssigned) -> None:
    """Whoever gets a ticket from somebody else finds it in the inbox."""
    ticket = Ticket.objects.filter(pk=event.ticket_id).first()
    owner = User.objects.filter(pk=event.owner_id, is_active=True).first()
    if ticket is None or owner is None or event.by_id == event.owner_id:
        return
    _tell(owner, ticket, "ticket", _("You have ticket #%(number)d: %(subject)s"), None)


@subscribe(CustomerAnswered)
def tell_owner_of_answer(event: CustomerAnswered) -> None:
    """The owner hears that the customer has answered, once for each message."""
    ticket = Ticket.objects.select_related("owner").filter(pk=event.ticket_id).first()
    if ticket is None or ticket.owner is None:
        return
    text = _("The customer answered on #%(number)d: %(subject)s")
    _tell(ticket.owner, ticket, "ticket", text, f"answer:{event.message_id}")


@subscribe(MessageUndelivered)
def tell_author_of_failure(event: MessageUndelivered) -> None:
    """Whoever wrote an answer that did not arrive is told; for automatic ones the ticket's owner."""
    message = Message.objects.select_related("ticket__owner", "author").filter(pk=event.message_id).first()
    if message is None:
        return
    person = message.author or message.ticket.owner
    if person is not None:
        text = _("Your answer did not arrive, #%(number)d: %(subject)s")
        key = f"undelivered:{message.pk}:{message.attempts}"
        _tell(person, message.ticket, "failure", text, key)


@subscribe(TicketSolved)
def plan_to_ask(event: TicketSolved) -> None:
    """A solved ticket's customer is asked how it was, where the settings say so."""
    ticket = Ticket.objects.filter(pk=event.ticket_id, status__in=DONE_STATUSES).first()
    if ticket is not None:
        plan_survey(actor=None, ticket=ticket)


@subscribe(SurveyAnswered)
def tell_owner_of_survey(event: SurveyAnswered) -> None:
    """Whoever solved the ticket learns how it was."""
    rows = SurveyAnswer.objects.select_related("ticket__owner")
    answer = rows.filter(pk=event.answer_id, times=event.times).first()
    if answer is None or answer.ticket.owner is None:
        return
    text = _("%(score)d of %(highest)d for #%(number)d: %(subject)s")
    figures = {"score": answer.score, "highest": HIGHEST}
    _tell(answer.ticket.owner, answer.ticket, "ticket", text, f"survey:{answer.pk}:{answer.times}", **figures)


def _tell(user: Any, ticket: Ticket, kind: str, text: Promise | str, key: str | None, **figures: int) -> None:
    notify(
        actor=None,
        user=user,
        kind=kind,
        text=lambda: str(text) % {"number": ticket.pk, "subject": ticket.subject, **figures},
        record_type="ticket",
        object_id=ticket.pk,
        dedupe_key=key,
    )


@subscribe(TicketOpened)
@subscribe(CustomerAnswered)
def read_signatures(event: TicketOpened | CustomerAnswered) -> None:
    """What stands below a customer's mail is suggested for their record; machines' mails are left alone."""
    rows = Message.objects.filter(ticket_id=event.ticket_id, direction=Direction.IN, is_automatic=False)
    if isinstance(event, CustomerAnswered):
        rows = rows.filter(pk=event.message_id)
    for message in rows.select_related("contact", "ticket__contact").order_by("pk")[:5]:
        contact = message.contact or message.ticket.contact
        if contact is not None and contact.deleted_at is None:
            suggest_from_signature(actor=None, contact=contact, text=message.text, at=message.at)
