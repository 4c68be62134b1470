"""Service levels in the settings: boxes for people, tables for the clock."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.tests.accounts.test_admin import fields_of
from core.tests.factories import make_user
from service.models import SlaPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user("admin", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def gold() -> str:
    policy = SlaPolicy.objects.create(name="Gold", week={"0": [["09:00", "17:00"]]}, holidays=["2026-12-25"])
    return reverse("admin:service_slapolicy_change", args=[policy.pk])


def policy() -> Any:
    return SlaPolicy.objects.filter(name="Gold")


def send(client: Client, page: str, **changes: Any) -> Any:
    return client.post(page, {**fields_of(client.get(page)), **changes})


def test_boxes_show_and_keep_what_the_tables_say(administrator: Client, gold: str) -> None:
    form = fields_of(administrator.get(gold))
    assert (form["day_0"], form["day_1"], form["first_urgent"], form["holidays"]) == (
        "09:00–17:00", "", 60, "2026-12-25",
    )  # fmt: skip
    columns = ("week", "holidays", "first_response_minutes", "resolution_minutes")
    before = policy().values(*columns).get()
    assert send(administrator, gold).status_code == 302
    assert policy().values(*columns).get() == before


def test_hours_are_written_as_people_do(administrator: Client, gold: str) -> None:
    answer = send(
        administrator, gold, day_0="9-12, 13:00 – 17:30", day_5="00:00–24:00", first_high="30",
        holidays="2026-12-26\n2026-12-25",
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["errors"]
    gold_now = policy().get()
    assert gold_now.week == {"0": [["09:00", "12:00"], ["13:00", "17:30"]], "5": [["00:00", "24:00"]]}
    assert gold_now.first_response_minutes["high"] == 30
    assert gold_now.holidays == ["2026-12-25", "2026-12-26"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day_0": "nine to five"}, "Write hours such as 09:00–12:00"),
        ({"day_0": "17:00–09:00"}, "Each span ends after it begins"),
        ({"day_0": "09:00–25:00"}, "Each span ends after it begins"),
        ({"day_0": "09:00–12:00, 11:00–13:00"}, "Each span ends after it begins"),
        ({"holidays": "25.12.2026"}, "“25.12.2026” is no date"),
        ({"first_low": "0"}, "greater than or equal to 1"),
        ({"time_zone": "Europe/Nowhere"}, "Select a valid choice"),
    ],
)
def test_what_is_meant_wrongly_is_said_beside_it_and_nothing_is_written(
    administrator: Client, gold: str, changes: dict[str, str], words: str
) -> None:
    answer = send(administrator, gold, **changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert policy().get().week == {"0": [["09:00", "17:00"]]}
