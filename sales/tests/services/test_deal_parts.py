"""People, lines and next steps of deals; products, orders and targets."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Company, Contact, TimelineEntry
from contacts.services.activities import complete_activity
from core.models import ExchangeRate
from core.money import NoRate, convert, rate_on, round_money
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed, StaleRecord
from core.services.trash import delete_record
from core.tests.factories import make_team, make_user
from sales.enums import QuotaPeriod
from sales.models import Deal, DealContact, Order, Product, Quota
from sales.services.deal_contacts import add_deal_contact, remove_deal_contact, set_deal_contacts
from sales.services.deal_lines import LineInput, set_deal_lines
from sales.services.deals import update_deal
from sales.services.next_steps import plan_next_step, refresh_next_steps
from sales.services.orders import OrderLineInput, create_order, update_order
from sales.services.products import create_product, update_product
from sales.services.quotas import set_quota
from sales.tests.factories import make_deal, make_order, make_product

pytestmark = pytest.mark.django_db


def people(deal: Deal) -> list[tuple[str, str, bool]]:
    rows = deal.deal_contacts.order_by("-is_primary", "pk")
    return list(rows.values_list("contact__name", "role", "is_primary"))


def test_contacts_of_a_deal_have_one_primary() -> None:
    a, b, c = (Contact.objects.create(name=name) for name in "ABC")
    deal = make_deal(contact=a)
    add_deal_contact(actor=None, deal=deal, contact=b, role="champion")
    add_deal_contact(actor=None, deal=deal, contact=c, primary=True)
    assert people(deal) == [("C", "", True), ("A", "", False), ("B", "champion", False)]
    add_deal_contact(actor=None, deal=deal, contact=b, role="blocker")
    remove_deal_contact(actor=None, deal=deal, contact=c)
    assert people(deal) == [("A", "", True), ("B", "blocker", False)]
    assert Deal.objects.get().contact == a
    set_deal_contacts(actor=None, deal=deal, contacts=[])
    assert Deal.objects.get().contact is None


def test_contacts_of_a_deal_are_refused_twice_and_by_sql() -> None:
    a = Contact.objects.create(name="A")
    deal = make_deal(contact=a)
    with pytest.raises(ValidationError):
        set_deal_contacts(actor=None, deal=deal, contacts=[(a, ""), (a, "user")])
    with pytest.raises(ValidationError):
        set_deal_contacts(actor=None, deal=deal, contacts=[(a, "emperor")])
    other = DealContact(deal=deal, contact=Contact.objects.create(name="B"), is_primary=True)
    with pytest.raises(IntegrityError, match="sales_dealcontact_one_primary"), transaction.atomic():
        other.save()


def test_lines_make_the_amount_to_the_cent() -> None:
    product = make_product(name="Reader", list_price=Decimal("12.345"))
    deal = make_deal(amount="5")
    deal = set_deal_lines(
        actor=None,
        deal=deal,
        lines=[
            LineInput(product=product, quantity=Decimal(3)),
            LineInput(description="Setup", unit_price=Decimal("99.99"), discount_percent=Decimal("12.5")),
        ],
    )
    assert list(deal.lines.order_by("position").values_list("description", "total")) == [
        ("Reader", Decimal("37.04")),
        ("Setup", Decimal("87.49")),
    ]
    assert (deal.amount, deal.base_amount) == (Decimal("124.53"), Decimal("124.53"))
    with pytest.raises(ValidationError) as refusal:
        update_deal(actor=None, deal=deal, amount=Decimal(1))
    assert list(refusal.value.message_dict) == ["amount"]


def test_lines_name_the_wrong_one() -> None:
    deal = make_deal(amount="5")
    lines = [LineInput(description="Good", unit_price=Decimal(1)), LineInput(quantity=Decimal(0))]
    with pytest.raises(ValidationError, match="Line 2") as refusal:
        set_deal_lines(actor=None, deal=deal, lines=lines)
    assert list(refusal.value.message_dict) == ["lines"]
    assert (deal.lines.count(), Deal.objects.get().amount) == (0, Decimal("5.00"))


def test_next_step_is_the_open_activity_due_first() -> None:
    deal = make_deal(contact=Contact.objects.create(name="A"))
    now = timezone.now()
    later = plan_next_step(actor=None, deal=deal, kind="call", due_at=now + timedelta(days=9))
    sooner = plan_next_step(
        actor=None, deal=deal, kind="meeting", due_at=now + timedelta(days=2), subject="Demo"
    )
    found = Deal.objects.get()
    assert (found.next_step, found.next_step_at, str(found.next_step)) == (sooner, sooner.due_at, "Demo")
    assert found.version == deal.version
    complete_activity(actor=None, activity=sooner)
    drain()
    assert Deal.objects.get().next_step == later
    delete_record(actor=None, record=later)
    drain()
    found = Deal.objects.get()
    assert (found.next_step, found.next_step_at) == (None, None)
    assert refresh_next_steps(actor=None, deal_ids=[]) == 0


def test_next_step_needs_a_time_and_the_right() -> None:
    deal = make_deal(owner=make_user("sales", make_team("South")))
    with pytest.raises(ValidationError) as refusal:
        plan_next_step(actor=None, deal=deal, kind="call", due_at=None)
    assert list(refusal.value.message_dict) == ["due_at"]
    stranger = make_user("sales", make_team("North"))
    with pytest.raises(NotAllowed):
        plan_next_step(actor=stranger, deal=deal, kind="call", due_at=timezone.now())
    assert Deal.objects.get().next_step is None


def test_order_adds_up_and_makes_customers() -> None:
    ExchangeRate.objects.create(currency="GBP", date=date(2010, 1, 1), rate=Decimal("1.17"))
    contact = Contact.objects.create(name="A")
    company = Company.objects.create(name="B")
    order = create_order(
        actor=None,
        contact=contact,
        company=company,
        currency="GBP",
        ordered_at=datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        lines=[
            OrderLineInput(description="Lantern", quantity=Decimal(6), unit_price=Decimal("2.555")),
            OrderLineInput(description="Holder", quantity=Decimal("0.5"), unit_price=Decimal("3.39")),
        ],
    )
    assert order.number == f"O-{order.pk:06d}"
    assert [line.total for line in order.lines.order_by("position")] == [Decimal("15.33"), Decimal("1.70")]
    assert (order.total, order.base_total, order.rate_date) == (
        Decimal("17.03"),
        Decimal("19.93"),
        date(2010, 12, 1),
    )
    contact.refresh_from_db()
    company.refresh_from_db()
    assert (contact.lifecycle_stage, company.kind) == ("customer", "customer")
    entry = TimelineEntry.objects.get(kind="order.placed")
    assert (entry.contact, entry.company, entry.occurred_at) == (contact, company, order.ordered_at)


def test_cancellation_is_negative_and_makes_nobody_a_customer() -> None:
    contact = Contact.objects.create(name="A")
    line = OrderLineInput(description="Returned", quantity=Decimal(-2), unit_price=Decimal(5))
    order = create_order(actor=None, contact=contact, lines=[line], is_cancellation=True)
    contact.refresh_from_db()
    assert (order.total, contact.lifecycle_stage) == (Decimal("-10.00"), "lead")
    assert TimelineEntry.objects.get().kind == "order.cancelled"


def test_order_without_lines_or_rate_is_refused_whole() -> None:
    with pytest.raises(ValidationError) as empty:
        create_order(actor=None, lines=[])
    assert list(empty.value.message_dict) == ["lines"]
    with pytest.raises(NoRate) as unknown:
        create_order(actor=None, currency="CHF", lines=[OrderLineInput(unit_price=Decimal(1))])
    assert list(unknown.value.message_dict) == ["currency"]
    assert Order.objects.count() == 0


def test_order_is_changed_under_its_version() -> None:
    order = make_order(contact=Contact.objects.create(name="A"))
    update_order(actor=None, order=order, status="delivered", expected_version=order.version)
    with pytest.raises(StaleRecord):
        update_order(actor=None, order=order, status="cancelled", expected_version=order.version)
    assert Order.objects.get().status == "delivered"


def test_product_sku_exists_once_whatever_its_case() -> None:
    create_product(actor=None, name="  Čidlo ", sku="A-1")
    assert Product.objects.get().sort_name == "cidlo"
    with pytest.raises(ValidationError):
        create_product(actor=None, name="Other", sku="a-1")
    other = create_product(actor=None, name="Other", sku="A-2")
    with pytest.raises(ValidationError):
        update_product(actor=None, product=other, sku="a-1")
    with pytest.raises(NotAllowed):
        create_product(actor=make_user("sales"), name="Not mine")


def test_quota_is_replaced_and_starts_where_its_period_does() -> None:
    north = make_team("North")
    anna = make_user("sales", north)
    first = {"period": QuotaPeriod.QUARTER, "starts_on": date(2026, 10, 1), "user": anna}
    set_quota(actor=None, amount=Decimal(100), **first)
    quota = set_quota(actor=None, amount=Decimal(250), **first)
    assert (Quota.objects.count(), quota.amount, quota.team, quota.currency) == (
        1,
        Decimal(250),
        north,
        "EUR",
    )
    for starts_on in (date(2026, 11, 1), date(2026, 10, 2)):
        with pytest.raises(ValidationError):
            set_quota(actor=None, amount=Decimal(1), **{**first, "starts_on": starts_on})
    with pytest.raises(NotAllowed):
        set_quota(actor=anna, amount=Decimal(1), **first)


def test_money_is_rounded_half_up_and_converted_at_the_latest_rate() -> None:
    assert round_money(Decimal("2.345")) == Decimal("2.35")
    assert round_money(Decimal("-2.345")) == Decimal("-2.35")
    assert round_money(Decimal("1234.5"), "JPY") == Decimal("1235.00")
    ExchangeRate.objects.create(currency="USD", date=date(2026, 1, 1), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", date=date(2026, 2, 1), rate=Decimal("0.8"))
    assert rate_on("USD", date(2026, 1, 31)) == Decimal("0.9")
    assert rate_on("USD", date(2026, 2, 1)) == Decimal("0.8")
    assert convert(Decimal(100), "USD", "EUR", date(2026, 3, 1)) == Decimal("80.00")
    assert convert(Decimal(100), "EUR", "USD", date(2026, 3, 1)) == Decimal("125.00")
    with pytest.raises(NoRate, match="USD"):
        rate_on("USD", date(2025, 12, 31))
