"""Exports of other programs, recognised by their columns and read as what they are."""

from pathlib import Path
from typing import Any

import pytest

from contacts.models import Address, Company, Contact, Suppression
from core.importing.problems import FileProblem
from core.models import User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


def target_of(name: str) -> str:
    return (
        "companies"
        if name.split("_")[1] in ("accounts.csv", "companies.csv", "organizations.csv")
        else "contacts"
    )


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
    edge = Company.objects.get(external_id="0015g00000XyZaBAAV")
    rose = Contact.objects.get(external_id="0035g00000AbCdEAAV")
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
    assert (company.name, company.external_id) == ("Hubbub Ltd", "9001")
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
