"""Every criterion with every operator: it has words, is the same after JSON, page and link, compiles and runs."""

import re
from typing import Any

import pytest
from django.http import QueryDict

from contacts.models import Contact
from contacts.segmentation.draft import draft_of, read_draft
from contacts.segmentation.plan import Plan
from contacts.segmentation.rows import ShownGroup, ShownRow, show
from contacts.segmentation.statement import Builder
from core.conditions.compile import compile_tree
from core.conditions.criteria import OPERATORS, VALUELESS, criteria_for
from core.conditions.filters import filterset_for
from core.conditions.tree import Group, Leaf, parse
from core.conditions.words import OPERATOR_WORDS, sentence
from core.registries import records
from core.tests.factories import make_user
from core.ui.filter_menu import FilterRequest
from core.ui.list_query import ListQuery
from core.ui.lists import page_for
from tests.segments.questions import questions
from tests.segments.writes import make_cast

pytestmark = pytest.mark.django_db


def test_every_operator_has_words() -> None:
    used = {op for kind in records.all_types() for one in criteria_for(kind.key).values() for op in one.ops}
    assert used | {op for ops in OPERATORS.values() for op in ops} <= set(OPERATOR_WORDS)


def test_every_question_about_every_record_is_worded_and_answered() -> None:
    """No criterion says its key or an operator's, and none fails in the database."""
    refs, admin = make_cast().refs, make_user("admin", None, is_superuser=True)
    asked = 0
    for kind in records.all_types():
        for name, rule in questions(kind.key, refs):
            node = parse(rule)
            assert parse(node.to_json()) == node
            words = sentence(node, kind.key, admin)
            criterion = criteria_for(kind.key)[rule["field"]]
            assert str(criterion.label) in words, f"{kind.key}: {name}"
            assert str(OPERATOR_WORDS[rule["op"]]) in words, f"{kind.key}: {name}"
            assert not re.search(r"_|None|\bTrue\b|\bFalse\b|[\[\]{}]", words), f"{kind.key}: {name}: {words}"
            rows = kind.visible_to(admin)
            for tree in (node, Group("any", (node, Leaf(rule["field"], rule["op"], rule["value"])))):
                matching = rows.filter(compile_tree(tree, kind.key, admin))
                opposite = rows.exclude(pk__in=matching.values("pk"))
                assert matching.count() + opposite.count() == rows.count(), f"{kind.key}: {name}"
            asked += 1
    assert asked > 500


def test_every_question_about_people_survives_the_builder_and_explains_itself() -> None:
    cast = make_cast()
    admin = make_user("admin", None, is_superuser=True)
    plan, widgets = Plan(), set()
    for number, (name, rule) in enumerate(questions("contact", cast.refs)):
        node = parse({"all": [rule]})
        shown = show(draft_of(node), admin)
        widgets |= _widgets(shown)
        again = read_draft(_fields(shown)).to_node().to_json()
        assert again == _as_typed(node.to_json()), name
        plan.add(number, parse(again))
    statement = Builder(plan, criteria_for("contact"), cast.now, values=True).build()
    assert len(plan.leaves) > 250
    assert statement.sql.count(" AS l") == len(plan.leaves)
    assert widgets == {"text", "number", "date", "days", "pair", "choice", "record", "yes", "none"}


def test_every_filter_of_every_list_is_edited_into_itself() -> None:
    """The chip's form sent off unchanged is the same link."""
    refs, admin = make_cast().refs, make_user("admin", None, is_superuser=True)
    for kind in records.all_types():
        page = page_for(kind.key)
        if page is None:
            continue
        for name, rule in questions(kind.key, refs):
            if "where" in rule or "last" in rule:
                continue
            value = rule["value"]
            text = (
                "1" if rule["op"] in VALUELESS else ",".join(value) if isinstance(value, list) else str(value)
            )
            first = criteria_for(kind.key)[rule["field"]].ops[0]
            parameter = rule["field"] if rule["op"] == first else f"{rule['field']}__{rule['op']}"
            params = QueryDict(mutable=True)
            params[parameter] = text
            (chip,) = filterset_for(kind.key)(params, kind.visible_to(admin), user=admin).chips()
            params.update({"filter": chip.key, "op": chip.op, "edit": chip.parameter})
            params.setlist("value", list(chip.values))
            request = FilterRequest(ListQuery(page, admin, params), params)
            assert request.is_complete, f"{kind.key}: {name}: {request.error}"
            assert QueryDict(request.url()[1:]).dict() == {parameter: text}, f"{kind.key}: {name}"


def _as_typed(rule: dict[str, Any]) -> dict[str, Any]:
    """The same rule as the page sends it: `where` is a group."""
    inner = [dict(one) for one in rule["all"]]
    for one in inner:
        if "where" in one:
            one["where"] = {"all": [one["where"]]}
    return {"all": inner}


def _widgets(group: ShownGroup) -> set[str]:
    found: set[str] = set()
    for child in group.children:
        found |= (
            {child.widget, *(one.widget for one in child.narrow)} if isinstance(child, ShownRow) else set()
        )
    return found


def _fields(group: ShownGroup) -> QueryDict:
    """What the browser sends of a builder as it is shown."""
    data = QueryDict(mutable=True)
    data[f"{group.path}.mode"] = group.mode
    for child in group.children:
        assert isinstance(child, ShownRow)
        for row in (child, *child.narrow):
            data[f"{row.path}.field"] = next(c.value for _g, cs in row.fields for c in cs if c.chosen)
            data[f"{row.path}.op"] = next(c.value for c in row.operators if c.chosen)
            data.setlist(f"{row.path}.value", _values(row))
            data[f"{row.path}.last"] = row.last
    return data


def _values(row: ShownRow) -> list[str]:
    if row.widget in ("choice", "record", "yes"):
        return [choice.value for choice in row.choices if choice.chosen]
    return [] if row.widget == "none" else row.values


def test_relative_dates_and_sums_within_a_window_are_read_aloud() -> None:
    admin = make_user("admin", None, is_superuser=True)
    rule = parse({"all": [
        {"field": "orders.count", "op": "gte", "value": "3", "last": 90},
        {"field": "purchases.total", "op": "gt", "value": "500", "last": 90},
        {"any": [{"field": "created", "op": "in_last", "value": "7"}, {"not": {"field": "city", "op": "empty"}}]},
    ]})  # fmt: skip
    assert sentence(rule, "contact", admin) == (
        "Orders: number in the last 90 days is at least 3 and Orders: sum in base currency, less cancellations in the"
        " last 90 days is more than 500 and (Created in the last 7 days or not (City is empty))"
    )
    assert Contact.objects.filter(compile_tree(rule, "contact", admin)).count() == 0
