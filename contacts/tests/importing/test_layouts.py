"""Exports of other programs, recognised by their columns and read as what they are."""

from pathlib import Path
from typing import Any

import pytest

from contacts.models import Activity, Address, Company, Contact, ExternalKey, Suppression, TimelineEntry
from core.importing.problems import FileProblem
from core.models import User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


COMPANIES = ("accounts", "companies", "organizations")
PEOPLE = ("contacts", "people", "leads")


def target_of(name: str) -> str:
    kind = name.removesuffix(".csv").split("_")[1]
    return "companies" if kind in COMPANIES else "contacts" if kind in PEOPLE else "activities"


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_each_export_is_recognised_and_every_line_is_taken(admin: User, path: Path) -> None:
    batch, job = bring(admin, "", path)
    assert batch.target == target_of(path.name)
    assert path.name.startswith(batch.mapping["layout"].split()[0].lower())
    assert job.result["created"] == job.result["rows"] > 0
    again, job = bring(admin, "", path)
    assert {fate for _line, fate in fates(again)} == {"skipped"}


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_no_column_of_an_export_is_left_to_guessing(admin: User, path: Path) -> None:
    batch = take_in(admin, "", path)
    assert set(batch.options["header"]) - set(batch.mapping["columns"]) <= set(batch.mapping["known"])


def test_a_second_file_refers_to_the_first_by_the_programs_own_keys(admin: User) -> None:
    bring(admin, "", EXPORTS / "salesforce_accounts.csv")
    bring(admin, "", EXPORTS / "salesforce_contacts.csv")
    edge = Company.objects.get(external_id="salesforce:0015g00000XyZaBAAV")
    rose = Contact.objects.get(external_id="salesforce:0035g00000AbCdEAAV")
    assert (rose.last_name, rose.company, rose.birthday.isoformat()) == ("McDonald", edge, "1964-04-02")  # type: ignore[union-attr]
    assert Company.objects.get(name="Edge Retail").parent == edge
    assert (edge.kind, edge.country, edge.domain) == ("customer", "US", "edge.example")
    assert Address.objects.get(company=edge).postcode == "78767"
    assert list(edge.points.values_list("normalised", flat=True)) == ["+15127576000"]
    assert Suppression.objects.values_list("address", "cause").get() == ("rose@edge.example", "unsubscribed")


def test_people_before_their_companies_wait_for_them_by_key(admin: User) -> None:
    batch, _job = bring(admin, "", EXPORTS / "salesforce_contacts.csv")
    waiting = batch.rows.get(review=True)
    assert [(item["field"], item["text"]) for item in waiting.problems] == [
        ("company_external_id", "0015g00000XyZaBAAV")
    ]


def test_a_company_named_with_its_key_is_made_with_it(admin: User) -> None:
    bring(admin, "", EXPORTS / "hubspot_contacts.csv")
    company = Company.objects.get()
    assert (company.name, company.external_id) == ("Hubbub Ltd", "hubspot:9001")
    bring(admin, "", EXPORTS / "hubspot_companies.csv")
    company.refresh_from_db()
    assert (company.founded_year, company.employees) == (2006, 120)
    brian = Contact.objects.get(first_name="Brian")
    assert brian.lifecycle_stage == "customer"
    addresses = brian.points.filter(kind="email")
    assert addresses.get(is_primary=True).normalised == "brian@hub.example"
    assert set(addresses.values_list("normalised", flat=True)) == {
        "brian@hub.example", "b.halligan@hub.example", "brian@old.example",
    }  # fmt: skip


def test_labelled_numbers_and_joined_values_of_google_are_taken_apart(admin: User) -> None:
    bring(admin, "", EXPORTS / "google_contacts.csv")
    ada = Contact.objects.get()
    assert (ada.first_name, ada.salutation) == ("Ada M.", "Lady")
    assert sorted(ada.points.values_list("kind", "label", "normalised")) == [
        ("email", "* Work", "ada.b@engine.example"), ("email", "* Work", "ada@engine.example"),
        ("email", "Home", "ada@home.example"), ("mobile", "Mobile", "+447700900456"),
        ("phone", "Work", "+442079460018"), ("website", "", "ada.example"),
    ]  # fmt: skip
    assert sorted(ada.tags.values_list("name", flat=True)) == ["* myContacts", "Friends"]


def test_the_day_comes_first_where_some_line_shows_it(admin: User) -> None:
    bring(admin, "", EXPORTS / "outlook_contacts.csv")
    assert sorted(str(day) for day in Contact.objects.values_list("birthday", flat=True)) == [
        "1906-09-12", "1970-10-13",
    ]  # fmt: skip
    assert Contact.objects.get(first_name="Grace B.").addresses.count() == 2


def test_numbers_are_read_by_the_country_of_their_row(admin: User) -> None:
    content = "last name,phone,country\nA,020 7946 0018,UK\nB,01 23456789,Österreich\nC,030 123456,\n"
    bring(admin, "contacts", content)
    found: Any = dict(Contact.objects.values_list("last_name", "points__normalised"))
    assert found == {"A": "+442079460018", "B": "+43123456789", "C": "+4930123456"}


def test_a_wrong_program_is_refused_in_words(admin: User) -> None:
    with pytest.raises(FileProblem, match="not those of an export of pipedrive"):
        from core.services.imports import create_import

        with (EXPORTS / "outlook_contacts.csv").open("rb") as stream:
            create_import(actor=admin, target="", stream=stream, name="o.csv", size=1, source="pipedrive")


