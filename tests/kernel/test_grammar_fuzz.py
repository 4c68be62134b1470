"""Anything that is not the grammar is refused by name; nothing that somebody writes becomes SQL."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from contacts.segmentation.plan import Plan, expand_node
from contacts.segmentation.statement import Builder
from core.conditions.compile import compile_tree
from core.conditions.criteria import OPERATORS, criteria_for
from core.conditions.sources import sources_for
from core.conditions.tree import ConditionError, parse
from core.conditions.words import sentence

pytestmark = pytest.mark.django_db
MANY = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
HOSTILE = [
    "'; DROP TABLE contacts_contact; --",
    "%s",
    "%(x)s",
    "pk__in",
    "owner__password",
    "a\x00b",
    "\\",
    "{0}",
    "l0",
]
operators = sorted({op for ops in OPERATORS.values() for op in ops})
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(HOSTILE),
        st.just("2026-01-31"), st.just(10**30),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=2)),
    max_leaves=4,
)  # fmt: skip


def leaves(names: list[str]) -> Any:
    return st.fixed_dictionaries(
        {
            "field": st.one_of(st.sampled_from(names), st.sampled_from(HOSTILE), st.text(max_size=8)),
            "op": st.one_of(st.sampled_from(operators), st.sampled_from(HOSTILE)),
            "value": values,
        },
        optional={
            "last": st.one_of(st.integers(-5, 99_999), st.sampled_from(HOSTILE)),
            "where": st.one_of(
                st.fixed_dictionaries({"field": st.sampled_from(["kind", "status", "x"]), "op": st.just("in"),
                                       "value": values}), values,
            ),
        },
    )  # fmt: skip


def test_only_the_grammar_gets_through() -> None:
    names = sorted(criteria_for("contact"))

    @MANY
    @given(
        st.recursive(
            st.one_of(leaves(names), values),
            lambda inner: st.one_of(
                st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
                st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
                st.fixed_dictionaries({"not": inner}),
            ),
            max_leaves=4,
        )
    )
    def property_(data: Any) -> None:
        try:
            tree = parse(data)
            condition = compile_tree(tree, "contact", None)
        except ConditionError as error:
            assert str(error)
            return
        list(Contact.objects.filter(condition)[:1])
        sentence(tree, "contact", None)
        plan = Plan()
        plan.add(0, expand_node(tree, {}))
        statement = Builder(plan, criteria_for("contact"), _now(), values=True).build()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [[1], *statement.params])

    property_()


def test_every_table_that_is_named_has_a_way_to_its_contacts() -> None:
    known = set(sources_for("contact"))
    named = {table for criterion in criteria_for("contact").values() for table in criterion.moved_by}
    assert named <= known


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
