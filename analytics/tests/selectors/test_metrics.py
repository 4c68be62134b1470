from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string

from analytics.enums import ChurnBand, RunState
from analytics.models import ModelRun
from analytics.selectors.bands import band_of
from analytics.selectors.metrics import metric_card
from analytics.tests.factories import make_buyer
from contacts.enums import MetricStatus
from contacts.models import Contact, CustomerMetric
from core.conditions.compile import compile_tree
from core.conditions.tree import parse
from core.models import RoleGrant
from core.registries import columns
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db
REASONS = [
    {"code": "last_order", "own": 45, "typical": 60, "effect": -0.8},
    {"code": "orders", "own": 1, "typical": 3, "effect": 0.5},
    {"code": "usual_gap", "own": 20.4, "typical": 30.0, "effect": 0.01},
    {"code": "value", "own": 12.5, "typical": 40.0, "effect": 0.0},
]


def make_metric(contact: Contact, churn: float | None = 0.7, **fields) -> CustomerMetric:
    fields.setdefault("status", MetricStatus.SCORED)
    fields.setdefault("orders", 4)
    fields.setdefault("lifetime_value", "123.40")
    fields.setdefault("currency", "EUR")
    as_of = datetime(2026, 11, 20, tzinfo=UTC)
    return CustomerMetric.objects.create(contact=contact, churn=churn, as_of=as_of, **fields)


def selected(condition: dict) -> list[str]:
    q = compile_tree(parse(condition), "contact", None)
    return list(Contact.objects.filter(q).order_by("pk").values_list("name", flat=True))


def test_metric_card_says_the_reasons_in_words():
    contact = make_buyer()
    make_metric(contact, reasons=REASONS)
    card = metric_card(contact, make_user("admin", is_superuser=True))
    assert card is not None
    assert (card.band, card.tone, card.missing) == (ChurnBand.AT_RISK, "bad", "")
    assert [(r.label, r.own, r.usual, r.effect) for r in card.reasons] == [
        ("Last order", "45 days ago", "usual: 60 days ago", "lowers the risk"),
        ("Number of orders", "1 order", "usual: 3 orders", "raises the risk"),
        ("Usual gap", "20 days", "usual: 30 days", "hardly changes the risk"),
        ("Value of an order", "€12.50", "usual: €40", "sets the value, not the risk"),
    ]


def test_metric_card_says_why_there_is_not_enough_data():
    run = ModelRun.objects.create(
        population="contact", state=RunState.NOT_ENOUGH_DATA, version="1", as_of="2026-11-20",
        horizon_days=90, currency="EUR", reason="few_repeat_customers",
    )  # fmt: skip
    admin = make_user(is_superuser=True)
    unfitted, single, cancelled = make_buyer("A"), make_buyer("B"), make_buyer("C")
    lacking = {"status": MetricStatus.NOT_ENOUGH_DATA, "run_id": run.pk}
    make_metric(unfitted, None, lifetime_value=None, **lacking)
    make_metric(single, 0.8, **{**lacking, "orders": 1})
    make_metric(cancelled, None, **{**lacking, "orders": 0})
    assert "Fewer than 30 customers" in metric_card(unfitted, admin).missing
    assert metric_card(single, admin).missing == "single_order"
    assert metric_card(cancelled, admin).missing == "all_cancelled"
    assert metric_card(single, admin).band == ChurnBand.UNKNOWN
    html = render_to_string("analytics/_metric_panel.html", {"card": metric_card(single, admin)})
    assert "Not enough data" in html
    assert "80%" not in html


def test_metric_card_needs_orders_and_the_right_to_see_it():
    contact, other = make_buyer(), make_buyer("Other")
    make_metric(contact)
    assert metric_card(other, make_user(is_superuser=True)) is None
    role = make_role(contact="view:all")
    seeing = make_user(role)
    assert metric_card(contact, seeing) is not None
    RoleGrant.objects.filter(role=role).update(hidden_fields=["metric"])
    assert metric_card(contact, make_user(role)) is None
    assert metric_card(contact, make_user(make_role(contact="view:own"))) is None


def test_metric_panel_costs_one_query(django_assert_num_queries):
    contact, admin = make_buyer(), make_user(is_superuser=True)
    make_metric(contact, reasons=REASONS)
    with django_assert_num_queries(1):
        card = metric_card(contact, admin)
        html = render_to_string("analytics/_metric_panel.html", {"card": card})
    assert "€123.40" in html
    assert "70%" in html


@pytest.mark.parametrize(
    ("churn", "status", "band"),
    [
        (0.6, MetricStatus.SCORED, ChurnBand.AT_RISK),
        (0.5999, MetricStatus.SCORED, ChurnBand.WATCHED),
        (0.35, MetricStatus.SCORED, ChurnBand.WATCHED),
        (0.3499, MetricStatus.SCORED, ChurnBand.SAFE),
        (0.9, MetricStatus.NOT_ENOUGH_DATA, ChurnBand.UNKNOWN),
        (None, MetricStatus.NOT_ENOUGH_DATA, ChurnBand.UNKNOWN),
    ],
)
def test_the_filter_of_a_band_finds_exactly_its_customers(churn, status, band):
    contact = make_buyer("Here")
    make_buyer("Without metric")
    metric = make_metric(contact, churn, status=status)
    assert band_of(metric) == band
    found = {
        value: selected({"field": "churn_band", "op": "in", "value": [value]}) for value in ChurnBand.values
    }
    assert {value for value, names in found.items() if names} == {band}
    assert found[band] == ["Here"]


def test_criteria_take_churn_in_percent_and_values_as_they_are():
    first, second = make_buyer("First"), make_buyer("Second")
    make_metric(first, 0.7, lifetime_value="99.99", recency_score=5)
    make_metric(second, 0.2, lifetime_value="100.00", recency_score=2)
    assert selected({"field": "churn", "op": "gte", "value": 70}) == ["First"]
    assert selected({"field": "churn", "op": "between", "value": [10, 30]}) == ["Second"]
    assert selected({"field": "lifetime_value", "op": "gte", "value": 100}) == ["Second"]
    assert selected({"field": "recency_score", "op": "is", "value": 5}) == ["First"]
    assert selected({"not": {"field": "churn_band", "op": "in", "value": ["at_risk"]}}) == ["Second"]


def test_columns_show_value_risk_and_rfm():
    contact = make_buyer()
    make_buyer("Without")
    make_metric(contact, 0.7, recency_score=5, frequency_score=4, monetary_score=3, expected_orders=2.26)
    table = {column.key: column for column in columns.columns_for("contact")}
    keys = ("lifetime_value", "churn", "rfm", "expected_orders")
    rows = table["churn"].select(Contact.objects.order_by("pk"))
    shown = [[str(table[key].value(row)) for key in keys] for row in rows]
    assert "€123.40" in shown[0][0]
    assert "At risk" in shown[0][1]
    assert shown[0][2] == "5-4-3"
    assert "2.3" in shown[0][3]
    assert shown[1][:3] == ["None", "None", "None"]
    assert table["churn"].export(rows[0]) == 0.7


def test_columns_cost_no_query_per_row(django_assert_num_queries):
    for name in ("A", "B", "C"):
        make_metric(make_buyer(name))
    table = {column.key: column for column in columns.columns_for("contact")}
    with django_assert_num_queries(1):
        for row in table["churn"].select(Contact.objects.all()):
            str(table["lifetime_value"].value(row))
