"""Writing a chunk of order lines: new orders with their totals, new lines, changed lines."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone

from contacts.models import TimelineEntry
from contacts.services.timeline import record_timeline
from core.enums import ImportRowFate
from core.importing.bulk import copy_rows, next_ids, update_rows
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from core.money import WITHOUT_CENTS, rate_on, round_money
from sales.enums import OrderStatus
from sales.models import Order, OrderLine
from sales.services.customers import mark_customers
from sales.services.happenings import happening_of_order

SOURCE = "import"
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


class OrderChunk:
    """Writes the rows of a chunk. `dealt` counts the lines of each order that it dealt with."""

    def __init__(self, context: ImportContext, customers: dict[str, int], products: dict[str, int]) -> None:
        self.context, self.customers, self.products = context, customers, products
        self.dealt: Counter[str] = Counter()
        self.now = timezone.now()

    def write(self, rows: list[Row]) -> None:
        drafts = self._drafts(rows)
        self._attach_known(drafts)
        new = [draft for draft in drafts.values() if draft.order is None]
        self._create(new)
        old = [draft for draft in drafts.values() if draft.order is not None and draft not in new]
        created = self._lines_of_new(new)
        changed = self._lines_of_old(old)
        copy_rows(OrderLine, LINE_COLUMNS, created)
        self._total_again(changed)
        self._tell([draft.order for draft in new if draft.order is not None])

    def _drafts(self, rows: list[Row]) -> dict[str, Draft]:
        drafts: dict[str, Draft] = {}
        dealt = self.context.memory["dealt"]
        for row in rows:
            number = row.values["number"]
            draft = drafts.setdefault(number, Draft(number))
            draft.rows.append((dealt[number] + len(draft.rows), row))
            self.dealt[number] += 1
        return drafts

    def _attach_known(self, drafts: dict[str, Draft]) -> None:
        known = Order.objects.filter(source=SOURCE, external_id__in=list(drafts))
        for order in known:
            drafts[order.external_id].order = order

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
            source=SOURCE,
            contact_id=self.customers.get(values.get("customer", "")),
            company_id=values.get("company"),
            owner_id=self.context.owner_id,
            team_id=self.context.owner_team_id,
            ordered_at=day,
            status=OrderStatus.PLACED,
            is_cancellation=total < 0 and all(row.values["quantity"] < 0 for _place, row in draft.rows),
            currency=currency,
            total=total,
            rate_to_base=rate,
            rate_date=day.date(),
            base_total=round_money(total * rate, self.context.memory["base"]),
            country=(first.words.get("country") or "")[:80],
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

    def _tell(self, orders: list[Order]) -> None:
        actor = self.context.actor
        known = [order for order in orders if order.contact_id or order.company_id]
        happenings = [happening_of_order(order, actor.pk if actor else None) for order in known]
        record_timeline(actor=actor, happenings=happenings)
        bought = [order for order in known if not order.is_cancellation]
        mark_customers(
            actor=actor,
            contact_ids=[order.contact_id for order in bought if order.contact_id],
            company_ids=[order.company_id for order in bought if order.company_id],
        )


def _values_of(line: OrderLine) -> tuple[Any, ...]:
    return (line.product_id, line.description, line.quantity, line.unit_price, line.total)
