"""A formula is read like any other field (list, filter, order, segment, API, file, history) and written by nobody."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.services.parties import update_contact
from contacts.services.segments import create_segment
from contacts.tests.custom_fields.test_channels import rows_of
from contacts.tests.factories import make_contact
from core.models import User
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring

pytestmark = pytest.mark.django_db
LIST = "contacts:contact_list"


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def people() -> tuple[Contact, Contact, Contact]:
    """Twice the seats: 24, 200, and nothing."""
    values: dict[str, Any] = {"actor": None, "record_type": "contact"}
    create_custom_field(label="Seats", kind="number", key="seats", **values)
    create_custom_field(label="Shoes", kind="formula", key="shoes", formula="seats * 2", **values)
    return (
        make_contact("Zoe", "Low", custom={"seats": 12}),
        make_contact("Abe", "High", custom={"seats": 100}),
        make_contact("Mia", "None"),
    )


def test_formula_in_lists_filters_orders_and_segments(
    client: Client, admin: User, people: tuple[Contact, ...]
) -> None:
    low, high, none = people
    listing = reverse(LIST)
    assert "24" in client.get(f"{listing}?columns=name,cf_shoes").content.decode()
    assert rows_of(client.get(f"{listing}?cf_shoes__lt=100")) == [low.pk]
    assert rows_of(client.get(f"{listing}?cf_shoes__empty=1")) == [none.pk]
    down = rows_of(client.get(f"{listing}?columns=name,cf_shoes&sort=-cf_shoes"))
    assert down == [high.pk, low.pk, none.pk]
    rule = {"field": "cf_shoes", "op": "gte", "value": "100"}
    segment = create_segment(actor=admin, name="Many shoes", kind="dynamic", rule=rule)
    assert rows_of(client.get(f"{listing}?segment={segment.pk}")) == [high.pk]


def test_formula_on_page_in_api_file_and_history(
    client: Client, admin: User, people: tuple[Contact, ...]
) -> None:
    low, _high, _none = people
    page = client.get(reverse("contacts:contact_detail", args=[low.pk])).content.decode()
    assert "Shoes" in page and "24" in page
    assert 'name="cf_shoes"' not in client.get(reverse("contacts:contact_create")).content.decode()
    told = client.get(f"/api/v1/contacts/{low.pk}/").json()["custom"]
    assert told == {"seats": 12, "shoes": 24}
    assert client.get("/api/v1/contacts/?cf_shoes__lt=100").json()["count"] == 1
    written = io.StringIO()
    call_command("export_records", "--target", "contacts", "--as", admin.email, stdout=written)
    lines = csv.DictReader(io.StringIO(written.getvalue().removeprefix("\ufeff")))
    assert {line["Name"]: line["Shoes"] for line in lines}["Zoe Low"] == "24"
    update_contact(actor=admin, contact=low, changes={"custom": {"seats": 13}})
    history = client.get(reverse("core:history", args=["contact", low.pk])).content.decode()
    assert "Shoes" in history and "26" in history


def test_nobody_writes_a_formula(client: Client, admin: User, people: tuple[Contact, ...]) -> None:
    low, _high, _none = people
    body = json.dumps({"custom": {"shoes": 1}})
    sent = client.patch(f"/api/v1/contacts/{low.pk}/", body, content_type="application/json")
    assert (sent.status_code, list(sent.json()["errors"]["custom"])) == (400, ["shoes"])
    form = {"first_name": "Zoe", "last_name": "Low", "lifecycle_stage": "lead", "version": low.version}
    client.post(
        reverse("contacts:contact_update", args=[low.pk]), {**form, "cf_seats": "12", "cf_shoes": "1"}
    )
    batch, _job = bring(admin, "contacts", "first name,last name,seats,shoes\nZoe,Low,13,1\n")
    assert "cf_shoes" not in batch.mapping["columns"].values()
    assert Contact.objects.get(pk=low.pk).custom == {"seats": 13, "shoes": 26}
