"""Surveys: who is asked when, what is kept of the answer, and where it is seen."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Contact, SegmentState, Suppression, TimelineEntry
from contacts.profile.subject import subject_of
from contacts.segmentation.members import kept_row
from contacts.segmentation.upkeep import keep_up
from contacts.selectors.groups import members
from contacts.services.consents import record_consent
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from core.models import Change, Notification
from core.outbox.dispatcher import drain
from core.privacy.erase import erase_person
from core.privacy.export import export_person
from core.registries import profile
from core.services.trash import delete_record
from core.tests.factories import make_role, make_user
from local.mail_catcher import MailCatcher
from service.models import Message, SurveyAnswer, SurveyRequest, SurveySettings, Ticket
from service.selectors.surveys import answers_seen, request_behind
from service.services.conversation import reply_to_ticket
from service.services.sending import deliver
from service.services.surveys import answer_survey, ask, due_requests, survey_url
from service.services.tickets import change_status
from service.survey_links import survey_token
from service.tasks import ask_in_surveys
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(db: None) -> SurveySettings:
    return SurveySettings.objects.create(pk=1, is_on=True)


def ann(**values: Any) -> Contact:
    return make_contact("Ann", "Lee", email="ann@example.org", **values)


def solved(contact: Contact | None, **values: Any) -> Ticket:
    ticket = make_ticket(contact=contact, requester_address="ann@example.org", **values)
    change_status(actor=None, ticket=ticket, status="solved")
    drain()
    return ticket


def asked(contact: Contact, **values: Any) -> SurveyRequest:
    ticket = solved(contact, **values)
    SurveyRequest.objects.filter(ticket=ticket).update(due_at=timezone.now())
    assert ask(actor=None, request_id=ticket.survey_requests.get().pk) is not None
    return ticket.survey_requests.get()


def answered(contact: Contact, score: int = 5, words: str = "Fine", **values: Any) -> SurveyAnswer:
    return answer_survey(actor=None, request=asked(contact, **values), score=score, words=words)


def test_customer_is_asked_by_mail_two_hours_after_the_solution(catcher: MailCatcher) -> None:
    ticket = solved(ann(language="de"), subject="Drucker")
    request = ticket.survey_requests.get()
    assert (request.state, due_requests()) == ("planned", [])
    with time_machine.travel(timezone.now() + timedelta(hours=2, seconds=1), tick=False):
        assert ask_in_surveys() == 1
        assert ask_in_surveys() == 0
        request.refresh_from_db()
        message = Message.objects.get(pk=request.message_id)
        assert deliver(message.pk) == "sent"
        assert request.expires_at == timezone.now() + timedelta(days=30)
    assert (request.state, message.to_addresses, message.is_automatic) == ("asked", "ann@example.org", True)
    assert message.subject.startswith("Wie war es?")
    assert f"5 sehr zufrieden: {survey_url(request)}?score=5" in message.text
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    (path,) = catcher.maildir.messages()
    assert b"Auto-Submitted: auto-generated" in path.read_bytes()


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("reopened", "reopened"),
        ("switched off", "switched_off"),
        ("binned", "reopened"),
        ("do not contact", "do_not_contact"),
        ("left the mailings", "suppressed"),
        ("no surveys", "withdrawn"),
        ("asked lately", "asked_lately"),
    ],
)
def test_nobody_is_asked_who_should_not_be(what: str, reason: str) -> None:
    contact = ann()
    ticket = solved(contact)
    if what == "reopened":
        change_status(actor=None, ticket=ticket, status="open")
    elif what == "switched off":
        SurveySettings.objects.update(is_on=False)
    elif what == "binned":
        delete_record(actor=None, record=Ticket.objects.get(pk=ticket.pk))
    elif what == "do not contact":
        Contact.objects.filter(pk=contact.pk).update(do_not_contact=True)
    elif what == "left the mailings":
        Suppression.objects.create(address="ann@example.org", reach="marketing", cause="unsubscribed")
    elif what == "no surveys":
        record_consent(actor=None, contact=contact, state="withdrawn", source="page", purpose="survey")
    elif what == "asked lately":
        asked(contact)
    request = ticket.survey_requests.get()
    assert ask(actor=None, request_id=request.pk) is None
    request.refresh_from_db()
    assert (request.state, request.skipped_because) == ("skipped", reason)
    assert request.message_id is None


def test_refusal_between_writing_and_sending_is_obeyed(catcher: MailCatcher) -> None:
    contact = ann()
    request = asked(contact)
    Contact.objects.filter(pk=contact.pk).update(do_not_contact=True)
    assert request.message_id is not None
    assert deliver(request.message_id) == "failed"
    assert catcher.maildir.messages() == []


def test_what_was_put_away_unanswered_or_is_nobodys_is_not_asked_about() -> None:
    spam = make_ticket(contact=ann(), requester_address="ann@example.org", channel="mail")
    change_status(actor=None, ticket=spam, status="closed")
    solved(None)
    drain()
    assert not SurveyRequest.objects.exists()
    helped = make_ticket(contact=spam.contact, requester_address="ann@example.org", channel="mail")
    reply_to_ticket(actor=None, ticket=helped, text="Like this", status="closed")
    drain()
    assert SurveyRequest.objects.get().ticket_id == helped.pk


def test_surveys_are_off_until_somebody_switches_them_on() -> None:
    SurveySettings.objects.all().delete()
    solved(ann())
    assert not SurveyRequest.objects.exists()


def test_answer_is_kept_told_and_may_be_changed_until_the_link_ends() -> None:
    owner, contact = make_user("service"), ann()
    request = asked(contact, owner=owner, subject="Printer")
    answer = answer_survey(actor=None, request=request, score=2, words=" Too slow \x00")
    assert (answer.score, answer.words, answer.times) == (2, "Too slow", 1)
    drain()
    note = Notification.objects.get(user=owner, text__startswith="2 of 5")
    assert note.text == f"2 of 5 for #{request.ticket_id}: Printer"
    again = answer_survey(actor=None, request=request, score=4, words="Better now")
    assert (again.pk, again.times) == (answer.pk, 2)
    assert answer_survey(actor=None, request=request, score=4, words="Better now").times == 2
    told = TimelineEntry.objects.filter(contact=contact, kind="survey.answered").order_by("occurred_at")
    assert [(entry.body, entry.data["score"]) for entry in told] == [("Too slow", 2), ("Better now", 4)]
    changes = Change.objects.filter(
        model__label__iexact="service.SurveyAnswer", object_id=answer.pk
    ).order_by("pk")
    assert len(changes) == 2
    SurveyRequest.objects.update(expires_at=timezone.now())
    with pytest.raises(ValidationError, match="ended"):
        answer_survey(actor=None, request=request, score=1)
    answer.refresh_from_db()
    assert answer.score == 4


@pytest.mark.parametrize(
    ("score", "words", "field"), [(0, "", "score"), (6, "", "score"), (3, "x" * 4001, "words")]
)
def test_answer_out_of_bounds_is_refused_by_field(score: int, words: str, field: str) -> None:
    request = asked(ann())
    with pytest.raises(ValidationError) as error:
        answer_survey(actor=None, request=request, score=score, words=words)
    assert list(error.value.message_dict) == [field]
    assert not SurveyAnswer.objects.exists()


def test_link_is_signed_and_dies_with_its_nonce() -> None:
    request = asked(ann())
    token = survey_token(request.pk, request.nonce)
    assert request_behind(token) == request
    assert request_behind(f"{request.pk}.{'A' * 22}") is None
    assert request_behind("x") is None
    SurveyRequest.objects.update(nonce="0" * 16)
    assert request_behind(token) is None


def test_answers_are_seen_by_whom_both_ticket_and_answers_are_shown() -> None:
    owner = make_user(make_role(ticket="view:own", survey_answer="view:all"))
    answer = answered(ann(), owner=owner)
    stranger = make_user(make_role(ticket="view:own", survey_answer="view:all"))
    no_answers = make_user(make_role(ticket="view:all"))
    assert list(answers_seen(owner)) == [answer]
    assert list(answers_seen(stranger)) == list(answers_seen(no_answers)) == []
    delete_record(actor=None, record=Ticket.objects.get())
    assert list(answers_seen(make_user("admin", is_superuser=True))) == list(answers_seen(None)) == []


def test_segment_of_the_unhappy_is_kept_up() -> None:
    low = {
        "all": [
            {"field": "score", "op": "lte", "value": 2},
            {"field": "words", "op": "contains", "value": "slow"},
        ]
    }
    rule = {"field": "surveys.count", "op": "gte", "value": 1, "last": 90, "where": low}
    segment = create_segment(actor=None, name="Unhappy", rule=rule)
    keep_up()
    assert kept_row(segment, None) is not None
    assert SegmentState.objects.exists() is False
    contact = ann()
    answer = answered(contact, 2, "Far too slow")
    keep_up()
    assert list(members(segment, None)) == [contact]
    answer_survey(actor=None, request=answer.request, score=5, words="Far too slow, but solved")
    keep_up()
    assert list(members(segment, None)) == []


def test_answers_follow_a_merged_person_and_their_words_are_exported_and_erased() -> None:
    contact = ann()
    answer = answered(contact, 1, "Never again")
    found = export_person(contact.pk)
    assert "Never again" in str(found)
    erase_person(contact.pk, reason="asked for")
    answer.refresh_from_db()
    assert (answer.score, answer.words) == (1, "")
    assert not answer.request.is_open
    assert "Never again" not in str(list(TimelineEntry.objects.values_list("body", flat=True)))


def test_profile_says_why_in_the_customers_own_words() -> None:
    company = make_company("Acme", owner=None)
    contact = ann(company=company)
    SurveySettings.objects.update(rest_days=0)
    answered(contact, 5, "Quick and friendly")
    answered(contact, 2, "")
    admin = make_user("admin", is_superuser=True)
    for record in (contact, company):
        answers = {one.question.key: one for one in profile.answers(subject_of(record, admin), admin)}
        why = answers["reasons"]
        assert why.facts["survey_answers"] == 2
        assert (why.facts["survey_average"], why.facts["survey_satisfied"]) == ("3.50", 1)
        assert why.facts["survey_words"] == [{"words": "Quick and friendly", "score": 5}]
        assert why.sentences[0] == "2 survey answers, 3.50 of 5 on average: 1 satisfied."
        assert [
            (rows.label, rows.count, rows.link.rows(admin).count()) for rows in why.rows if rows.link
        ] == [
            ("Survey answers", 2, 2),
            ("Not satisfied", 1, 1),
        ]
