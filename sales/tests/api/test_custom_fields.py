"""Custom fields of deals, orders and products: through the form, the API, the list, the page and the import; the
tags of orders."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.services.privacy import erase_contact, export_contact
from contacts.tests.factories import make_contact
from core.models import Change, Tag
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates
from sales.models import Deal, Order, Product
from sales.tests.factories import make_deal, make_order, make_product

pytestmark = pytest.mark.django_db


def test_deal_takes_a_custom_field_everywhere() -> None:
    create_custom_field(
        actor=None, record_type="deal", label="Plan", kind="choice", options=["Gold", "Tin"], required=True
    )
    deal = make_deal(name="Old")
    admin = make_user("admin", is_superuser=True)
    client = Client()
    client.force_login(admin)
    created = client.post(reverse("sales:deal_create"), {"name": "New", "currency": "EUR"})
    assert (created.status_code, "This field is required." in created.content.decode()) == (422, True)
    created = client.post(
        reverse("sales:deal_create"),
        {"name": "New", "currency": "EUR", "stage": deal.stage_id, "cf_plan": "gold"},
    )
    assert created.status_code == 303, created.content.decode()
    assert Deal.objects.get(name="New").custom == {"plan": "gold"}
    body = {"custom": {"plan": "tin"}}
    sent = client.patch(f"/api/v1/deals/{deal.pk}/", body, content_type="application/json")
    assert sent.json()["custom"] == {"plan": "tin"}
    page = client.get(reverse("sales:deal_list") + "?columns=name,cf_plan&cf_plan=tin&sort=cf_plan")
    assert (f'data-row="{deal.pk}"' in page.content.decode(), "Tin" in page.content.decode()) == (True, True)
    batch, _job = bring(admin, "deals", f"name,stage,plan\nThird,{deal.stage},Gold\nFourth,{deal.stage},\n")
    assert [fate for _line, fate in fates(batch)] == ["created", "failed"]


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("admin", is_superuser=True))
    return client


def rows_of(client: Client, address: str) -> list[int]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', answer.content.decode())]


def test_order_takes_a_custom_field_everywhere(client: Client) -> None:
    create_custom_field(
        actor=None, record_type="order", label="Carrier", kind="choice", options=["Post", "Own van"],
        required=True,
    )  # fmt: skip
    contact = make_contact("Ada", "Byron")
    order, other = make_order(contact=contact), make_order()  # come about by themselves: nothing is demanded
    body: dict[str, Any] = {"lines": [{"description": "Goods", "unit_price": "10"}]}
    refused = client.post("/api/v1/orders/", body, content_type="application/json")
    assert (refused.status_code, list(refused.json()["errors"]["custom"])) == (400, ["carrier"])
    made = client.post(
        "/api/v1/orders/", {**body, "custom": {"carrier": "post"}}, content_type="application/json"
    )
    assert (made.status_code, made.json()["custom"]) == (201, {"carrier": "post"})
    form = {
        "contact": contact.pk, "number": "X-1", "currency": "EUR", "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0,
        "ordered_at": f"{timezone.now():%Y-%m-%dT%H:%M}", "form-0-description": "Goods", "form-0-quantity": 1,
        "form-0-unit_price": 10,
    }  # fmt: skip
    answer = client.post(reverse("sales:order_create"), form)
    assert (answer.status_code, "This field is required." in answer.content.decode()) == (422, True)
    assert client.post(reverse("sales:order_create"), {**form, "cf_carrier": "own_van"}).status_code == 303
    assert Order.objects.get(number="X-1").custom == {"carrier": "own_van"}
    field = reverse("core:field", args=["order", order.pk, "cf_carrier"])
    typed = {"cf_carrier": "post", "version": order.version}
    assert client.post(field, typed, headers={"HX-Request": "true"}).status_code == 200
    assert "Post" in client.get(reverse("sales:order_detail", args=[order.pk])).content.decode()
    wanted = reverse("sales:order_list") + "?columns=number,cf_carrier&cf_carrier=post&sort=cf_carrier"
    assert set(rows_of(client, wanted)) == {order.pk, made.json()["id"]}
    assert other.pk not in rows_of(client, wanted)
    written = io.StringIO()
    call_command("export_records", "--target", "orders", stdout=written)
    assert (",Carrier" in written.getvalue(), ",Own van" in written.getvalue()) == (True, True)
    last = Change.objects.filter(object_id=order.pk, model__label="sales.Order", op="U").latest("pk")
    assert last.before["custom.carrier"] is None
    told = export_contact(actor=None, contact=contact)["data"]["sales.Order"]
    assert {"Carrier": "post"} in [row["custom"] for row in told]
    erase_contact(actor=None, contact=contact)
    assert Order.all_objects.get(pk=order.pk).custom == {}


def test_product_takes_a_custom_field_everywhere(client: Client) -> None:
    create_custom_field(actor=None, record_type="product", label="Shelf", kind="text", personal=False)
    product = make_product(name="Old lamp")
    body = {"name": "Api lamp", "custom": {"shelf": "A1"}}
    made = client.post("/api/v1/products/", body, content_type="application/json")
    assert (made.status_code, made.json()["custom"]) == (201, {"shelf": "A1"})
    edit = reverse("sales:product_update", args=[product.pk])
    data = {"name": "Old lamp", "currency": "EUR", "cf_shelf": "B2", "version": product.version}
    assert client.post(edit, data).status_code == 303
    assert Product.objects.get(pk=product.pk).custom == {"shelf": "B2"}
    assert "B2" in client.get(reverse("sales:product_detail", args=[product.pk])).content.decode()
    assert rows_of(client, reverse("sales:product_list") + "?columns=name,cf_shelf&cf_shelf=b2") == [
        product.pk
    ]
    admin = make_user("admin")
    written = io.StringIO()
    call_command("export_records", "--target", "products", "--as", admin.email, stdout=written)
    batch, _job = bring(admin, "products", written.getvalue())
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, list(
        batch.rows.values_list("problems", flat=True)
    )
    batch, _job = bring(admin, "products", "Name,Shelf\nNew lamp,C3\n")
    assert Product.objects.get(name="New lamp").custom == {"shelf": "C3"}


def test_orders_have_tags_on_their_page_in_lists_and_in_the_api(client: Client) -> None:
    fair, rush = Tag.objects.create(name="Fair"), Tag.objects.create(name="Rush, now")
    order, other = make_order(), make_order()
    body = {"tags": [fair.pk], "lines": [{"description": "Goods", "unit_price": "10"}]}
    made = client.post("/api/v1/orders/", body, content_type="application/json").json()
    assert made["tags"] == [{"id": fair.pk, "name": "Fair"}]
    url = f"/api/v1/orders/{order.pk}/"
    etag = client.get(url)["ETag"]
    changed = client.patch(
        url, {"tags": [rush.pk]}, content_type="application/json", headers={"If-Match": etag}
    )
    assert (changed.status_code, changed.json()["tags"]) == (200, [{"id": rush.pk, "name": "Rush, now"}])
    late = client.patch(url, {"tags": []}, content_type="application/json", headers={"If-Match": etag})
    assert late.status_code == 412, "tags are part of what was read"
    assert "Rush, now" in client.get(reverse("sales:order_detail", args=[order.pk])).content.decode()
    orders = reverse("sales:order_list")
    assert rows_of(client, f"{orders}?tags={rush.pk}") == [order.pk]
    assert rows_of(client, f"{orders}?tags__empty=1") == [other.pk]
    assert "Rush, now" in client.get(f"{orders}?columns=number,tags").content.decode()
    written = io.StringIO()
    call_command("export_records", "--target", "orders", stdout=written)
    assert '"""Rush, now"""' in written.getvalue(), "a comma inside a tag does not part it"
    edit = reverse("sales:order_update", args=[other.pk])
    data = {"number": other.number, "status": "placed", "tags": [fair.pk], "version": other.version}
    assert client.post(edit, data).status_code == 303
    assert list(other.tags.all()) == [fair]
    bulk = {"action": "tag", "ids": [order.pk], "confirmed": "1", "tags": [fair.pk]}
    assert client.post(orders, bulk).status_code == 303
    assert set(order.tags.all()) == {fair, rush}
