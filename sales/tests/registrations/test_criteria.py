"""What lists and segments can ask: each answer by name, in the asker's scope."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from contacts.models import Company, Contact
from core.conditions.filters import filterset_for
from core.models import Tag
from core.registries import columns
from core.tests.factories import make_team, make_user
from sales.models import Deal
from sales.services.next_steps import plan_next_step
from sales.services.orders import OrderLineInput, create_order
from sales.tests.factories import make_deal, make_order, make_pipeline, make_product, stage_named

pytestmark = pytest.mark.django_db


def names(record_type: str, model: Any, query: str, user: Any = None) -> list[str]:
    user = user or make_user("admin")
    filters = filterset_for(record_type)(QueryDict(query), model.objects.visible_to(user), user=user)
    found = sorted(filters.qs.values_list("name", flat=True))
    assert filters.problems == {}
    return found


@pytest.fixture
def deals() -> dict[str, Any]:
    make_pipeline()
    tag = Tag.objects.create(name="key")
    company = Company.objects.create(name="Lumen")
    contact = Contact.objects.create(name="Amara")
    today = timezone.localdate()
    make_deal("Engaging", "100", name="Étude", company=company, expected_close=today, tags=[tag])
    planned = make_deal("Proposal", "2000", name="Planned", contact=contact)
    plan_next_step(actor=None, deal=planned, kind="call", due_at=timezone.now() - timedelta(days=1))
    make_deal("Won", "30", name="Won")
    make_deal("Lost", None, name="Lost")
    make_deal("Prospecting", "5", name="Old", opened_at=timezone.now() - timedelta(days=40))
    return {"tag": tag, "company": company, "contact": contact, "today": today}


def test_deal_criteria_select_by_name(deals: dict[str, Any]) -> None:
    today, stage = deals["today"], stage_named("Engaging").pk
    wanted = {
        "name=etu": ["Étude"],
        "name__is=ÉTUDE": ["Étude"],
        "status=won,lost": ["Lost", "Won"],
        f"stage={stage}": ["Étude"],
        f"stage__not_in={stage}&status=open": ["Old", "Planned"],
        "amount__gte=100": ["Planned", "Étude"],
        "amount__between=5,30": ["Old", "Won"],
        f"company={deals['company'].pk}": ["Étude"],
        f"contact={deals['contact'].pk}": ["Planned"],
        f"tag={deals['tag'].pk}": ["Étude"],
        f"expected_close__on={today}": ["Étude"],
        "expected_close__in_next=1": ["Étude"],
        f"expected_close__before={today}": [],
        "no_next_step=1": ["Old", "Étude"],
        "overdue_step=1": ["Planned"],
        "rotting=1": ["Old"],
        "rotting=0": ["Lost", "Planned", "Won", "Étude"],
        "lost_reason=price": ["Lost"],
        "closed__in_last=1": ["Lost", "Won"],
    }
    assert {query: names("deal", Deal, query) for query in wanted} == wanted


def test_contact_criteria_count_what_the_asker_sees() -> None:
    north = make_team("North")
    manager, other = make_user("manager", north), make_user("sales", make_team("South"))
    product = make_product()
    buyer = Contact.objects.create(name="Buyer", owner=manager, team=north)
    Contact.objects.create(name="Nobody", owner=manager, team=north)
    line = OrderLineInput(product=product, unit_price=40)
    create_order(actor=None, contact=buyer, lines=[line], ordered_at=timezone.now() - timedelta(days=60))
    make_order("60", contact=buyer)
    make_order("-10", contact=buyer, is_cancellation=True)
    make_deal(contact=buyer, owner=other)
    make_deal("Won", contact=buyer, owner=manager)
    wanted = {
        "orders__gte=2": ["Buyer"],
        "orders__lte=0": ["Nobody"],
        "orders__gt=2": [],
        "spent__between=90,90": ["Buyer"],
        "spent__lt=90": ["Nobody"],
        "last_order__in_last=7": ["Buyer"],
        "last_order__not_in_last=7": ["Nobody"],
        "last_order__empty=1": ["Nobody"],
        f"bought={product.pk}": ["Buyer"],
        f"bought__not_in={product.pk}": ["Nobody"],
        "has_won_deal=1": ["Buyer"],
        "has_open_deal=1": [],
        "has_open_deal=0": ["Buyer", "Nobody"],
    }
    assert {query: names("contact", Contact, query, manager) for query in wanted} == wanted
    assert names("contact", Contact, "has_open_deal=1") == ["Buyer"]


def test_open_pipeline_column_sums_the_viewers_deals_only() -> None:
    north = make_team("North")
    manager = make_user("manager", north)
    company = Company.objects.create(name="Lumen", owner=manager, team=north)
    make_deal("Engaging", "100", company=company, owner=manager)
    make_deal("Engaging", "900", company=company, owner=make_user("sales", make_team("South")))
    column = next(c for c in columns.columns_for("company") if c.key == "open_pipeline")
    for user, text in ((manager, "€100"), (make_user("admin"), "€1,000")):
        row = column.selected(Company.objects.filter(pk=company.pk), user).get()
        assert text in column.value(row)
