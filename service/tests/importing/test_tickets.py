"""Files of tickets: whose they are, when they were opened and solved, and what other programs call them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from contacts.models import Contact, TimelineEntry
from contacts.services.privacy import erase_contact
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run
from core.models import ImportBatch, User
from core.services.imports import start_undo
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in
from service.models import NO_DEADLINE, Message, Ticket
from service.services.defaults import ensure_service_defaults
from service.services.tickets import change_status
from service.tests.factories import make_ticket

EXPORTS = Path(__file__).parent / "exports"
FILE = (
    "Case number,Subject,Description,Resolution,Status,Priority,Origin,Email,Contact,Opened,Closed,Tags\n"
    "C-1,Printer on fire,It smokes,Replaced it,Closed,High,Email,ann@example.com,,2024-03-04 09:00,"
    "2024-03-05 10:00,hardware\n"
    "C-2,Where is my order?,,,Pending,Medium,Web,nora@nowhere.example,,2024-03-06 09:00,,\n"
    "C-3,,It is broken,,New,Critical,Phone,,Nobody Known,2024-03-07 09:00,,\n"
)


@pytest.fixture
def admin(db: None) -> User:
    ensure_service_defaults(actor=None)
    return make_user("admin")


@pytest.fixture
def ann(db: None) -> Contact:
    return make_contact("Ann", "Lee", email="ann@example.com", company=make_company("Acme"))


def undo(admin: User, batch: Any) -> dict[str, Any]:
    job = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert job is not None
    return dict(job.result)


def test_cases_become_tickets_of_their_people_at_their_own_times(admin: User, ann: Contact) -> None:
    batch, job = bring(admin, "tickets", FILE)
    assert job.result["created"] == 3, list(batch.rows.values_list("problems", flat=True))
    fire, order, broken = Ticket.objects.order_by("external_id")
    assert (fire.contact, fire.company, fire.status, fire.priority) == (ann, ann.company, "closed", "high")
    assert (fire.opened_at, fire.solved_at) == (
        datetime(2024, 3, 4, 9, tzinfo=UTC), datetime(2024, 3, 5, 10, tzinfo=UTC),
    )  # fmt: skip
    assert (fire.channel, fire.next_due_at, fire.requester_name) == ("mail", NO_DEADLINE, "Ann Lee")
    said = fire.messages.order_by("at").values_list("direction", "text", "at", "contact")
    assert list(said) == [
        ("in", "It smokes", fire.opened_at, ann.pk), ("note", "Replaced it", fire.solved_at, None),
    ]  # fmt: skip
    assert list(fire.tags.values_list("name", flat=True)) == ["hardware"]
    assert (order.contact, order.requester_address) == (None, "nora@nowhere.example")
    assert (order.status, order.priority, order.team) == ("waiting", "normal", order.queue.team)
    assert (broken.subject, broken.requester_name, broken.priority) == (
        "It is broken", "Nobody Known", "urgent",
    )  # fmt: skip
    assert broken.next_due_at == broken.first_response_due_at != NO_DEADLINE
    assert batch.rows.get(review=True).line == 4
    told = TimelineEntry.objects.filter(contact=ann, record_type="ticket").order_by("occurred_at")
    assert list(told.values_list("kind", "occurred_at")) == [
        ("ticket.opened", fire.opened_at), ("ticket.solved", fire.solved_at),
    ]  # fmt: skip
    assert len(set(Ticket.objects.values_list("token", flat=True))) == 3


def test_the_same_tickets_again_change_nothing(admin: User, ann: Contact) -> None:
    bring(admin, "tickets", FILE)
    without_numbers = "\n".join(line.partition(",")[2] for line in FILE.splitlines())
    for content in (FILE, without_numbers):
        batch, _job = bring(admin, "tickets", content)
        assert {fate for _line, fate in fates(batch)} == {"skipped"}
    assert (Ticket.objects.count(), Message.objects.count()) == (3, 3)


def test_a_ticket_is_solved_by_a_later_file_and_open_again_when_that_is_undone(
    admin: User, ann: Contact
) -> None:
    bring(admin, "tickets", FILE)
    later = "Case number,Status,Closed\nC-2,Resolved,2024-03-08 12:00\n"
    batch, _job = bring(admin, "tickets", later)
    order = Ticket.objects.get(external_id="C-2")
    assert (order.status, order.solved_at) == ("solved", datetime(2024, 3, 8, 12, tzinfo=UTC))
    assert order.next_due_at == NO_DEADLINE
    undo(admin, batch)
    order.refresh_from_db()
    assert (order.status, order.solved_at) == ("waiting", None)


def test_undo_takes_tickets_with_their_words_and_leaves_those_in_work(admin: User, ann: Contact) -> None:
    batch, _job = bring(admin, "tickets", FILE)
    broken = Ticket.objects.get(external_id="C-3")
    change_status(actor=admin, ticket=broken, status="open")
    assert undo(admin, batch)["kept"] >= 1
    assert list(Ticket.objects.all()) == [broken]
    assert Message.objects.get().text == "It is broken"
    assert not TimelineEntry.objects.filter(contact=ann, record_type="ticket").exists()


def test_impossible_times_are_refused_with_their_line(admin: User) -> None:
    content = "Subject,Opened,Closed\nA,2024-03-05,2024-03-01\nB,2024-03-05,2024-03-06\n"
    batch, _job = bring(admin, "tickets", content)
    assert fates(batch) == [(2, "failed"), (3, "created")]
    assert Ticket.objects.get().status == "closed"


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_each_export_of_cases_is_recognised_and_taken_once(admin: User, path: Path) -> None:
    batch = take_in(admin, "", path)
    assert (batch.target, batch.mapping["namespace"]) == ("tickets", path.stem.split("_")[0])
    assert set(batch.options["header"]) - set(batch.mapping["columns"]) <= set(batch.mapping["known"])
    batch, job = bring(admin, "", path)
    assert job.result["created"] == job.result["rows"] > 0, list(batch.rows.values_list("problems"))
    again, _job = bring(admin, "", path)
    assert {fate for _line, fate in fates(again)} == {"skipped"}


def test_cases_follow_accounts_and_contacts_of_their_program(admin: User) -> None:
    contacts = Path(__file__).parents[3] / "contacts/tests/importing/exports"
    for path in ("salesforce_accounts.csv", "salesforce_contacts.csv"):
        bring(admin, "", contacts / path)
    bring(admin, "", EXPORTS / "salesforce_cases.csv")
    motor, manual = Ticket.objects.order_by("external_id")
    assert (motor.contact.last_name, motor.company.name) == ("McDonald", "Edge Communications")  # type: ignore[union-attr]
    assert (manual.status, manual.requester_name, manual.contact) == ("open", "Nora Nobody", None)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tickets_come_back_without_a_change(admin: User, ann: Contact, tmp_path: Path, kind: str) -> None:
    bring(admin, "tickets", FILE)
    for odd in ("=1+1", "'-x", "two  words", 'semi;colon, "quoted"', "ünï 山田"):
        make_ticket(odd, subject=odd, contact=ann, owner=admin, requester_name="", requester_address="")
    path = tmp_path / f"tickets.{kind}"
    call_command("export_records", target="tickets", format=kind, actor=admin.email, output=path)
    columns = ("pk", "subject", "status", "contact", "requester_name", "requester_address", "opened_at",
               "solved_at", "next_due_at", "version", "external_id", "queue", "team", "owner")  # fmt: skip
    before = list(Ticket.objects.order_by("pk").values_list(*columns))
    batch, _job = bring(admin, "tickets", path)
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, list(
        batch.rows.exclude(fate="skipped").values_list("line", "problems")
    )
    assert list(Ticket.objects.order_by("pk").values_list(*columns)) == before


def test_erasing_a_person_takes_the_file_and_the_lines_of_their_tickets(admin: User, ann: Contact) -> None:
    batch, _job = bring(admin, "tickets", FILE)
    stored = batch.file.name
    assert default_storage.exists(stored)
    erase_contact(actor=admin, contact=ann, cause="asked")
    assert list(batch.rows.order_by("line").values_list("line", flat=True)) == [3, 4]
    assert ImportBatch.objects.get(pk=batch.pk).file == ""