def test_leads_of_other_programs_are_people_in_that_stage(admin: User) -> None:
    names = ("salesforce", "zoho", "sugarcrm", "pipedrive")
    for name in names:
        bring(admin, "", EXPORTS / f"{name}_leads.csv")
    assert list(Contact.objects.values_list("lifecycle_stage", flat=True)) == ["lead"] * len(names)
    ida = Contact.objects.get(first_name="Ida")
    assert (ida.company.name, ida.points.get(kind="email").value) == ("Canteen Ltd", "ida@canteen.example")  # type: ignore[union-attr]


def test_activities_refer_to_what_earlier_files_brought(admin: User) -> None:
    for name in ("accounts", "contacts", "tasks", "events"):
        bring(admin, "", EXPORTS / f"salesforce_{name}.csv")
    rose = Contact.objects.get(external_id="salesforce:0035g00000AbCdEAAV")
    call, demo = rose.activities.order_by("occurred_at")
    assert (call.kind, call.direction, call.outcome, call.duration_minutes) == (
        "call",
        "out",
        "connected",
        13,
    )
    assert (call.company, call.done_at.isoformat()) == (rose.company, "2024-03-04T10:30:00+00:00")  # type: ignore[union-attr]
    assert (demo.kind, demo.duration_minutes, demo.occurred_at.hour) == ("meeting", 90, 14)
    task = Activity.objects.get(kind="task")
    assert (task.subject, task.done_at, task.contact.last_name) == ("Send the price list", None, "Forbes")  # type: ignore[union-attr]


def test_a_call_with_two_people_shows_on_both_timelines(admin: User) -> None:
    bring(admin, "", EXPORTS / "hubspot_contacts.csv")
    bring(admin, "", EXPORTS / "hubspot_calls.csv")
    told = TimelineEntry.objects.filter(kind="call").order_by("contact__first_name")
    assert list(told.values_list("contact__first_name", flat=True)) == ["Brian", "Maria"]
    assert Activity.objects.get().links.get().record_type == "contact"


def test_times_of_day_and_words_of_pipedrive_and_sugar_are_understood(admin: User) -> None:
    bring(admin, "", EXPORTS / "pipedrive_people.csv")
    bring(admin, "", EXPORTS / "pipedrive_activities.csv")
    call, lunch = Activity.objects.order_by("due_at")
    assert (call.kind, call.duration_minutes, call.contact.last_name) == ("call", 30, "Leon")  # type: ignore[union-attr]
    assert (call.due_at.isoformat(), call.done_at.hour) == ("2024-04-11T15:30:00+00:00", 16)  # type: ignore[union-attr]
    assert (lunch.kind, lunch.done_at) == ("meeting", None)
    bring(admin, "", EXPORTS / "sugarcrm_calls.csv")
    held = Activity.objects.get(external_id__startswith="sugarcrm:")
    assert (held.occurred_at.isoformat(), held.duration_minutes) == ("2024-06-25T09:00:00+00:00", 20)


def test_the_numbers_of_two_programs_do_not_collide(admin: User) -> None:
    ours = "Record ID,First Name,Last Name,Email,Contact owner\n17,Zoe,Other,zoe@other.example,\n"
    bring(admin, "", ours)
    bring(admin, "", EXPORTS / "pipedrive_people.csv")
    assert sorted(Contact.objects.values_list("external_id", "last_name")) == [
        ("hubspot:17", "Other"), ("pipedrive:17", "Leon"),
    ]  # fmt: skip


def test_a_person_whom_two_programs_know_is_one_and_found_by_either_key(admin: User) -> None:
    bring(admin, "", EXPORTS / "hubspot_contacts.csv")
    sean = "Person - Name,Person - Email,Person - ID,Person - Job title\nBrian Halligan,{},88,{}\n"
    bring(admin, "", sean.format("brian@hub.example", "Chair"))
    brian = Contact.objects.get(first_name="Brian")
    assert (brian.external_id, brian.job_title) == ("hubspot:51", "Chair")
    assert ExternalKey.objects.values_list("record_type", "key", "object_id").get() == (
        "contact", "pipedrive:88", brian.pk,
    )  # fmt: skip
    batch, _job = bring(admin, "", sean.format("new@hub.example", "Founder"))
    assert fates(batch) == [(2, "updated")]
    brian.refresh_from_db()
    assert (brian.external_id, brian.job_title, Contact.objects.count()) == ("hubspot:51", "Founder", 2)
    calls = "Activity - Subject,Activity - ID,Activity - Type,Person - ID\nHello,1,Call,88\n"
    bring(admin, "", calls)
    assert Activity.objects.get().contact == brian


def test_two_of_one_program_never_become_one_by_way_of_another(admin: User) -> None:
    bring(admin, "companies", "name,id\nAcme,1\n", mapping={"namespace": "erp"})
    both = "name,id\nAcme,7\nAcme,8\n"
    for expected in ([(2, "skipped"), (3, "created")], [(2, "skipped"), (3, "skipped")]):
        batch, _job = bring(admin, "companies", both, mapping={"namespace": "crm"})
        assert fates(batch) == expected, list(Company.objects.values_list("external_id"))
    assert sorted(Company.objects.values_list("external_id", flat=True)) == ["crm:8", "erp:1"]
