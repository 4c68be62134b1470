"""Writing a chunk of order lines: new orders with their totals, new lines, changed lines."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import TimelineEntry
from core.custom_fields.importing import column_of
from core.enums import ImportRowFate
from core.importing.bulk import copy_rows, next_ids, update_rows
from core.importing.problems import Problem
from core.importing.rows import Change, ImportContext, Row
from core.money import WITHOUT_CENTS, rate_on, round_money
from sales.importing.order_heads import SOURCE, Head, OrderHeads, changeable, plain_of_new
from sales.importing.order_left_alone import tell_what_lines_leave
from sales.importing.order_traces import tell_orders
from sales.models import Order, OrderLine

LINE_COLUMNS = (
    "created_at", "updated_at", "order_id", "product_id", "description", "quantity", "unit_price", "total",
    "position",
)  # fmt: skip


@dataclass
class Draft:
    """An order as this chunk knows it: the rows of its lines and where in the order they stand."""

    number: str
    order: Order | None = None
    rows: list[tuple[int, Row]] = field(default_factory=list)
    head: Head | None = None

    @property
    def plain_rows(self) -> list[Row]:
        return [row for _place, row in self.rows]


class OrderChunk:
    """Writes the rows of a chunk. `dealt` counts the lines of each order that it wrote."""

    def __init__(self, context: ImportContext, customers: dict[str, int], products: dict[str, int]) -> None:
        self.context, self.customers, self.products = context, customers, products
        self.dealt: Counter[str] = Counter()
        self.now = timezone.now()
        self.heads = OrderHeads(context)

    def write(self, rows: list[Row]) -> None:
        drafts = self._drafts(self.heads.read(rows))
        self._attach_known(drafts)
        new = [draft for draft in drafts.values() if draft.order is None]
        old = self._changeable([draft for draft in drafts.values() if draft.order is not None])
        if self.heads.of_new:
            new = self._with_heads(new, creating=True)
        if self.heads.names:
            old = self._with_heads(old, creating=False)
        self._create(new)
        created = self._lines_of_new(new)
        changed = self._lines_of_old(old)
        copy_rows(OrderLine, LINE_COLUMNS, created)
        self._total_again(changed)
        tell_orders(self.context, [draft.order for draft in new if draft.order is not None])
        written = [draft for draft in (*new, *old) if draft.order is not None]
        self._tell_what_stays(written, new)
        self._write_heads(written, old)
        self.dealt.update({draft.number: len(draft.rows) for draft in written})

    def _with_heads(self, drafts: list[Draft], *, creating: bool) -> list[Draft]:
        """The drafts whose own values can stand; the others' lines have failed."""
        dealt = self.context.memory["dealt"]
        for draft in drafts:
            draft.head = self.heads.of(
                draft.number, draft.plain_rows, draft.order, begun=dealt[draft.number] > 0
            )
        self.heads.settle([draft.head for draft in drafts if draft.head is not None], creating=creating)
        return [draft for draft in drafts if draft.head is not None and not draft.head.failed]

    def _write_heads(self, drafts: list[Draft], old: list[Draft]) -> None:
        orders = {draft.order.pk: draft.order for draft in old if draft.order is not None}
        self.heads.change([draft.head for draft in old if draft.head is not None], orders)
        self.heads.add_tags([row for draft in drafts for row in draft.plain_rows])
        self.heads.remember([draft.head for draft in drafts if draft.head is not None])

    def _tell_what_stays(self, written: list[Draft], new: list[Draft]) -> None:
        begun = {draft.number for draft in new} | self.context.memory["dealt"].keys()
        orders = {draft.order.pk for draft in written if draft.order is not None and draft.number in begun}
        lines = [(row, draft.order) for draft in written if draft.order for row in draft.plain_rows]
        tell_what_lines_leave(self.context, lines, self.customers, orders)

    def _drafts(self, rows: list[Row]) -> dict[str, Draft]:
        drafts: dict[str, Draft] = {}
        first = self._first_places({row.values["number"] for row in rows})
        for row in rows:
            number = row.values["number"]
            draft = drafts.setdefault(number, Draft(number))
            draft.rows.append((first[number] + len(draft.rows), row))
        return drafts

    def _first_places(self, numbers: set[str]) -> Mapping[str, int]:
        """Where in its order the first line of this chunk stands. Mended lines, which the import before could not
        take, stand behind those that it took."""
        dealt: Counter[str] = self.context.memory["dealt"]
        if self.context.batch.corrects_id is None:
            return dealt
        lines = OrderLine.objects.filter(order__source=SOURCE, order__external_id__in=numbers)
        last = lines.order_by().values_list("order__external_id").annotate(last=Max("position"))
        return Counter({number: place + 1 for number, place in last})

    def _attach_known(self, drafts: dict[str, Draft]) -> None:
        known = Order.objects.filter(source=SOURCE, external_id__in=list(drafts))
        for order in known:
            drafts[order.external_id].order = order

    def _changeable(self, drafts: list[Draft]) -> list[Draft]:
        """Those whose order the person may change, or has brought with earlier lines; the others' lines fail."""
        begun = self.context.memory["dealt"]
        mine = changeable(self.context, [draft.order.pk for draft in drafts if draft.order is not None])
        found = []
        for draft in drafts:
            if begun[draft.number] or (draft.order is not None and draft.order.pk in mine):
                found.append(draft)
                continue
            for row in draft.plain_rows:
                row.fail(Problem("scope", _("this record exists and is not yours to change.")))
        return found

    def _create(self, drafts: list[Draft]) -> None:
        """Insert orders with the totals of their lines; those without a rate on their day fail."""
        orders = []
        for draft, pk in zip(drafts, next_ids(Order, len(drafts)) if drafts else [], strict=True):
            try:
                draft.order = self._order(draft, pk)
            except ValidationError as error:
                for _place, row in draft.rows:
                    row.fail(Problem("rate", " ".join(error.messages), "ordered_at"))
                continue
            orders.append(draft.order)
        Order.objects.bulk_create(orders, batch_size=2000)

    def _order(self, draft: Draft, pk: int) -> Order:
        first = draft.rows[0][1]
        values = first.values
        currency = self.context.currency
        day: datetime = values["ordered_at"]
        total = sum((self._total(row) for _place, row in draft.rows), Decimal(0))
        rate = self._rate(day.date())
        return Order(
            pk=pk,
            number=draft.number,
            external_id=draft.number,
            contact_id=self.customers.get(values.get("customer", "")),
            company_id=values.get("company"),
            owner_id=self.context.owner_id,
            team_id=self.context.owner_team_id,
            ordered_at=day,
            is_cancellation=total < 0 and all(row.values["quantity"] < 0 for _place, row in draft.rows),
            currency=currency,
            total=total,
            rate_to_base=rate,
            rate_date=day.date(),
            base_total=round_money(total * rate, self.context.memory["base"]),
            **plain_of_new(first),
            custom=(column_of(draft.head.row) if draft.head is not None else None) or {},
        )

    def _rate(self, day: date) -> Decimal:
        if self.context.currency == self.context.memory["base"]:
            return Decimal(1)
        rates: dict[date, Decimal] = self.context.memory["rates"]
        if day not in rates:
            rates[day] = rate_on(self.context.currency, day)
        return rates[day]

    def _total(self, row: Row) -> Decimal:
        total: Decimal = row.values["quantity"] * row.values["unit_price"]
        if self.context.currency in WITHOUT_CENTS:
            return round_money(total, self.context.currency)
        return round_money(total)

    def _line(self, row: Row, order_id: int, position: int) -> tuple[Any, ...]:
        values = row.values
        return (
            self.now,
            self.now,
            order_id,
            self.products.get(values.get("sku", "").lower()),
            values.get("description", ""),
            values["quantity"],
            values["unit_price"],
            self._total(row),
            position,
        )

    def _lines_of_new(self, drafts: Iterable[Draft]) -> list[tuple[Any, ...]]:
        lines = []
        for draft in drafts:
            if draft.order is None:
                continue
            for position, row in draft.rows:
                lines.append(self._line(row, draft.order.pk, position))
                row.fate, row.object_id = ImportRowFate.CREATED, draft.order.pk
        return lines

    def _lines_of_old(self, drafts: list[Draft]) -> set[int]:
        """Compare with the lines that are there; returns the ids of orders with new or changed lines."""
        orders = [draft.order.pk for draft in drafts if draft.order is not None]
        there = {
            (line.order_id, line.position): line
            for line in OrderLine.objects.filter(order__in=orders).iterator(chunk_size=5000)
        }
        new, changes, touched = [], [], set()
        for draft in drafts:
            assert draft.order is not None
            for position, row in draft.rows:
                wanted = self._line(row, draft.order.pk, position)
                row.object_id = draft.order.pk
                line = there.get((draft.order.pk, position))
                if line is None:
                    new.append(wanted)
                    row.fate = ImportRowFate.CREATED
                elif _values_of(line) != wanted[3:8]:
                    changes.append((line.pk, *wanted[3:8]))
                    row.fate = ImportRowFate.UPDATED
                    if self.context.dry_run:
                        row.changes += _differences(line, wanted)
                else:
                    row.fate = ImportRowFate.SKIPPED
                    continue
                touched.add(draft.order.pk)
        copy_rows(OrderLine, LINE_COLUMNS, new)
        update_rows(OrderLine, LINE_COLUMNS[3:8], changes)
        return touched

    def _total_again(self, orders: set[int]) -> None:
        """Sum up the orders whose lines have changed, and tell their timelines."""
        if not orders:
            return
        sums = OrderLine.objects.filter(order__in=orders).values("order_id").annotate(sum=Sum("total"))
        totals = {row["order_id"]: row["sum"] for row in sums}
        changes = []
        for order in Order.objects.filter(pk__in=orders):
            total = totals[order.pk]
            base = round_money(total * order.rate_to_base, self.context.memory["base"])
            changes.append((order.pk, total, base))
        changed = update_rows(Order, ("total", "base_total"), changes)
        entries = list(TimelineEntry.objects.filter(record_type="order", object_id__in=changed))
        for entry in entries:
            entry.data = {**entry.data, "total": str(totals[entry.object_id or 0])}
        TimelineEntry.objects.bulk_update(entries, ["data"], batch_size=1000)


def _differences(line: OrderLine, wanted: tuple[Any, ...]) -> list[Change]:
    """What a trial says of a changed line."""
    names = ("description", "quantity", "unit_price")
    pairs = [(name, getattr(line, name), value) for name, value in zip(names, wanted[4:7], strict=True)]
    return [Change(name, before, after) for name, before, after in pairs if before != after]


def _values_of(line: OrderLine) -> tuple[Any, ...]:
    return (line.product_id, line.description, line.quantity, line.unit_price, line.total)
