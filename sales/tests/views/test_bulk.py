"""What is done with several products or orders at once: through the services, undone from the toast."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from contacts.models import TimelineEntry
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Change, Job, User
from core.tests.factories import make_team, make_user
from sales.models import Deal, DealStageChange, Order, Product
from sales.services.deals import update_deal
from sales.services.stages import move_deal
from sales.tests.factories import make_deal, make_order, make_product, stage_named

pytestmark = pytest.mark.django_db
PRODUCTS, ORDERS, DEALS = "/sales/products/", "/sales/orders/", "/sales/deals/"


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


def test_prices_are_not_offered_to_whom_the_role_forbids_their_currency(
    client: Client, manager: User
) -> None:
    seller = make_user("sales", make_team("East"))
    seller.roles.get().grants.filter(record_type="product").update(
        view="all", change="all", read_only_fields=["currency"]
    )
    product = make_product(currency="EUR")
    client.force_login(seller)
    page = client.get(PRODUCTS).content.decode()
    assert 'name="action" value="category"' in page
    assert 'name="action" value="price"' not in page
    assert send(client, PRODUCTS, "price", [product.pk], price="5", currency="USD").status_code == 403
    product.refresh_from_db()
    assert product.currency == "EUR"


def test_more_than_a_hundred_become_a_job_that_raises_each_price_once(client: Client, manager: User) -> None:
    rows = Product.objects.bulk_create(
        Product(name=f"P{n}", sort_name=f"p{n:03}", list_price=Decimal(100)) for n in range(101)
    )
    send(client, PRODUCTS, "price", [row.pk for row in rows], percent="10", number="101")
    job = Job.objects.get(kind="bulk")
    run(job.pk)
    run(job.pk)
    assert set(Product.objects.values_list("list_price", flat=True)) == {Decimal(110)}


def test_price_that_no_column_holds_changes_nothing_and_says_why(client: Client, manager: User) -> None:
    rows = [make_product(list_price=Decimal(100)), make_product(list_price=Decimal("90000000000000"))]
    before = prices()
    refused = send(client, PRODUCTS, "price", [row.pk for row in rows], percent="900")
    assert refused.status_code == 422
    assert "no more than" in refused.content.decode()
    assert prices() == before


@pytest.fixture
def moved(client: Client, manager: User, monkeypatch: pytest.MonkeyPatch) -> tuple[Job, list[Deal]]:
    """Deals of people, put into another stage by a job."""
    monkeypatch.setattr("core.ui.bulk.AT_ONCE", 2)
    deals = [make_deal("Prospecting", contact=make_contact(), owner=manager) for _ in range(3)]
    stage = stage_named("Engaging")
    send(client, DEALS, "stage", [deal.pk for deal in deals], stage=stage.pk, number="3")
    job = run(Job.objects.get(kind="bulk").pk)
    assert job is not None
    assert (job.state, job.result) == ("done", {"changed": 3})
    assert Deal.objects.filter(stage=stage).count() == 3
    return job, deals


def test_what_a_job_did_is_undone_from_its_page_but_for_what_was_changed_since(
    client: Client, manager: User, moved: tuple[Job, list[Deal]]
) -> None:
    job, deals = moved
    told = TimelineEntry.objects.filter(kind="deal.moved")
    assert told.count() == 3
    move_deal(actor=manager, deal=deals[0], stage=stage_named("Proposal"))
    page = reverse("core:job", args=[job.pk])
    assert 'name="undo"' in client.get(page).content.decode()
    sent = client.post(page, {"undo": "1"})
    undo = run(Job.objects.get(kind="bulk.undo").pk)
    assert undo is not None
    assert (undo.state, sent["Location"]) == ("done", reverse("core:job", args=[undo.pk]))
    assert Deal.objects.filter(stage=stage_named("Prospecting")).count() == 2
    assert Deal.objects.get(pk=deals[0].pk).stage == stage_named("Proposal")
    ways = DealStageChange.objects.filter(to_stage=stage_named("Engaging"))
    assert [step.deal_id for step in ways] == [deals[0].pk], "the way of the deal that went on has a gap"
    assert list(told.values_list("object_id", flat=True)) == [deals[0].pk] * 2
    assert undo.result == {"undone": 2, "kept": 1}
    again = client.get(page).content.decode()
    assert 'name="undo"' not in again and sent["Location"] in again
    client.post(page, {"undo": "1"})
    assert Job.objects.filter(kind="bulk.undo").count() == 1


def test_a_deal_is_undone_as_a_whole_or_not_at_all(
    client: Client, manager: User, moved: tuple[Job, list[Deal]]
) -> None:
    """Somebody has given one a chance of its own in the new stage: it stays there, with its line and its way."""
    job, deals = moved
    update_deal(actor=make_user("admin"), deal=Deal.objects.get(pk=deals[0].pk), probability=33)
    before = Deal.objects.values().get(pk=deals[0].pk)
    client.post(reverse("core:job", args=[job.pk]), {"undo": "1"})
    undo = run(Job.objects.get(kind="bulk.undo").pk)
    assert undo is not None
    assert undo.result == {"undone": 2, "kept": 1}
    assert Deal.objects.values().get(pk=deals[0].pk) == before
    lines = TimelineEntry.objects.filter(kind="deal.moved")
    assert list(lines.values_list("object_id", flat=True)) == [deals[0].pk]
    ways = DealStageChange.objects.filter(to_stage=stage_named("Engaging"))
    assert list(ways.values_list("deal_id", flat=True)) == [deals[0].pk]


def test_job_of_somebody_else_is_not_undone(client: Client, moved: tuple[Job, list[Deal]]) -> None:
    job, _deals = moved
    other = make_user("admin")
    client.force_login(other)
    assert 'name="undo"' not in client.get(reverse("core:job", args=[job.pk])).content.decode()
    client.post(reverse("core:job", args=[job.pk]), {"undo": "1"})
    assert not Job.objects.filter(kind="bulk.undo").exists()
    assert Deal.objects.filter(stage=stage_named("Engaging")).count() == 3
