"""What the lines of an order say of the order itself: its tags and its custom fields.

A file has them on each line of an order, on the first, or anywhere among them. Tags add up. Of a custom field the
first line that has a value counts; a later one that says otherwise keeps its line and is told beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contacts.importing.attached import add_tags
from core.custom_fields.cache import definitions_for
from core.custom_fields.import_diff import custom_changes
from core.custom_fields.importing import column_of, fill_custom, given_values, mapped_names, mean_the_same
from core.custom_fields.names import is_custom, key_of
from core.custom_fields.values import read
from core.enums import AccessLevel, Action, ImportRowFate
from core.expressions import Among
from core.importing.bulk import update_rows
from core.importing.problems import UNDECIDED, Problem
from core.importing.rows import ImportContext, Row, Rule
from core.importing.targets import Applied
from sales.enums import OrderStatus
from sales.models import Order

SOURCE = "import"
GIVEN = "given"
"""What a row brings for custom fields, by the fields' names."""
SAID = "said"
"""Memory of a run: by order, the custom values that its lines gave so far, by the fields' names."""


@dataclass
class Head:
    """An order as its lines in this chunk describe it. `row` stands for the order; `brought` says which line gave
    each of its values."""

    key: str | int
    number: str
    rows: list[Row]
    row: Row
    brought: dict[str, Row] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return self.row.fate is not None

    def fail_lines(self) -> None:
        """What can't stand for the order can't for any of its lines."""
        for problem in self.row.problems:
            if problem.code not in UNDECIDED:
                for row in self.rows:
                    row.fail(problem)


class OrderHeads:
    """The custom values and tags of a chunk's orders. Costs nothing where no column brings any, and no field of
    orders has a default or a formula."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.definitions = definitions_for("order")
        self.names = [name for name in mapped_names(context) if key_of(name) in self.definitions]
        self.of_new = bool(self.names) or any(
            one.default is not None or not one.is_written for one in self.definitions.values()
        )
        self.memory: dict[str | int, dict[str, Any]] = context.memory.setdefault(SAID, {})

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """Read what the rows bring; returns those that could be read, the others have failed."""
        if self.names:
            for row, given in zip(rows, given_values(self.context, "order", rows), strict=True):
                row.extras[GIVEN] = given
        return [row for row in rows if row.fate is None]

    def of(self, key: str | int, rows: Sequence[Row], order: Order | None, *, begun: bool) -> Head:
        """The order `key` (its number in the file, or our id) as `rows` say; `order` is None for a new one.
        `begun`: earlier lines of this run were of it; what they gave is remembered, or taken for what the order
        holds where a run goes on after a crash."""
        number = order.number if order else str(key)
        head = Head(key, number, list(rows), Row(rows[0].line, [], {}, object_id=order.pk if order else None))
        head.said = dict(self._said(key, order, begun=begun))
        if order is None:
            head.row.values.update(plain_of_new(rows[0]))
            head.row.values.update(head.said)  # by a trial, which has taken the earlier lines back
        for row in rows:
            for name, value in row.extras.get(GIVEN, {}).items():
                self._take(head, row, name, value)
            head.row.problems += [p for p in row.problems if _waits(p) and p not in head.row.problems]
        fill = {name for name in self.names if self.context.rule(name) != Rule.OVERWRITE}
        head.row.extras["fill"] = fill & head.row.values.keys()
        return head

    def _said(self, key: str | int, order: Order | None, *, begun: bool) -> Mapping[str, Any]:
        if key in self.memory or order is None or not begun:
            return self.memory.get(key, {})
        held = {name: read(self.definitions[key_of(name)], order.custom) for name in self.names}
        return {name: value for name, value in held.items() if value is not None}

    def _take(self, head: Head, row: Row, name: str, value: Any) -> None:
        one = self.definitions.get(key_of(name))
        if name not in head.said:
            head.said[name] = head.row.values[name] = value
            head.brought[name] = row
        elif not mean_the_same(one, head.said[name], value):
            label = one.label if one else name
            text = _("another line of order %(number)s has another value, which stays.") % {
                "number": head.number
            }
            row.problems.append(Problem("contradicts", text, name, label))

    def settle(self, heads: Sequence[Head], *, creating: bool) -> list[Head]:
        """Work out the custom columns; returns the heads that can stand, the others' lines have failed."""
        fill_custom(self.context, "order", [head.row for head in heads], creating=creating)
        for head in heads:
            if head.failed:
                head.fail_lines()
                continue
            for row in head.rows:
                row.problems = [p for p in row.problems if not _waits(p) or p in head.row.problems]
        return [head for head in heads if not head.failed]

    def change(self, heads: Sequence[Head], orders: Mapping[int, Order]) -> None:
        """Write the custom columns of orders that are here; lines that changed one are updated ones."""
        moved = []
        for head in heads:
            pk = head.row.object_id or 0
            column = column_of(head.row)
            if column is not None and column != orders[pk].custom:
                moved.append((head, orders[pk].custom, column))
        if not moved:
            return
        update_rows(Order, ("custom",), [(head.row.object_id, column) for head, _was, column in moved])
        told = custom_changes(self.context, "order", [(was, column) for _head, was, column in moved])
        for (head, _was, _column), changes in zip(moved, told, strict=True):
            for change in changes:
                row = head.brought.get(change.field)
                if row is not None and row.fate in (None, ImportRowFate.SKIPPED):
                    row.fate = ImportRowFate.UPDATED
                if row is not None and self.context.dry_run:
                    row.changes.append(change)

    def add_tags(self, rows: Sequence[Row]) -> None:
        """Put the lines' tags on their orders; a line that added one is an updated one."""
        tagged = [(row, row.object_id) for row in rows if row.object_id is not None and "tags" in row.values]
        for row, _pk in add_tags(self.context, Applied(same=tagged), Order.tags.through, "order_id"):
            if row.fate in (None, ImportRowFate.SKIPPED):
                row.fate = ImportRowFate.UPDATED

    def remember(self, heads: Sequence[Head]) -> None:
        """Keep what these orders' lines gave, for lines further down: called once the chunk stands."""
        if self.names:
            self.memory.update((head.key, head.said) for head in heads)


def changeable(context: ImportContext, ids: Sequence[int]) -> set[int]:
    """Those of the orders that the person may change."""
    profile = context.profile
    if profile is None or not ids or profile.level("order", Action.CHANGE) == AccessLevel.ALL:
        return set(ids)
    scoped = Order.objects.visible_to(context.actor, Action.CHANGE)
    return set(scoped.filter(Among("pk", ids)).values_list("pk", flat=True))


def plain_of_new(first: Row) -> dict[str, Any]:
    """The own fields of an order that its first line makes."""
    country = (first.words.get("country") or "")[:80]
    return {"source": SOURCE, "status": OrderStatus.PLACED, "country": country}


def _waits(problem: Problem) -> bool:
    return problem.code in UNDECIDED and is_custom(problem.field)
