"""Deals through the API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from contacts.models import Company, Contact
from core.models import User
from core.tests.factories import make_team, make_user
from sales.models import Deal
from sales.tests.factories import make_deal, stage_named

pytestmark = pytest.mark.django_db


def send(client: Client, method: str, url: str, body: Any, **headers: str) -> Any:
    return getattr(client, method)(url, body, content_type="application/json", headers=headers)


def test_deal_carries_what_clients_read(client: Client, admin: User) -> None:
    company = Company.objects.create(name="Lumen")
    deal = make_deal("Engaging", "1054.5", name="Readers", company=company, owner=admin)
    answer = client.get(f"/api/v1/deals/{deal.pk}/").json()
    stage = stage_named("Engaging")
    wanted = {
        "id": deal.pk,
        "name": "Readers",
        "status": "open",
        "amount": "1054.50",
        "currency": "EUR",
        "stage": {"id": stage.pk, "name": "Engaging"},
        "pipeline": {"id": stage.pipeline_id, "name": "Sales"},
        "company": {"id": company.pk, "name": "Lumen"},
        "owner": {"id": admin.pk, "name": admin.name},
    }
    assert {key: answer[key] for key in wanted} == wanted


def test_create_takes_ids_and_defaults(client: Client, admin: User) -> None:
    contact = Contact.objects.create(name="Amara")
    body = {"name": "Incubators", "amount": "212000", "contact": contact.pk, "expected_close": "2026-12-12"}
    answer = send(client, "post", "/api/v1/deals/", body)
    assert answer.status_code == 201, answer.content
    deal = Deal.objects.get()
    assert (deal.stage.name, deal.owner, deal.contact, deal.amount) == (
        "Prospecting",
        admin,
        contact,
        Decimal("212000.00"),
    )


def test_create_names_what_is_wrong(client: Client, admin: User) -> None:
    answer = send(client, "post", "/api/v1/deals/", {"amount": "-1", "stage": 999999, "colour": "red"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "colour" in answer.json()["errors"]
    answer = send(client, "post", "/api/v1/deals/", {"name": "", "amount": "-1", "stage": 999999})
    assert set(answer.json()["errors"]) == {"name", "amount", "stage"}
    assert Deal.objects.count() == 0


def test_patch_moves_and_obeys_the_version(client: Client, admin: User) -> None:
    deal = make_deal("Engaging", "100")
    url = f"/api/v1/deals/{deal.pk}/"
    tag = client.get(url)["ETag"]
    lost = stage_named("Lost").pk
    refused = send(client, "patch", url, {"stage": lost}, **{"If-Match": tag})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["lost_reason"])
    body = {"stage": lost, "lost_reason": "price", "close_note": "Too dear", "name": "Renamed"}
    moved = send(client, "patch", url, body, **{"If-Match": tag})
    assert moved.status_code == 200, moved.content
    assert [moved.json()[key] for key in ("status", "lost_reason", "close_note", "name")] == [
        "lost",
        "price",
        "Too dear",
        "Renamed",
    ]
    stale = send(client, "patch", url, {"name": "Late"}, **{"If-Match": tag})
    assert stale.status_code == 412
    assert Deal.objects.get().name == "Renamed"


def test_patch_is_all_or_nothing(client: Client, admin: User) -> None:
    deal = make_deal("Won", "100", name="Kept")
    body = {"name": "Changed", "stage": stage_named("Lost").pk, "lost_reason": "price"}
    answer = send(client, "patch", f"/api/v1/deals/{deal.pk}/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["stage"])
    assert Deal.objects.get().name == "Kept"


def test_patch_swaps_the_primary_contact(client: Client, admin: User) -> None:
    first, second = Contact.objects.create(name="First"), Contact.objects.create(name="Second")
    deal = make_deal(contact=first)
    send(client, "patch", f"/api/v1/deals/{deal.pk}/", {"contact": second.pk})
    deal.refresh_from_db()
    assert deal.contact == second
    assert list(deal.deal_contacts.values_list("contact__name", "is_primary")) == [("Second", True)]


def test_scope_holds_in_the_api(client: Client) -> None:
    north, south = make_team("North"), make_team("South")
    mine = make_user("sales", north)
    own, other = make_deal(owner=mine), make_deal(owner=make_user("sales", south))
    client.force_login(mine)
    assert [deal["id"] for deal in client.get("/api/v1/deals/").json()["results"]] == [own.pk]
    assert client.get(f"/api/v1/deals/{other.pk}/").status_code == 404
    refused = send(client, "patch", f"/api/v1/deals/{other.pk}/", {"name": "Mine now"})
    assert refused.status_code == 404
    foreign = make_user("sales", south)
    given = send(client, "post", "/api/v1/deals/", {"name": "For them", "owner": foreign.pk})
    assert given.status_code == 403
    assert sorted(Deal.objects.values_list("pk", flat=True)) == [own.pk, other.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_any_number(
    client: Client, admin: User, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        contact = Contact.objects.create(name=f"Contact {number}")
        make_deal(company=Company.objects.create(name=f"C{number}"), contact=contact)
    client.get("/api/v1/deals/")
    with django_assert_num_queries(10):
        client.get("/api/v1/deals/")


def test_pipelines_products_and_orders_answer(client: Client, admin: User) -> None:
    stages = client.get("/api/v1/pipelines/").json()["results"][0]["stages"]
    assert [stage["name"] for stage in stages] == [
        "Prospecting",
        "Engaging",
        "Proposal",
        "Negotiation",
        "Won",
        "Lost",
    ]
    body = {"name": "Reader", "sku": "R-1", "list_price": "12.5"}
    product = send(client, "post", "/api/v1/products/", body).json()
    assert product["list_price"] == "12.5000"
    twice = send(client, "post", "/api/v1/products/", {**body, "sku": "r-1"})
    assert twice.status_code == 400
    contact = Contact.objects.create(name="Amara")
    order = send(
        client,
        "post",
        "/api/v1/orders/",
        {
            "contact": contact.pk,
            "ordered_at": "2026-01-05T10:00:00Z",
            "lines": [
                {"product": product["id"], "quantity": "3", "unit_price": "4.335"},
                {"description": "Carriage", "unit_price": "7"},
            ],
        },
    )
    assert order.status_code == 201, order.content
    assert [line["total"] for line in order.json()["lines"]] == ["13.01", "7.00"]
    assert (order.json()["total"], order.json()["base_total"]) == ("20.01", "20.01")
    fixed = send(client, "patch", f"/api/v1/orders/{order.json()['id']}/", {"currency": "USD"})
    assert fixed.status_code == 400
    done = send(client, "patch", f"/api/v1/orders/{order.json()['id']}/", {"status": "delivered"})
    assert done.json()["status"] == "delivered"
    contact.refresh_from_db()
    assert contact.lifecycle_stage == "customer"
