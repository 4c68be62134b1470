"""Reading surveys: how they are set, who may be asked, whose link this is, what was said."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from contacts.enums import Refusal, Sending
from contacts.selectors.gate import refusal_for
from service.enums import Channel, Direction, SkippedBecause, SurveyState, TicketStatus
from service.models import SurveyAnswer, SurveyRequest, SurveySettings, Ticket
from service.rules import DONE_STATUSES
from service.survey_links import is_survey_token, request_of

PURPOSE = "survey"
"""Under this word the consent ledger keeps that somebody wants no surveys."""


def survey_settings() -> SurveySettings:
    """The settings; the defaults (off) where nobody has saved any."""
    return SurveySettings.objects.filter(pk=1).first() or SurveySettings(pk=1)


def is_worth_asking(ticket: Ticket) -> bool:
    """Whether there is somebody to ask about a solution: a ticket that came in and was closed without any
    answer was put away (spam, a double), not solved."""
    if ticket.contact_id is None or not ticket.requester_address:
        return False
    if ticket.status == TicketStatus.SOLVED or ticket.channel not in (Channel.MAIL, Channel.FORM):
        return True
    return ticket.messages.filter(direction=Direction.OUT, is_automatic=False).exists()


def refused_by(ticket: Ticket) -> Refusal | None:
    """What the gate says to asking the ticket's customer now. A survey is a mailing that needs no consent
    beforehand: whoever refused mailings or surveys, pauses, or is not to be contacted gets none."""
    return refusal_for(
        address=ticket.requester_address,
        sending=Sending.MARKETING,
        contact=ticket.contact,
        purpose=PURPOSE,
        consent_needed=False,
    )


def reason_to_skip(request: SurveyRequest, settings: SurveySettings) -> str:
    """Why a planned survey is not sent now, or an empty string."""
    ticket = request.ticket
    if not settings.is_on:
        return str(SkippedBecause.SWITCHED_OFF)
    if ticket.deleted_at is not None or ticket.status not in DONE_STATUSES:
        return str(SkippedBecause.REOPENED)
    if ticket.contact is None or ticket.contact.deleted_at is not None:
        return str(SkippedBecause.NOBODY)
    since = timezone.now() - timedelta(days=settings.rest_days)
    asked = SurveyRequest.objects.filter(ticket__contact=ticket.contact, state=SurveyState.ASKED)
    if settings.rest_days and asked.filter(asked_at__gt=since).exists():
        return str(SkippedBecause.ASKED_LATELY)
    return str(refused_by(ticket) or "")


def request_behind(token: str) -> SurveyRequest | None:
    """The request of a link that we signed, ended or not; None for any other."""
    rows = SurveyRequest.objects.select_related("ticket__contact", "answer")
    request: SurveyRequest | None = rows.filter(pk=request_of(token) or 0, state=SurveyState.ASKED).first()
    if request is None or not is_survey_token(token, request.pk, request.nonce):
        return None
    return request


@dataclass(frozen=True)
class TicketSurvey:
    """A ticket's newest survey as its page shows it; `answer` is None while the customer has not answered."""

    request: SurveyRequest
    answer: SurveyAnswer | None


def survey_of(user: Any, ticket: Ticket) -> TicketSurvey | None:
    """The newest question asked about a ticket, with the answer if `user` may see it."""
    rows = SurveyRequest.objects.visible_to(user).filter(ticket=ticket, state=SurveyState.ASKED)
    request = rows.order_by("-asked_at", "-pk").first()
    if request is None:
        return None
    return TicketSurvey(request, answers_seen(user).filter(request=request).first())


def answers_seen(user: Any) -> QuerySet[SurveyAnswer]:
    """The answers about live tickets in the viewer's scope; all of them for the system (None)."""
    if user is None:
        return SurveyAnswer.objects.filter(ticket__deleted_at__isnull=True)
    found: QuerySet[SurveyAnswer] = SurveyAnswer.objects.visible_to(user)
    return found
