"""Columns that the lists of people and companies offer, in cells and in files."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact, ContactDuplicate, LifecycleChange, Place
from contacts.services.consents import record_consent
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.models import RoleGrant, User
from core.registries import columns
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
ALL = (
    "preferred_channel", "best_hour", "language", "do_not_contact", "mailing_consent", "consents",
    "communication_style", "interests", "values_held", "personality", "stage_since", "tags", "soundness",
)  # fmt: skip


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user("admin", is_superuser=True)
    client.force_login(user)
    return user


def rows_of(client: Client, *keys: str, record_type: str = "contact", **params: str) -> list[dict[str, str]]:
    """The list as a file: what each column gives, by its label."""
    query = {"columns": ",".join(keys), "format": "csv", **params}
    answer = client.get(reverse(f"contacts:{record_type}_list"), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_preferences_and_character_are_columns(client: Client, admin: User) -> None:
    make_contact(
        "Ada", "Byron", preferred_channel="phone", best_hour=9, language="de", do_not_contact=True,
        communication_style="direct", interests="sailing", values_held="honesty", personality="calm",
    )  # fmt: skip
    row = rows_of(client, *ALL)[0]
    found = {key: row[key] for key in ("Preferred channel", "Best hour", "Language", "Do not contact",
             "Communication style", "Interests", "Values", "Personality")}  # fmt: skip
    assert list(found.values()) == ["phone", "9", "de", "yes", "direct", "sailing", "honesty", "calm"]
    page = client.get(reverse("contacts:contact_list"), {"columns": ",".join(ALL)}).content.decode()
    for text in (">Phone<", "09:00", "German", ">Do not contact<", ">Direct and brief<", "sailing"):
        assert text in page, text


def test_stage_since_is_the_last_move_or_the_creation(client: Client, admin: User) -> None:
    contact = make_contact("Ada", lifecycle_stage="lead")
    born = datetime(2024, 5, 6, tzinfo=UTC)
    Contact.objects.filter(pk=contact.pk).update(created_at=born)
    assert rows_of(client, "stage_since")[0]["In this stage since"].startswith("2024-05-06")
    update_contact(actor=None, contact=Contact.objects.get(), changes={"lifecycle_stage": "customer"})
    LifecycleChange.objects.update(at=datetime(2025, 7, 8, tzinfo=UTC))
    assert rows_of(client, "stage_since")[0]["In this stage since"].startswith("2025-07-08")


def test_consents_are_the_newest_lines_by_purpose(client: Client, admin: User) -> None:
    contact = make_contact("Ada")
    for purpose, state in (("marketing", "granted"), ("survey", "granted"), ("marketing", "withdrawn")):
        record_consent(actor=None, contact=contact, purpose=purpose, state=state, source="Fair")
    row = rows_of(client, "mailing_consent", "consents")[0]
    assert row["Consent to news"] == "withdrawn"
    assert row["Consent by purpose"] == "marketing/email: withdrawn; survey/email: granted"
    page = client.get(reverse("contacts:contact_list"), {"columns": "consents"}).content.decode()
    assert "News and offers: Withdrawn" in page


def test_data_quality_counts_only_what_the_viewer_sees(client: Client, admin: User) -> None:
    seller = make_user(make_role("own", contact="view:own,export:own"), make_team("North"))
    mine = make_contact("Ada", owner=seller, email="ada@example.org", country="DE")
    other = make_contact("Ada", owner=make_user("sales", make_team("South")))
    Contact.objects.filter(pk=mine.pk).update(last_activity_at=datetime.now(UTC))
    low, high = sorted((mine.pk, other.pk))
    ContactDuplicate.objects.create(a_id=low, b_id=high, score=0.9, levels={})
    # 13 measures; no phone, no company, no job title
    sound = {row["Name"]: row["Data quality"] for row in rows_of(client, "soundness")}
    assert sound[str(mine)] == str(round(1 - 4 / 13, 3))  # and perhaps here twice
    client.force_login(seller)
    assert [row["Data quality"] for row in rows_of(client, "soundness")] == [str(round(1 - 3 / 13, 3))]


def test_distance_is_a_column_of_a_list_filtered_by_a_place(client: Client, admin: User) -> None:
    for key, latitude, longitude in (("leeds", 53.79648, -1.54785), ("york", 53.95763, -1.08271)):
        Place.objects.create(
            country="GB",
            kind="c",
            key=key,
            name=key.title(),
            latitude=latitude,
            longitude=longitude,
            population=9,
        )
    make_contact("Ann", city="York", country="GB")
    make_company("Mill", city="York", country="GB")
    for record_type in ("contact", "company"):
        row = rows_of(client, "distance", record_type=record_type, near="50 km of Leeds")[0]
        assert row["Distance (km)"] == "35.4"
        listing = client.get(reverse(f"contacts:{record_type}_list"), {"near": "50 km of Leeds"})
        assert "Distance (km)" in listing.content.decode()
        assert "Distance (km)" not in client.get(reverse(f"contacts:{record_type}_list")).content.decode()


def test_hidden_fields_take_their_columns_along(client: Client) -> None:
    role = make_role("narrow", contact="view:all")
    names = ["lifecycle_stage", "interests", "best_hour", "city"]
    RoleGrant.objects.filter(role=role).update(hidden_fields=names)
    client.force_login(make_user(role, make_team()))
    page = client.get(reverse("contacts:contact_list"), {"columns": ",".join(ALL)})
    shown = {column.key for column in page.context["query"].chosen}
    assert shown == set(ALL) - {"stage_since", "interests", "best_hour"} | {"name"}


def test_no_new_column_is_sorted_by() -> None:
    """No index serves them: sorting a million people by one of them would read them all."""
    asked = columns.columns_for("contact", {"near": "5 km of Nowhere"})
    assert [one.key for one in asked if one.key in (*ALL, "distance") and one.sort] == []


@pytest.mark.parametrize("record_type", ["contact", "company"])
def test_all_columns_cost_the_same_with_one_and_three_rows(
    client: Client, admin: User, record_type: str
) -> None:
    url, counts = reverse(f"contacts:{record_type}_list"), []
    keys = ",".join(column.key for column in columns.columns_for(record_type))
    for _ in range(3):
        make: Any = make_contact if record_type == "contact" else make_company
        party = make(tags=["a"], email="x@example.org")
        if record_type == "contact":
            record_consent(actor=None, contact=party, state="granted", source="Fair")
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"columns": keys})
        counts.append(len(queries))
    assert (counts[0], counts[0] <= 25) == (counts[2], True)
