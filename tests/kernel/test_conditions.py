"""The condition grammar against an oracle in Python; and that nothing but the grammar gets through."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from core.conditions import criteria
from core.conditions.compile import compile_tree
from core.conditions.criteria import Criterion, Kind
from core.conditions.filters import filterset_for
from core.conditions.tree import ConditionError, parse
from core.conditions.words import sentence
from core.models import Role, RoleGrant
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
TYPE = "test_contact"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
COUNTRIES = ["DE", "FR", ""]


@pytest.fixture(autouse=True, scope="module")
def _criteria() -> None:
    criteria.register(
        TYPE,
        Criterion("name", "Name", Kind.TEXT, path="name"),
        Criterion("country", "Country", Kind.CHOICE, path="country"),
        Criterion("quiet", "Do not contact", Kind.BOOL, path="do_not_contact"),
        Criterion("last", "Last activity", Kind.DATE, path="last_activity_at"),
        Criterion("number", "Number", Kind.NUMBER, path="version"),
    )


names = st.sampled_from(["Ada", "ada", "Bo", "100%", "a_a"])
leaf = st.one_of(
    st.builds(
        lambda v: {"field": "name", "op": "contains", "value": v}, st.sampled_from(["a", "%", "_", "o"])
    ),
    st.builds(lambda v, o: {"field": "name", "op": o, "value": v}, names, st.sampled_from(["is", "is_not"])),
    st.builds(
        lambda v, o: {"field": "country", "op": o, "value": v},
        st.lists(st.sampled_from(COUNTRIES), min_size=1),
        st.sampled_from(["in", "not_in"]),
    ),
    st.builds(lambda o: {"field": "country", "op": o}, st.sampled_from(["empty", "not_empty"])),
    st.builds(lambda v: {"field": "quiet", "op": "is", "value": v}, st.booleans()),
    st.builds(
        lambda v, o: {"field": "last", "op": o, "value": v},
        st.integers(1, 20),
        st.sampled_from(["in_last", "not_in_last", "in_next"]),
    ),
    st.builds(lambda o: {"field": "last", "op": o}, st.sampled_from(["empty", "not_empty"])),
    st.builds(
        lambda v, o: {"field": "number", "op": o, "value": v},
        st.integers(0, 3),
        st.sampled_from(["gte", "lt", "is"]),
    ),
)
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3)),
        st.builds(lambda items: {"any": items}, st.lists(inner, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
    ),
    max_leaves=6,
)


def holds(tree: dict[str, Any], row: Contact) -> bool:
    """What the tree means, said once more in plain Python."""
    if "all" in tree:
        return all(holds(item, row) for item in tree["all"])
    if "any" in tree:
        return any(holds(item, row) for item in tree["any"])
    if "not" in tree:
        return not holds(tree["not"], row)
    value, op = tree.get("value"), tree["op"]
    match tree["field"]:
        case "name":
            name = row.name.casefold()
            return {
                "contains": value.casefold() in name,
                "is": value.casefold() == name,
                "is_not": value.casefold() != name,
            }[op]
        case "country":
            present = row.country != ""
            return {
                "in": row.country in (value or []),
                "not_in": row.country not in (value or []),
                "empty": not present,
                "not_empty": present,
            }[op]
        case "quiet":
            return bool(row.do_not_contact == value)
        case "number":
            return {"gte": row.version >= value, "lt": row.version < value, "is": row.version == value}[op]
    last = row.last_activity_at
    if op in ("empty", "not_empty"):
        return (last is None) == (op == "empty")
    span = timedelta(days=value)
    within = last is not None and NOW - span < last <= NOW
    return {
        "in_last": within,
        "not_in_last": not within,
        "in_next": last is not None and NOW < last <= NOW + span,
    }[op]


@pytest.fixture
def rows() -> list[Contact]:
    lasts = [None, NOW, NOW - timedelta(days=3), NOW - timedelta(days=10), NOW + timedelta(days=5)]
    made = []
    for number, (name, country) in enumerate((n, c) for n in ["Ada", "Bo", "100%", "a_a"] for c in COUNTRIES):
        made.append(
            Contact.objects.create(
                name=name,
                country=country,
                do_not_contact=number % 2 == 0,
                last_activity_at=lasts[number % 5],
                version=number % 4,
            )
        )
    return made


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_sql_agrees_with_the_oracle(rows: list[Contact], tree: dict[str, Any]) -> None:
    condition = compile_tree(parse(tree), TYPE, None, now=NOW)
    found = set(Contact.objects.filter(condition).values_list("pk", flat=True))
    assert found == {row.pk for row in rows if holds(tree, row)}
    assert sentence(parse(tree), TYPE, None)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"field": "password", "op": "is", "value": "x"}, "no field “password”"),
        ({"field": "owner__password", "op": "contains", "value": "x"}, "no field “owner__password”"),
        ({"field": "name", "op": "regex", "value": ".*"}, "cannot be compared with “regex”"),
        ({"field": "number", "op": "gte", "value": "1; DROP TABLE x"}, "needs a number"),
        ({"field": "number", "op": "gte", "value": "NaN"}, "needs a number"),
        ({"field": "last", "op": "in_last", "value": "-3"}, "needs a whole number"),
        ({"field": "last", "op": "in_last", "value": "99999999"}, "at most 36500 days"),
        ({"field": "last", "op": "before", "value": "2026-13-45"}, "needs a date"),
        ({"field": "quiet", "op": "is", "value": "maybe"}, "yes or no"),
        ({"field": "name", "op": "is", "value": "a\x00b"}, "at most 300 characters"),
        ({"all": [], "any": []}, "exactly one"),
        ({"xor": []}, "not a group"),
        ([], "A condition is an object"),
        ({"field": "name", "op": "is", "value": "x", "sql": "1=1"}, "A condition has"),
    ],
)
def test_anything_else_is_refused_by_name(tree: Any, message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        compile_tree(parse(tree), TYPE, None)


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, Any] = {"field": "quiet", "op": "is", "value": True}
    for _level in range(12):
        deep = {"not": deep}
    with pytest.raises(ConditionError, match="deep"):
        parse(deep)
    with pytest.raises(ConditionError, match="at most 60"):
        parse({"any": [{"field": "quiet", "op": "is", "value": True}] * 61})


def test_hidden_field_is_as_unknown_as_a_wrong_one() -> None:
    user, role = make_user(), Role.objects.create(key="r", name="r")
    RoleGrant.objects.create(role=role, record_type=TYPE, view="all", hidden_fields=["country"])
    user.roles.add(role)
    with pytest.raises(ConditionError, match="no field “country”"):
        compile_tree(parse({"field": "country", "op": "in", "value": ["DE"]}), TYPE, user)


def test_url_is_parsed_into_the_same_tree_and_wrong_parts_are_told(rows: list[Contact]) -> None:
    user = make_user(is_superuser=True)
    where = json.dumps({"not": {"field": "quiet", "op": "is", "value": True}})
    data = QueryDict(mutable=True)
    data.update({"country": "DE,FR", "number__gte": "lots", "where": where, "page": "3"})
    filters = filterset_for(TYPE)(data, Contact.objects.all(), user=user)
    expected = {r.pk for r in rows if r.country in ("DE", "FR") and not r.do_not_contact}
    assert set(filters.qs.values_list("pk", flat=True)) == expected
    assert set(filters.problems) == {"number__gte"}
    assert filters.unknown() == ["page"]


def test_days_are_the_viewers_days() -> None:
    Contact.objects.create(name="late", last_activity_at=datetime(2026, 6, 14, 22, 30, tzinfo=UTC))
    tree = parse({"field": "last", "op": "on", "value": "2026-06-15"})
    from zoneinfo import ZoneInfo

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert Contact.objects.filter(compile_tree(tree, TYPE, None)).count() == 1
    with timezone.override(UTC):
        assert Contact.objects.filter(compile_tree(tree, TYPE, None)).count() == 0
