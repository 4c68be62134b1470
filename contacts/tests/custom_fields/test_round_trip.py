"""Export → import → no change for custom fields: every kind that a file can fill, awkward values and options too,
of people and of companies, as CSV and as a workbook; and into an empty house."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from contacts.models import Company, Contact
from contacts.tests.factories import make_company, make_contact
from contacts.tests.importing.test_round_trip import ODD, digest
from core.models import CustomField, User
from core.services.custom_fields import create_custom_field, update_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

pytestmark = pytest.mark.django_db

GRADES = ["C++", "C#", "None", "Unknown", "> 100", "< 100", "=1+1", "***", "*", "-5", "Tin; old, dull", "Old"]
MONEY = [
    {"amount": 12.5, "currency": "EUR"}, {"amount": -3, "currency": "USD"}, {"amount": 1234567.89, "currency": "JPY"},
    {"amount": 0, "currency": "EUR"},
]  # fmt: skip
NUMBERS = [12.5, -3, 0, 123456789012345, 0.1, 1e-07, 1.234, 1000]
LONG = ["two\nlines", "by a browser\r\nso", *ODD]
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("said", "Organisation", "text"),  # what a synonym of another field is called
    ("story", "Story", "long_text"),
    ("score", "Score", "number"),
    ("since", "Since", "date"),
    ("vip", "Very important", "boolean"),
    ("grade", "Grade", "choice"),
    ("likes", "Likes", "multi"),
    ("budget", "Budget", "money"),
    ("firm", "Partner firm", "link"),
)
ROWS = 14


@pytest.fixture
def admin() -> User:
    return make_user("admin", name="Ada Admin")


def define(record_type: str) -> dict[str, str]:
    """A field of each kind, and a formula that is called like a field; returns the options' values by label."""
    more: dict[str, dict[str, Any]] = {
        "choice": {"options": GRADES}, "multi": {"options": GRADES}, "link": {"ref_type": "company"},
    }  # fmt: skip
    for key, label, kind in FIELDS:
        create_custom_field(
            actor=None, record_type=record_type, key=key, label=label, kind=kind, **more.get(kind, {})
        )
    create_custom_field(
        actor=None, record_type=record_type, key="told", label="Full name", kind="formula",
        formula='"x" & said',
    )  # fmt: skip
    options = CustomField.objects.get(record_type=record_type, key="grade").options
    return {option["label"]: option["value"] for option in options}


def values(number: int, grades: dict[str, str], firms: list[Company]) -> dict[str, Any]:
    """What the record of this number holds; every third field of every third one is empty."""
    names = list(grades.values())
    found = {
        "said": ODD[number % len(ODD)].strip().replace("\n", " ").replace("\t", " ") or None,
        "story": LONG[number % len(LONG)].strip() or None,
        "score": NUMBERS[number % len(NUMBERS)],
        "since": f"20{number + 10}-0{number % 9 + 1}-1{number % 10}",
        "vip": number % 2 == 0,
        "grade": names[number % len(names)],
        "likes": [names[number % len(names)], names[(number + 3) % len(names)]],
        "budget": MONEY[number % len(MONEY)],
        "firm": firms[number % len(firms)].pk,
    }
    return {
        key: None if (number + place) % 7 == 0 else value for place, (key, value) in enumerate(found.items())
    }


def fill(target: str, firms: list[Company]) -> None:
    grades = define("contact" if target == "contacts" else "company")
    for number in range(ROWS):
        custom = values(number, grades, firms)
        if target == "contacts":
            make_contact("Zoe", f"Person {number}", custom=custom)
        else:
            make_company(f"Firm number {number}", custom=custom)


@pytest.fixture
def export(admin: User, tmp_path: Path) -> Callable[[str, str], Path]:
    def write(target: str, kind: str) -> Path:
        path = tmp_path / f"{target}.{kind}"
        call_command(
            "export_records", "--target", target, "--format", kind, "--as", admin.email, "--output", str(path)
        )
        return path

    return write


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("target", ["contacts", "companies"])
def test_custom_values_come_back_without_a_change(
    admin: User, export: Callable[[str, str], Path], target: str, kind: str
) -> None:
    # two firms of one name: the word alone does not say which is meant
    firms = [make_company("Twin Ltd"), make_company("Twin Ltd"), make_company("=Odd & Sons")]
    fill(target, firms)
    for key in ("grade", "likes"):  # “Old” is offered no more; who holds it keeps it
        field = CustomField.objects.get(key=key)
        update_custom_field(actor=None, field=field, changes={"options": GRADES[:-1]})
    before = digest()
    batch, _job = bring(admin, target, export(target, kind))
    columns = batch.mapping["columns"]
    assert {key: columns.get(label) for key, label, _kind in FIELDS} == {
        key: f"cf_{key}" for key, _l, _k in FIELDS
    }
    assert ("Full name" in columns, columns["Name"]) == (False, "name")
    told = list(batch.rows.exclude(fate="skipped").values_list("line", "fate", "problems"))
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, told
    assert [row for row in batch.rows.values_list("problems", flat=True) if row] == []
    assert digest() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_house_gets_the_same_custom_values(
    admin: User, export: Callable[[str, str], Path], kind: str
) -> None:
    def held() -> list[Any]:
        return [
            {
                key: value.replace("\r\n", "\n") if isinstance(value, str) else value
                for key, value in custom.items()
            }
            for custom in Contact.objects.order_by("sort_name").values_list("custom", flat=True)
        ]

    fill("contacts", [make_company("Almond AG"), make_company("=Odd & Sons")])
    before, written = held(), export("contacts", kind)
    Contact.objects.update(deleted_at=timezone.now())
    batch, job = bring(admin, "contacts", written)
    assert job.result["created"] == ROWS, list(batch.rows.values_list("problems", flat=True))
    assert held() == before


def test_rules_are_demanded_of_what_a_file_changes(admin: User) -> None:
    create_custom_field(
        actor=None, record_type="contact", key="plan", label="Plan", kind="choice", options=["Gold", "Tin"],
        options_when={"gold": {"field": "country", "op": "is", "value": "DE"}},
    )  # fmt: skip
    held = make_contact("Zoe", "Held", country="DE", custom={"plan": "gold"})
    other = make_contact("Abe", "Other", country="FR", custom={"plan": "tin"})
    Contact.objects.filter(pk=held.pk).update(country="FR")  # as an import of old days may have left it
    batch, _job = bring(admin, "contacts", "Full name,Plan,Country\nZoe Held,Gold,FR\nAbe Other,Gold,FR\n")
    assert [fate for _line, fate in fates(batch)] == ["skipped", "failed"]
    assert Contact.objects.get(pk=other.pk).custom == {"plan": "tin"}
