"""What is done with several products or orders at once: through the services, undone from the toast."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Change, Job, User
from core.tests.factories import make_team, make_user
from sales.models import Order, Product
from sales.tests.factories import make_order, make_product

pytestmark = pytest.mark.django_db
PRODUCTS, ORDERS = "/sales/products/", "/sales/orders/"


@pytest.fixture
def manager(client: Client) -> User:
    user = make_user("admin", make_team("North"))
    client.force_login(user)
    return user


def send(client: Client, url: str, action: str, ids: list[int], **data: Any) -> Any:
    return client.post(url, {"action": action, "ids": ids, "confirmed": "1", **data})


def undo(client: Client, sent: Any) -> None:
    url = str(list(get_messages(sent.wsgi_request))[-1].extra_tags).removeprefix("undo:")
    assert url
    client.post(url)


def prices() -> list[Any]:
    return list(Product.objects.order_by("pk").values_list("list_price", "currency"))


def test_products_are_taken_out_of_sale_and_back_by_undo(client: Client, manager: User) -> None:
    rows = [make_product(), make_product(), make_product(is_active=False)]
    sent = send(client, PRODUCTS, "sold", [row.pk for row in rows], sold="0")
    assert sent.status_code == 303
    assert not Product.objects.filter(is_active=True).exists()
    changes = Change.objects.filter(changeset__actor_id=manager.pk, op="U", model__label="sales.Product")
    assert changes.count() == 2  # the third was so already
    undo(client, sent)
    assert Product.objects.filter(is_active=True).count() == 2


def test_prices_rise_by_a_part_of_their_own_or_become_one(client: Client, manager: User) -> None:
    rows = [
        make_product(list_price=Decimal("19.99"), currency="EUR"),
        make_product(list_price=Decimal(1005), currency="JPY"),
        make_product(list_price=None, currency="EUR"),
    ]
    ids = [row.pk for row in rows]
    sent = send(client, PRODUCTS, "price", ids, percent="2.5")
    assert prices() == [(Decimal("20.49"), "EUR"), (Decimal(1030), "JPY"), (None, "EUR")]
    undo(client, sent)
    assert prices() == [(Decimal("19.99"), "EUR"), (Decimal(1005), "JPY"), (None, "EUR")]
    both = send(client, PRODUCTS, "price", ids, percent="1", price="5", currency="EUR")
    assert both.status_code == 422
    assert "Give either a percentage or a new price." in both.content.decode()
    send(client, PRODUCTS, "price", ids[1:], price="12.5", currency="EUR")
    assert prices()[1:] == [(Decimal("12.5"), "EUR")] * 2


def test_category_is_set_for_all_chosen(client: Client, manager: User) -> None:
    rows = [make_product(category="Old"), make_product()]
    send(client, PRODUCTS, "category", [row.pk for row in rows], category=" Pumps  and valves ")
    assert set(Product.objects.values_list("category", flat=True)) == {"Pumps and valves"}


def test_orders_get_an_owner_with_their_team_and_a_status(client: Client, manager: User) -> None:
    south = make_team("South")
    seller, contact = make_user("sales", south), make_contact()
    rows = [make_order(contact=contact), make_order(contact=contact)]
    ids = [row.pk for row in rows]
    sent = send(client, ORDERS, "owner", ids, owner=seller.pk)
    assert sent.status_code == 303
    assert set(Order.objects.values_list("owner", "team")) == {(seller.pk, south.pk)}
    undo(client, sent)
    assert set(Order.objects.values_list("owner", "team")) == {(None, None)}
    send(client, ORDERS, "status", ids, status="delivered")
    assert set(Order.objects.values_list("status", flat=True)) == {"delivered"}
    assert send(client, ORDERS, "status", ids, status="lost").status_code == 422


def test_nobody_writes_in_bulk_what_the_role_may_only_read(client: Client, manager: User) -> None:
    seller = make_user("sales", make_team("East"))
    seller.roles.get().grants.filter(record_type="order").update(
        view="all", change="all", read_only_fields=["status"]
    )
    order = make_order(contact=make_contact())
    client.force_login(seller)
    page = client.get(ORDERS).content.decode()
    assert 'name="action" value="owner"' in page
    assert 'name="action" value="status"' not in page
    assert send(client, ORDERS, "status", [order.pk], status="cancelled").status_code == 403
    order.refresh_from_db()
    assert order.status == "placed"


def test_more_than_a_hundred_become_a_job_that_raises_each_price_once(client: Client, manager: User) -> None:
    rows = Product.objects.bulk_create(
        Product(name=f"P{n}", sort_name=f"p{n:03}", list_price=Decimal(100)) for n in range(101)
    )
    send(client, PRODUCTS, "price", [row.pk for row in rows], percent="10", number="101")
    job = Job.objects.get(kind="bulk")
    run(job.pk)
    run(job.pk)
    assert set(Product.objects.values_list("list_price", flat=True)) == {Decimal(110)}
