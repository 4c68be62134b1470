"""Deals, orders and tickets on the map: at the first person or company with a place, in the viewer's scope."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.geo.gazetteer import CITY
from contacts.models import Contact, Place
from contacts.tests.factories import make_company, make_contact
from core.models import RoleGrant, User
from core.tests.factories import make_role, make_team, make_user
from sales.tests.factories import make_deal, make_order
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
MAPS = {"deal": "sales:deal_map", "order": "sales:order_map", "ticket": "service:ticket_map"}


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    for name, country, north, east in (("leeds", "GB", 53.8, -1.55), ("berlin", "DE", 52.52, 13.41)):
        Place.objects.create(
            country=country,
            kind=CITY,
            key=name,
            name=name.title(),
            latitude=north,
            longitude=east,
            population=9,
        )


def points(client: Client, name: str, query: str = "") -> list[tuple[str, str, int]]:
    found = client.get(reverse(MAPS[name]) + query)
    assert found.status_code == 200
    for point in found.context["points"]:
        there = client.get(point["url"])
        assert there.context["count"] == point["count"], point
    return [(point["city"], point["country"], point["count"]) for point in found.context["points"]]


@pytest.fixture
def rows() -> dict[str, Any]:
    """Of each type one in Leeds by its company, one in Berlin by its contact, one in both, one nowhere."""
    leeds = make_company("Engines", city="Leeds", country="GB")
    berlin = make_contact("Ada", "Byron", city="BERLIN", country="DE")
    other = make_contact("Bob", "Roe", city="Berlin", country="DE")
    for make in (make_deal, make_order, make_ticket):
        make(company=leeds)
        make(contact=berlin)
        make(contact=other, company=leeds)
        make(contact=make_contact("No", "Place"))
    return {"leeds": leeds, "berlin": berlin}


def test_each_row_stands_once(client: Client, rows: dict[str, Any]) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    by_company = [("Leeds", "GB", 2), ("BERLIN", "DE", 1)]
    by_person = [("Berlin", "DE", 2), ("Leeds", "GB", 1)]
    assert points(client, "deal") == by_company
    assert points(client, "order") == points(client, "ticket") == by_person
    assert points(client, "order", "?near=30 km of Leeds") == [("Leeds", "GB", 1)]
    assert points(client, "deal", "?near=30 km of Leeds") == [("Leeds", "GB", 2)]
    assert client.get("/api/v1/orders/?near=30 km of Berlin").json()["count"] == 2
    page = client.get(reverse("sales:deal_map") + "?near=30 km of Atlantis").content.decode()
    assert "there is no place called" in page


@pytest.mark.parametrize("name", MAPS)
def test_nobody_learns_where_somebody_out_of_scope_is(client: Client, name: str) -> None:
    own = "view:own,add:own,change:own,delete:own,export:own"
    kinds = ("contact", "company", "deal", "order", "ticket")
    role = make_role("own", **dict.fromkeys(kinds, own))
    RoleGrant.objects.create(role=role, record_type="pipeline", view="all")
    me = make_user(role, make_team("South"))
    make = {"deal": make_deal, "order": make_order, "ticket": make_ticket}[name]
    make(owner=me, contact=make_contact(city="Leeds", country="GB", owner=make_user("sales")))
    client.force_login(me)
    assert points(client, name) == []
    listing = reverse(MAPS[name].replace("_map", "_list"))
    for query in ("near=30 km of Leeds", "town=Leeds, GB"):
        assert client.get(f"{listing}?{query}").context["count"] == 0
    Contact.objects.update(owner=me)
    assert points(client, name) == [("Leeds", "GB", 1)]


def test_a_hidden_town_is_on_no_map(client: Client, rows: dict[str, Any]) -> None:
    role = make_role("blind", contact="view:all", company="view:all", deal="view:all", pipeline="view:all")
    RoleGrant.objects.filter(role=role, record_type="company").update(hidden_fields=["city"])
    client.force_login(User.objects.get(pk=make_user(role).pk))
    assert points(client, "deal") == []
    assert ">Leeds<" not in client.get(reverse("sales:deal_map")).content.decode()
    every = client.get(reverse("sales:deal_list")).context["count"]
    assert client.get(reverse("sales:deal_list") + "?town=Leeds, GB").context["count"] == every


def test_people_without_town_or_country_and_in_capitals_have_their_list(client: Client) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    for city, country in (("Leeds", "GB"), ("LEEDS", "GB"), ("Leeds", ""), ("", "GB")):
        contact = make_contact(city=city, country=country)
        Contact.objects.filter(pk=contact.pk).update(latitude=53.8, longitude=-1.5)
    found = client.get(reverse("contacts:contact_map")).context
    counts = [point["count"] for point in found["points"]]
    assert (counts, found["located"]) == ([2, 1, 1], 4)
    assert [client.get(point["url"]).context["count"] for point in found["points"]] == counts


def test_map_costs_the_same_for_one_and_for_many(client: Client) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    costs = []
    client.get(reverse("sales:deal_map"))  # whatever is loaded once
    for number in (1, 3):
        for _again in range(number):
            make_deal(company=make_company(city="Leeds", country="GB"))
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("sales:deal_map"))
        costs.append(len(counted))
    assert costs[0] == costs[1] <= 25
