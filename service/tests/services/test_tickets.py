"""Opening, changing, answering; the matrix of statuses; the clock of a ticket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.tests.factories import make_company, make_contact
from core.models import Notification
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed, StaleRecord
from core.tests.factories import make_role, make_team, make_user
from service.enums import TicketStatus
from service.models import NO_DEADLINE, Message, Queue, SlaPolicy, Ticket
from service.selectors.tickets import is_overdue, open_tickets, search_tickets
from service.services.conversation import add_note, reply_to_ticket
from service.services.defaults import ensure_service_defaults, ensure_ticket_views
from service.services.tickets import assign_ticket, change_status, open_ticket, update_ticket
from service.tests.factories import make_policy, make_queue, make_ticket

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALLOWED = {
    ("new", "open"), ("new", "waiting"), ("new", "solved"), ("new", "closed"),
    ("open", "waiting"), ("open", "solved"), ("open", "closed"),
    ("waiting", "open"), ("waiting", "solved"), ("waiting", "closed"),
    ("solved", "open"), ("solved", "closed"), ("closed", "open"),
}  # fmt: skip


@pytest.mark.parametrize("before", TicketStatus.values)
@pytest.mark.parametrize("after", TicketStatus.values)
def test_status_follows_the_matrix(before: str, after: str) -> None:
    ticket = make_ticket()
    solved = timezone.now() if before in ("solved", "closed") else None
    Ticket.objects.filter(pk=ticket.pk).update(status=before, solved_at=solved)
    if before == after or (before, after) in ALLOWED:
        assert change_status(actor=None, ticket=ticket, status=after).status == after
    else:
        with pytest.raises(ValidationError, match="can't become"):
            change_status(actor=None, ticket=ticket, status=after)
        assert Ticket.objects.get().status == before


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValidationError):
        change_status(actor=None, ticket=make_ticket(), status="nonsense")


def test_database_refuses_solved_without_time() -> None:
    ticket = make_ticket()
    with pytest.raises(IntegrityError, match="service_ticket_solved_at"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(status="solved")


def test_clock_starts_with_the_ticket() -> None:
    ticket = make_ticket(queue=make_queue(), at=START)
    assert ticket.first_response_due_at == START + HOUR
    assert ticket.resolution_due_at == START + 4 * HOUR
    assert ticket.next_due_at == START + HOUR


def test_ticket_without_policy_has_no_deadline() -> None:
    queue = make_queue()
    Queue.objects.update(policy=None)
    queue.refresh_from_db()
    assert make_ticket(queue=queue).next_due_at == NO_DEADLINE


def test_waiting_stops_the_clock_and_going_on_resumes_it() -> None:
    ticket = make_ticket(queue=make_queue(), at=START)
    ticket = change_status(actor=None, ticket=ticket, status="waiting", at=START + HOUR)
    assert (ticket.paused_seconds, ticket.next_due_at) == (3 * 3600, START + HOUR)
    ticket = change_status(actor=None, ticket=ticket, status="open", at=START + 10 * HOUR)
    assert (ticket.paused_seconds, ticket.resolution_due_at) == (None, START + 13 * HOUR)


def test_waiting_after_the_deadline_gives_no_time_back() -> None:
    ticket = make_ticket(queue=make_queue(), at=START)
    change_status(actor=None, ticket=ticket, status="waiting", at=START + 6 * HOUR)
    ticket = change_status(actor=None, ticket=ticket, status="open", at=START + 9 * HOUR)
    assert ticket.resolution_due_at == START + 4 * HOUR


def test_solving_ends_and_reopening_restarts_the_clock() -> None:
    ticket = make_ticket(queue=make_queue(), at=START)
    ticket = change_status(actor=None, ticket=ticket, status="solved", at=START + HOUR)
    assert (ticket.next_due_at, ticket.solved_at) == (NO_DEADLINE, START + HOUR)
    ticket = change_status(actor=None, ticket=ticket, status="open", at=START + 30 * HOUR)
    assert (ticket.resolution_due_at, ticket.reopened_count) == (START + 34 * HOUR, 1)


def test_priority_moves_the_deadline_by_the_difference() -> None:
    policy = make_policy()
    policy.resolution_minutes["urgent"] = 60
    policy.first_response_minutes["urgent"] = 15
    policy.save()
    ticket = make_ticket(queue=make_queue(policy=policy))
    due = ticket.resolution_due_at
    ticket = update_ticket(actor=None, ticket=ticket, changes={"priority": "urgent"})
    assert abs(ticket.resolution_due_at - (due - 3 * HOUR)) < timedelta(seconds=1)
    assert ticket.first_response_due_at == ticket.opened_at + HOUR / 4


def test_first_answer_stops_the_first_clock_and_takes_the_ticket() -> None:
    agent = make_user("service")
    ticket = make_ticket(queue=make_queue())
    reply_to_ticket(actor=agent, ticket=ticket, text="Hello", status="open")
    ticket.refresh_from_db()
    assert ticket.first_responded_at is not None
    assert (ticket.owner, ticket.status, ticket.next_due_at) == (agent, "open", ticket.resolution_due_at)


def test_note_is_no_answer_and_tells_who_is_mentioned() -> None:
    agent, colleague, stranger = make_user("service"), make_user("service"), make_user()
    ticket = make_ticket()
    text = f"@[{colleague.name}]({colleague.pk}) and @[x]({stranger.pk}), please look"
    note = add_note(actor=agent, ticket=ticket, text=text)
    ticket.refresh_from_db()
    assert (note.delivery, ticket.first_responded_at) == ("", None)
    told = Notification.objects.get()
    assert (told.user, told.kind) == (colleague, "mention")
    assert told.text == f"{agent} mentioned you on #{ticket.pk} {ticket.subject}"


@pytest.mark.parametrize("text", ["", "  \n", "\x00"])
def test_empty_answers_are_refused_and_nothing_is_written(text: str) -> None:
    ticket = make_ticket()
    with pytest.raises(ValidationError, match="Write something"):
        reply_to_ticket(actor=None, ticket=ticket, text=text)
    assert Message.objects.filter(direction="out").count() == 0


def test_answer_needs_an_address_and_right_copies() -> None:
    ticket = make_ticket(requester_address="")
    with pytest.raises(ValidationError, match="no e-mail address"):
        reply_to_ticket(actor=None, ticket=ticket, text="x")
    with pytest.raises(ValidationError, match="“nobody” is not"):
        reply_to_ticket(actor=None, ticket=make_ticket(), text="x", cc=["nobody"])


def test_ticket_takes_company_address_and_team_from_what_it_hangs_on() -> None:
    team = make_team()
    contact = make_contact(company=make_company("Acme"), email="Ann@Acme.test")
    ticket = open_ticket(actor=None, subject=" a  b ", contact=contact, queue=make_queue(team=team))
    assert (ticket.company.name, ticket.requester_address) == ("Acme", "ann@acme.test")
    assert (ticket.team, ticket.subject) == (team, "a b")


def test_assigning_tells_the_new_owner_but_not_oneself() -> None:
    boss, agent = make_user("manager", make_team()), make_user("service")
    ticket = make_ticket(team=boss.team)
    assign_ticket(actor=boss, ticket=ticket, owner=agent)
    assign_ticket(actor=boss, ticket=ticket, owner=boss)
    drain()
    assert [note.user for note in Notification.objects.all()] == [agent]


def test_later_save_of_two_is_refused() -> None:
    ticket = make_ticket()
    version = ticket.version
    update_ticket(actor=None, ticket=ticket, changes={"subject": "First"}, expected_version=version)
    with pytest.raises(StaleRecord):
        update_ticket(actor=None, ticket=ticket, changes={"subject": "Second"}, expected_version=version)
    assert Ticket.objects.get().subject == "First"


def test_scope_is_one_gate_for_list_search_counts_and_writes() -> None:
    north, south = make_team("North"), make_team("South")
    role = make_role(ticket="view:team,change:own")
    agent = make_user(role, north)
    mine = make_ticket(subject="printer mine", team=north, owner=agent)
    ours = make_ticket(subject="printer ours", team=north)
    theirs = make_ticket(subject="printer theirs", team=south)
    Ticket.objects.update(next_due_at=timezone.now() - HOUR)
    assert set(open_tickets(agent)) == set(open_tickets(agent).filter(is_overdue())) == {mine, ours}
    assert {hit.object_id for hit in search_tickets(agent, "printer", 10)} == {mine.pk, ours.pk}
    assert search_tickets(agent, f"#{theirs.pk}", 10) == []
    change_status(actor=agent, ticket=mine, status="open")
    for ticket in (ours, theirs):
        with pytest.raises(NotAllowed):
            change_status(actor=agent, ticket=ticket, status="open")
        with pytest.raises(NotAllowed):
            reply_to_ticket(actor=agent, ticket=ticket, text="x")
        with pytest.raises(NotAllowed):
            add_note(actor=agent, ticket=ticket, text="x")
    assert set(Ticket.objects.exclude(pk=mine.pk).values_list("status", flat=True)) == {"new"}
    assert Message.objects.exclude(direction="in").count() == 0


def test_linking_what_one_does_not_see_is_refused() -> None:
    role = make_role(ticket="view:all,add:all", contact="view:own", queue="view:all")
    with pytest.raises(ValidationError, match="no such record"):
        open_ticket(actor=make_user(role), subject="x", contact=make_contact())
    assert Ticket.objects.count() == 0


def test_defaults_are_made_once_and_left_alone() -> None:
    from core.models import SavedView

    queue = ensure_service_defaults(actor=None)
    ensure_ticket_views(actor=None)
    SavedView.objects.filter(name="Mine").delete()
    ensure_ticket_views(actor=None)
    assert ensure_service_defaults(actor=None) == queue
    assert (Queue.objects.count(), SlaPolicy.objects.count(), SavedView.objects.count()) == (1, 1, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("week", {"0": [["17:00", "09:00"]]}),
        ("week", {"0": "nine"}),
        ("first_response_minutes", {"low": 1}),
        ("resolution_minutes", {"low": 0, "normal": 1, "high": 1, "urgent": 1}),
        ("holidays", ["2026-13-01"]),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_wrong_service_levels_are_refused(field: str, value: Any) -> None:
    policy = make_policy()
    setattr(policy, field, value)
    with pytest.raises(ValidationError) as caught:
        policy.full_clean()
    assert list(caught.value.error_dict) == [field]
