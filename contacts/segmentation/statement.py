"""One set-based statement that judges a few thousand contacts by every leaf of a plan.

Conditions over a contact's own row and criteria of other apps are compiled by the ORM with their subqueries narrowed
to the touched contacts; counts and sums over one collection share one grouped scan. Every leaf is a column that is
never null, and beside it stand the moments at which time alone may turn it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from contacts.models import Contact, SegmentMember
from contacts.segmentation.plan import FIXED, Plan
from core.conditions.compile import compile_with
from core.conditions.criteria import RELATIVE, Criterion, Kind
from core.conditions.figures import Collection, Figure, in_window, rows_meant
from core.conditions.moment import at_moment
from core.conditions.sources import may_turn_unseen, sources_for, tables_of
from core.conditions.tree import ConditionError, Leaf
from core.conditions.values import clean
from core.conditions.within import TOUCHED, IsTouched, narrow, only_touched

SYMBOLS = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<", "is": "="}


@dataclass
class _Grouped:
    """The aggregates over one collection that leaves ask for."""

    collection: Collection
    aggregates: dict[str, Aggregate] = field(default_factory=dict)


@dataclass
class Statement:
    """`sql` gives one row for each touched contact: `id`, `alive`, leaves `l0…`, values `v0…` where asked for
    (`shown` says which), and `due_at`. Its first parameter, the array of ids, is not in `params`."""

    sql: str
    params: list[Any]
    shown: frozenset[int]


@dataclass
class Builder:
    """Builds the statement of a plan. `user` None is the system; `values` adds what explains an answer."""

    plan: Plan
    criteria: dict[str, Criterion]
    now: datetime
    user: Any = None
    values: bool = False

    def __post_init__(self) -> None:
        self.annotations: dict[str, Any] = {}
        self.grouped: dict[str, _Grouped] = {}
        self.columns: dict[int, tuple[str, list[Any]]] = {}
        self.shown: dict[int, str] = {}
        self.dues: list[str] = []

    def build(self) -> Statement:
        """The statement. Raises ConditionError."""
        with at_moment(self.now), only_touched():
            for number, leaf in enumerate(self.plan.leaves):
                self._leaf(number, leaf)
            return self._assemble()

    def _leaf(self, number: int, leaf: Leaf) -> None:
        if leaf.field == FIXED:
            members = narrow(SegmentMember.objects.filter(segment_id=leaf.value), "contact_id")
            self._column(number, Q(pk__in=members.values("contact_id")))
            return
        criterion = self.criteria.get(leaf.field)
        if criterion is None:
            raise ConditionError(_("There is no field “%(field)s” to filter by."), field=leaf.field[:60])
        if criterion.figure is not None:
            self._figure(number, leaf, criterion, criterion.figure)
            return
        self._column(number, compile_with(leaf, self.criteria, self.user, self.now))
        value = clean(criterion, leaf.op, leaf.value)
        for place, moment in enumerate(turning_points(criterion, leaf.op, value, self.now)):
            self.annotations[f"t{number}_{place}"] = moment
            self.dues.append(f"base.t{number}_{place}")
        if self.values and (criterion.shows is not None or criterion.path):
            self.annotations[f"v{number}"] = (
                criterion.shows(self.user) if criterion.shows is not None else F(criterion.path)
            )
            self.shown[number] = f"base.v{number}"

    def _column(self, number: int, condition: Q) -> None:
        self.annotations[f"l{number}"] = Case(
            When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        self.columns[number] = (f"coalesce(base.l{number}, false)", [])

    def _figure(self, number: int, leaf: Leaf, criterion: Criterion, figure: Figure) -> None:
        value = clean(criterion, leaf.op, leaf.value)
        group = self.grouped.setdefault(figure.collection.key, _Grouped(figure.collection))
        meant = rows_meant(figure, leaf, self.user, self.now)
        group.aggregates[f"f{number}"] = figure.measure.aggregate(meant)
        table = _name(figure.collection)
        shown = f"{table}.f{number}"
        if figure.measure.zero:
            shown = f"coalesce({shown}, 0)"
        if leaf.op == "between":
            self.columns[number] = (f"coalesce({shown} BETWEEN %s AND %s, false)", list(value))
        else:
            self.columns[number] = (f"coalesce({shown} {SYMBOLS[leaf.op]} %s, false)", [value])
        self.shown[number] = shown
        if leaf.last is not None:
            self._window_turns(number, leaf.last, figure, group, table)

    def _window_turns(self, number: int, days: int, figure: Figure, group: _Grouped, table: str) -> None:
        """A window turns when its oldest row leaves it or the next future row enters it."""
        at = figure.collection.at
        oldest = Min(at, filter=in_window(at, days, self.now)) + timedelta(days=days)
        group.aggregates[f"o{number}"] = ExpressionWrapper(oldest, output_field=DateTimeField())  # type: ignore[assignment]
        group.aggregates[f"n{number}"] = Min(at, filter=Q(**{f"{at}__gt": self.now}))
        self.dues += [f"{table}.o{number}", f"{table}.n{number}"]

    def _assemble(self) -> Statement:
        tables = [f"{TOUCHED} AS MATERIALIZED (SELECT DISTINCT unnest(%s::bigint[]) AS id)"]
        params: list[Any] = []
        base: QuerySet[Any] = Contact.objects.filter(IsTouched()).order_by()
        base = base.annotate(**self.annotations).values("pk", *self.annotations)
        sql, own = base.query.sql_with_params()
        names = ", ".join(["id", *self.annotations])
        tables.append(f"base ({names}) AS ({sql})")
        params += own
        joins = ["LEFT JOIN base ON base.id = t.id"]
        for group in self.grouped.values():
            party = group.collection.party
            rows = group.collection.rows_of_touched(self.user).values(party).annotate(**group.aggregates)
            try:
                sql, own = rows.query.sql_with_params()
            except EmptyResultSet:  # nothing of it is in the asker's scope
                sql, own = _no_rows(list(group.aggregates)), ()
            name, inner = _name(group.collection), ", ".join(["id", *group.aggregates])
            tables.append(f"{name} ({inner}) AS ({sql})")
            params += own
            joins.append(f"LEFT JOIN {name} ON {name}.id = t.id")
        columns = []
        for number, (sql, values) in sorted(self.columns.items()):
            columns.append(f"{sql} AS l{number}")
            params += values
        if self.values:
            columns += [f"{sql} AS v{number}" for number, sql in sorted(self.shown.items())]
        moments = [f"CASE WHEN {due} > %s THEN {due} END" for due in self.dues]
        params += [self.now] * len(moments)
        columns.append(f"LEAST({', '.join(moments)}) AS due_at" if moments else "NULL::timestamptz AS due_at")
        select = ", ".join(["t.id", "base.id IS NOT NULL AS alive", *columns])
        # parts that the ORM compiled and names made here; every value is a parameter
        text = f"WITH {', '.join(tables)} SELECT {select} FROM {TOUCHED} t {' '.join(joins)}"  # noqa: S608
        return Statement(text, params, frozenset(self.shown))


def turning_points(criterion: Criterion, op: str, value: Any, now: datetime) -> list[Any]:
    """The moments at which time alone may turn a comparison, as expressions over the contact's row.

    Raises ConditionError where time turns it and nobody has said when.
    """
    if criterion.turns is not None:
        return list(criterion.turns(op, value, now))
    if may_turn_unseen(criterion, op):
        raise ConditionError(_("%(field)s can't be kept up to date."), field=criterion.label)
    if criterion.build is not None or criterion.kind != Kind.DATE or op not in RELATIVE:
        return []
    path = criterion.path
    shift = -value if op == "in_next" else value
    later = Case(
        When(**{f"{path}__gt": now - shift}, then=F(path) + Value(shift)), output_field=DateTimeField()
    )
    return [F(path), later]


def unkept_reason(leaf: Leaf, criterion: Criterion) -> str:
    """Why a condition can't be kept up as records change; an empty string where it can."""
    tables = tables_of(criterion, Contact)
    if not tables or tables - set(sources_for("contact")):
        return _("%(field)s is asked afresh each time it is looked at.") % {"field": criterion.label}
    if may_turn_unseen(criterion, leaf.op):
        return _("%(field)s is asked afresh each time it is looked at.") % {"field": criterion.label}
    return ""


def _no_rows(names: list[str]) -> str:
    types = ("numeric" if name.startswith("f") else "timestamptz" for name in names)
    return "SELECT NULL::bigint, " + ", ".join(f"NULL::{one}" for one in types) + " WHERE false"


def _name(collection: Collection) -> str:
    return "c_" + "".join(letter if letter.isalnum() else "_" for letter in collection.key)
