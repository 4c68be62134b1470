"""Asking customers how satisfied they are, and keeping what they say."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.enums import ConsentState, LegalBasis
from contacts.services.consents import record_consent
from core.events import publish
from core.mail.language import mail_language
from core.mail.threading import subject_tag
from core.mail.transport import new_message_id
from core.models import Organisation
from core.services.base import service
from service.enums import Delivery, Direction, SurveyState
from service.events import SurveyAnswered
from service.models import Message, SurveyAnswer, SurveyRequest, Ticket
from service.models.surveys import HIGHEST, LOWEST
from service.selectors.surveys import PURPOSE, is_worth_asking, reason_to_skip, survey_settings
from service.services.happenings import tell_of_ticket
from service.services.sending import wake_sender
from service.survey_links import survey_token

MAX_WORDS = 4000


@service
def plan_survey(*, actor: Any, ticket: Ticket) -> SurveyRequest | None:
    """Plan to ask about a solved ticket after the delay of the settings. None where surveys are off, where
    there is nobody to ask, or where it is planned already."""
    chosen = survey_settings()
    if not chosen.is_on or not is_worth_asking(ticket):
        return None
    planned, created = SurveyRequest.objects.get_or_create(
        ticket=ticket,
        state=SurveyState.PLANNED,
        defaults={"due_at": timezone.now() + timedelta(hours=chosen.delay_hours)},
    )
    return planned if created else None


def due_requests(limit: int = 200) -> list[int]:
    """Planned surveys whose time has come, the oldest first."""
    due = SurveyRequest.objects.filter(state=SurveyState.PLANNED, due_at__lte=timezone.now())
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


@service
def ask(*, actor: Any, request_id: int) -> Message | None:
    """Write the mail of a planned survey, or settle why it is not sent. None for what somebody else is
    doing or has done."""
    locked = SurveyRequest.objects.select_for_update(of=("self",), skip_locked=True)
    rows = locked.filter(pk=request_id, state=SurveyState.PLANNED)
    request: SurveyRequest | None = rows.select_related("ticket__contact", "ticket__queue").first()
    if request is None:
        return None
    chosen = survey_settings()
    if reason := reason_to_skip(request, chosen):
        request.state, request.skipped_because = SurveyState.SKIPPED, reason
        request.save(update_fields=["state", "skipped_because", "updated_at"])
        return None
    now = timezone.now()
    request.state, request.asked_at = SurveyState.ASKED, now
    request.expires_at = now + timedelta(days=chosen.link_days)
    request.message = message = _mail(request, chosen.link_days)
    request.save(update_fields=["state", "asked_at", "expires_at", "message", "updated_at"])
    transaction.on_commit(lambda: wake_sender(message.pk))
    return message


@service
def answer_survey(*, actor: Any, request: SurveyRequest, score: int, words: str = "") -> SurveyAnswer:
    """Keep what the customer says; said again, it replaces what was said before. The ticket's timeline tells
    it each time. Raises ValidationError by field, and without a field when the link has ended."""
    current = SurveyRequest.objects.select_for_update().get(pk=request.pk)
    if not current.is_open:
        raise ValidationError(_("This link has ended."))
    if type(score) is not int or not LOWEST <= score <= HIGHEST:
        raise ValidationError({"score": _("Choose from 1 to 5.")})
    words = words.replace("\x00", "").strip()
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": _("Please write at most %(n)d characters.") % {"n": MAX_WORDS}})
    now = timezone.now()
    answer = SurveyAnswer.objects.filter(request=current).first()
    if answer is not None and (answer.score, answer.words) == (score, words):
        return answer
    if answer is None:
        answer = SurveyAnswer(ticket_id=current.ticket_id, request=current)
    else:
        answer.times += 1
    answer.score, answer.words, answer.answered_at = score, words, now
    answer.full_clean()
    answer.save()
    _tell(answer)
    publish(SurveyAnswered(answer_id=answer.pk, times=answer.times))
    return answer


@service
def refuse_surveys(*, actor: Any, request: SurveyRequest) -> None:
    """No surveys any more for the ticket's customer, written into the consent ledger."""
    contact = request.ticket.contact
    if contact is None or contact.deleted_at is not None:
        return
    record_consent(
        actor=actor,
        contact=contact,
        state=ConsentState.WITHDRAWN,
        source=_("Survey page"),
        purpose=PURPOSE,
        basis=LegalBasis.LEGITIMATE_INTEREST,
    )


def survey_url(request: SurveyRequest) -> str:
    """The page of the survey, for the mail."""
    path = reverse("survey:answer", args=[survey_token(request.pk, request.nonce)])
    return settings.PUBLIC_URL.rstrip("/") + path


def _mail(request: SurveyRequest, days: int) -> Message:
    ticket = request.ticket
    assert ticket.contact is not None
    with translation.override(mail_language(ticket.contact.language)):
        subject = _("How was it? %(tag)s") % {"tag": subject_tag(ticket.pk)}
        text = _text(request, days)
    return Message.objects.create(
        ticket=ticket,
        direction=Direction.OUT,
        from_name=str(ticket.queue),
        from_address=ticket.queue.address,
        to_addresses=ticket.requester_address,
        subject=subject,
        text=text,
        message_id=new_message_id(ticket.queue.address.rpartition("@")[2]),
        is_automatic=True,
        delivery=Delivery.PENDING,
    )


def _text(request: SurveyRequest, days: int) -> str:
    """The subject of the ticket stands in it: the mail goes to whoever asked, and names nobody."""
    url = survey_url(request)
    choices = "\n".join(
        f"{score} {label}: {url}?score={score}" for score, label in reversed(list(score_words().items()))
    )
    organisation = Organisation.objects.filter(pk=1).first()
    return _(
        "Hello,\n\n"
        "your request “%(subject)s” is solved. How satisfied are you with our help?\n\n"
        "%(choices)s\n\n"
        "The page asks for a word or two, and nothing is kept before you send it. The link works for %(days)d days;"
        " until then you may change your answer.\n\n"
        "No more surveys: %(stop)s\n\n"
        "%(name)s\n"
    ) % {
        "subject": request.ticket.subject,
        "choices": choices,
        "days": days,
        "stop": f"{url}#stop",
        "name": organisation.name if organisation is not None else "",
    }


def score_words() -> dict[int, str]:
    """What each score means, in the language of the moment."""
    return {
        1: _("very dissatisfied"),
        2: _("dissatisfied"),
        3: _("neither nor"),
        4: _("satisfied"),
        5: _("very satisfied"),
    }


def _tell(answer: SurveyAnswer) -> None:
    tell_of_ticket(
        None,
        answer.ticket,
        "survey.answered",
        answer.answered_at,
        f"survey:{answer.request_id}:{answer.times}",
        answer.words,
        score=answer.score,
    )
