"""Export → import → no change: every column, odd values too, as CSV, XLSX and vCard; and into an empty house."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from contacts.models import Activity, Address, Affiliation, Company, Contact, ContactPoint, TimelineEntry
from contacts.services.parties import create_company, create_contact
from contacts.services.points import add_point
from contacts.tests.factories import make_activity, make_company, make_contact
from core.models import User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

ODD = [
    '=HYPERLINK("http://x")', "'=1+1", "-12.50", "+49 30", "@anna", 'semi;colon, "quoted"',
    "ünï 山田 \u200fعربي", "two\nlines", "tab\tstop", "N/A", "yes", "  ", "''=x",
]  # fmt: skip


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin", name="Ada Admin")


@pytest.fixture
def house(admin: User) -> list[Contact]:
    people = []
    for number, odd in enumerate(ODD):
        name = odd.replace("\n", " ").replace("\t", " ").strip() or "Blank"
        company = create_company(
            actor=admin, name=f"{name} Ltd {number}", industry="retail", employees=number, kind="customer",
            annual_revenue=Decimal("1234567.89"), currency="USD" if number % 2 else "EUR", founded_year=1990,
            country="AT", city="Wien", domain=f"c{number}.example", source=odd.strip(), description=odd,
            tags=["a, b", "vip"], external_id=f"C{number}",
        )  # fmt: skip
        add_point(actor=admin, company=company, kind="phone", value=f"01 234 56{number:02}")
        Address.objects.create(
            company=company, street=f"Ring {number}", postcode="1010", city="Wien", country="AT"
        )
        person = create_contact(
            actor=admin, first_name="ANNA" if number % 2 else "anna maria", last_name=name, salutation="Dr.",
            job_title=odd.strip(), company=company, email=f"Anna.{number}@Example.com", phone=f"01 876 54{number:02}",
            country="AT", city="Wien", birthday=date(1980, 2, 29), language="de", time_zone="Europe/Vienna",
            source=odd.strip(), external_id=f"P{number}", description=odd, tags=["a, b", "odd;one", '"q"'],
            lifecycle_stage="customer", do_not_contact=number == 3,
        )  # fmt: skip
        add_point(actor=admin, contact=person, kind="email", value=f"second{number}@example.com")
        add_point(actor=admin, contact=person, kind="mobile", value=f"0660 12345{number:02}")
        add_point(actor=admin, contact=person, kind="social", value=f"https://social.example/a{number}")
        for place in ("Ring", "Graben"):
            Address.objects.create(contact=person, street=f"{place} {number}", postcode="1010", city="Wien")
        people.append(person)
    create_contact(actor=admin, first_name="", last_name="", email="only@example.com")
    return people


TABLES = (Contact, Company, ContactPoint, Address, Affiliation, Contact.tags.through, Company.tags.through)


def digest(*models: Any) -> dict[str, Any]:
    """Every row of every table that an import writes."""
    found = {}
    with connection.cursor() as cursor:
        for model in models or TABLES:
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t")
            found[table] = cursor.fetchone()
    return found


@pytest.fixture
def export(admin: User, tmp_path: Path) -> Callable[[str, str], Path]:
    def write(target: str, kind: str) -> Path:
        path = tmp_path / f"{target}.{'vcf' if kind == 'vcard' else kind}"
        call_command(
            "export_records", "--target", target, "--format", kind, "--as", admin.email, "--output", str(path)
        )
        return path

    return write


@pytest.mark.parametrize("kind", ["csv", "xlsx", "vcard"])
def test_what_was_exported_comes_back_without_a_change(
    admin: User, house: list[Contact], export: Callable[[str, str], Path], kind: str
) -> None:
    before = digest()
    batch, job = bring(admin, "contacts", export("contacts", kind))
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, list(
        batch.rows.values_list("problems", flat=True)
    )
    assert job.result["rows"] == len(house) + 1
    if kind != "vcard":
        batch, _job = bring(admin, "companies", export("companies", kind))
        assert {fate for _line, fate in fates(batch)} == {"skipped"}
    assert digest() == before


def test_an_empty_house_becomes_the_same_people(
    admin: User, house: list[Contact], export: Callable[[str, str], Path]
) -> None:
    def people() -> list[Any]:
        columns = ("first_name", "last_name", "job_title", "birthday", "external_id", "lifecycle_stage",
                   "do_not_contact", "company__name", "time_zone", "country")  # fmt: skip
        rows = Contact.objects.exclude(external_id="").order_by("external_id").values_list(*columns)
        points = ContactPoint.objects.filter(contact__external_id="P7", contact__deleted_at=None).order_by(
            "normalised"
        )
        tags = (
            house[0]
            .tags.model.objects.filter(contacts__external_id="P7", contacts__deleted_at=None)
            .order_by("name")
        )
        return [*rows, *points.values_list("normalised", flat=True), *tags.values_list("name", flat=True)]

    before, companies, contacts = people(), export("companies", "csv"), export("contacts", "csv")
    for model in (Contact, Company):
        model.objects.update(deleted_at=timezone.now())
    bring(admin, "companies", companies)
    batch, job = bring(admin, "contacts", contacts)
    assert job.result["created"] == len(house) + 1, list(batch.rows.values_list("problems", flat=True))
    after = people()
    assert [in_lower_case(row) for row in after] == [in_lower_case(row) for row in before]


def in_lower_case(row: Any) -> Any:
    """Names in capitals were written in their own case."""
    return tuple(v.casefold() if isinstance(v, str) else v for v in row) if isinstance(row, tuple) else row


def test_cards_are_read_by_another_program_as_we_mean_them(
    admin: User, house: list[Contact], export: Callable[[str, str], Path]
) -> None:
    vobject = pytest.importorskip("vobject")
    found = list(
        vobject.readComponents(
            export("contacts", "vcard").read_text("utf-8").replace("VERSION:4.0", "VERSION:3.0")
        )
    )
    assert len(found) == len(house) + 1
    card = next(card for card in found if card.contents.get("uid") and card.uid.value == "P7")
    assert card.note.value == "two\nlines"
    assert {email.value for email in card.email_list} == {"Anna.7@Example.com", "second7@example.com"}


def test_cards_that_another_program_writes_are_read_as_it_means_them(admin: User) -> None:
    vobject = pytest.importorskip("vobject")
    card = vobject.vCard()
    card.add("n").value = vobject.vcard.Name(family="Müller; & Söhne", given="Zoë", prefix="Dr.")
    card.add("fn").value = "Zoë Müller"
    card.add("email").value = "zoe@example.com"
    card.add("org").value = ["Acme, Inc.", "Sales"]
    card.add("adr").value = vobject.vcard.Address(street="1, Main St", city="Leeds", code="LS1", country="UK")
    card.add("note").value = "a long note, with; signs\nand lines " * 10
    bring(admin, "", card.serialize(), name="c.vcf")
    zoe = Contact.objects.get()
    assert (zoe.first_name, zoe.last_name, str(zoe.company)) == ("Zoë", "Müller; & Söhne", "Acme, Inc.")
    assert zoe.description == ("a long note, with; signs\nand lines " * 10).strip()
    assert str(zoe.addresses.get()) == "1, Main St, LS1, Leeds, GB"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_activities_come_back_without_a_change(
    admin: User, export: Callable[[str, str], Path], kind: str
) -> None:
    anna = make_contact("Anna", "Snelling", company=make_company("Acme"))
    for number, odd in enumerate(ODD):
        make_activity(
            "call" if number % 2 else "note", contact=anna if number % 3 else None, subject=odd.strip()[:200],
            body=odd or "x", owner=admin, outcome="connected" if number % 2 else "", duration_minutes=number or None,
            external_id=f"A{number}" if number % 4 else "",
        )  # fmt: skip
    make_activity("task", subject="Call back", contact=anna, due_at=timezone.now(), owner=admin)
    make_activity("meeting", subject="Done", due_at=timezone.now(), done_at=timezone.now(), owner=admin)
    before = digest(Activity, TimelineEntry)
    batch, job = bring(admin, "activities", export("activities", kind))
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, list(
        batch.rows.exclude(fate="skipped").values_list("line", "fate", "problems")
    )
    assert job.result["rows"] == len(ODD) + 2
    assert digest(Activity, TimelineEntry) == before
