"""Products, deals with their history, orders with season and churn, targets."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncQuarter

from contacts.models import TimelineEntry
from core.models import Tag, User
from core.text import sort_key
from demo import steps
from demo.copying import copy_rows, reserve_ids
from demo.custom import RUSH, Values
from demo.parties import Known
from demo.words import DEAL_PHRASES, PRODUCTS, SOURCES
from demo.world import World
from sales.models import (
    Deal,
    DealContact,
    DealLine,
    DealStageChange,
    Order,
    OrderLine,
    Pipeline,
    Product,
    Quota,
    Stage,
)

DEALS_PER_CONTACT = 0.3
SEASON = (0.8, 0.85, 1.0, 1.0, 1.05, 0.95, 0.7, 0.7, 1.05, 1.15, 1.35, 1.4)  # by month
LOST = ("price", "competitor", "no_budget", "no_decision", "timing", "no_answer")
WON = ("product", "price", "relationship", "service", "delivery")


def seed_products() -> list[Product]:
    return [
        Product.objects.create(
            name=name,
            sort_name=sort_key(name),
            sku=sku,
            category=category,
            list_price=Decimal(price),
            currency="EUR",
            custom={"shelf": f"{'ABC'[place % 3]}-{place // 3 + 1}"},
        )
        for place, (sku, name, category, price) in enumerate(PRODUCTS)
    ]


def seed_deals(world: World, known: list[Known], products: list[Product]) -> int:
    """Deals of contacts at companies, moved through the stages; returns the timeline entries made."""
    pipeline = Pipeline.objects.get(is_default=True)
    stages = list(pipeline.stages.order_by("position"))
    at_company = [contact for contact in known if contact.firm] or known
    count = int(world.contacts * DEALS_PER_CONTACT)
    made = [_Deal(world, pk, at_company, stages, products) for pk in reserve_ids(Deal, count)]
    _plan_steps(world, made)
    copy_rows(
        Deal, _Deal.NAMES, (deal.row() for deal in made), pipeline=pipeline.pk, currency="EUR", rate_to_base=1
    )
    copy_rows(
        DealContact,
        ("deal", "contact", "role", "is_primary"),
        ((d.pk, d.contact.id, "decision_maker", True) for d in made),
    )
    copy_rows(
        DealLine,
        ("deal", "product", "description", "quantity", "unit_price", "total"),
        (d.line() for d in made),
    )
    copy_rows(
        DealStageChange,
        ("deal", "from_stage", "to_stage", "at", "actor", "days_in_stage"),
        (step for d in made for step in d.steps()),
    )
    names = (
        "contact",
        "company",
        "kind",
        "occurred_at",
        "actor",
        "title",
        "data",
        "record_type",
        "object_id",
        "dedupe_key",
    )
    return copy_rows(TimelineEntry, names, (entry for d in made for entry in d.entries()))


def _plan_steps(world: World, made: list["_Deal"]) -> None:
    """What comes next for the open deals."""
    open_deals = [deal for deal in made if deal.stage.outcome == "open"]
    for pk, deal in zip(steps.reserve(len(open_deals)), open_deals, strict=True):
        deal.step = steps.plan_step(world, pk)
    planned = [(deal.pk, deal.contact, deal.step) for deal in open_deals if deal.step is not None]
    steps.write_steps(world, planned)


class _Deal:
    """One deal with its way through the stages, worked out before it is written."""

    NAMES = (
        "id",
        "name",
        "sort_name",
        "company",
        "contact",
        "stage",
        "status",
        "stage_since",
        "probability",
        "amount",
        "base_amount",
        "rate_date",
        "expected_close",
        "opened_at",
        "closed_at",
        "lost_reason",
        "won_reason",
        "owner",
        "team",
        "source",
        "created_at",
        "next_step",
        "next_step_at",
    )

    def __init__(
        self, world: World, pk: int, known: list[Known], stages: list[Stage], products: list[Product]
    ) -> None:
        random = world.random
        self.pk, self.now = pk, world.now
        self.contact = random.choice(known)
        self.owner: User = self.contact.owner
        self.product, self.quantity = random.choice(products), random.randint(1, 12)
        self.amount = (self.product.list_price or Decimal(0)) * self.quantity
        phrase = random.choice(DEAL_PHRASES)
        self.opened = world.moment(max(self.contact.created, world.start))
        self.name = phrase % {
            "product": self.product.name,
            "count": self.quantity,
            "year": self.opened.year + 1,
        }
        self.source = random.choice(SOURCES)
        self.step: steps.Step | None = None
        self._walk(world, stages)

    def _walk(self, world: World, stages: list[Stage]) -> None:
        """Step by step until it is decided or today is reached."""
        random = world.random
        open_stages = [stage for stage in stages if stage.outcome == "open"]
        ends = {stage.outcome: stage for stage in stages if stage.outcome != "open"}
        way: list[tuple[Stage, datetime]] = [(open_stages[0], self.opened)]
        at = self.opened
        for stage in open_stages[1:]:
            at = at + timedelta(days=random.lognormvariate(2.4, 0.7))
            if at > world.now:
                break
            way.append((stage, at))
        decided = at + timedelta(days=random.lognormvariate(2.2, 0.8))
        self.reason = ""
        if decided <= world.now:
            outcome = "won" if random.random() < 0.42 else "lost"
            self.reason = random.choice(WON if outcome == "won" else LOST)
            way.append((ends[outcome], decided))
        self.way = way
        self.stage, self.since = way[-1]
        self.close = (
            decided.date()
            if decided <= world.now
            else world.now.date() + timedelta(days=random.randint(-6, 70))
        )

    def row(self) -> tuple[Any, ...]:
        status = self.stage.outcome
        closed = self.since if status != "open" else None
        return (
            self.pk,
            self.name,
            sort_key(self.name, 200),
            self.contact.firm.id if self.contact.firm else None,
            self.contact.id,
            self.stage.pk,
            status,
            self.since,
            self.stage.probability,
            self.amount,
            self.amount,
            (closed or self.opened).date(),
            self.close,
            self.opened,
            closed,
            self.reason if status == "lost" else "",
            self.reason if status == "won" else "",
            self.owner.pk,
            self.owner.team_id,
            self.source,
            self.opened,
            self.step.id if self.step else None,
            self.step.due if self.step else None,
        )

    def line(self) -> tuple[Any, ...]:
        return (
            self.pk,
            self.product.pk,
            self.product.name,
            self.quantity,
            self.product.list_price,
            self.amount,
        )

    def steps(self) -> Iterator[tuple[Any, ...]]:
        before: tuple[Stage, datetime] | None = None
        for stage, at in self.way:
            days = round((at - before[1]).total_seconds() / 86400, 3) if before else None
            yield (self.pk, before[0].pk if before else None, stage.pk, at, self.owner.pk, days)
            before = (stage, at)

    def entries(self) -> Iterator[tuple[Any, ...]]:
        firm = self.contact.firm.id if self.contact.firm else None
        before = ""
        for number, (stage, at) in enumerate(self.way):
            kind = (
                "deal.created"
                if not before
                else {"open": "deal.moved", "won": "deal.won", "lost": "deal.lost"}[stage.outcome]
            )
            self.contact.touch(at)
            data = {"from": before, "to": stage.name, "amount": str(self.amount), "currency": "EUR"}
            yield (
                self.contact.id,
                firm,
                kind,
                at,
                self.owner.pk,
                self.name,
                data,
                "deal",
                self.pk,
                f"deal:{self.pk}:seed:{number}",
            )
            before = stage.name


def seed_orders(world: World, known: list[Known], products: list[Product]) -> int:
    """Every customer's orders: a rate of their own, a season, and the day they stopped coming."""
    consumables = [product for product in products if product.category in ("Consumables", "Sensors")]
    planned = [
        (contact, at)
        for contact in known
        if contact.stage in ("customer", "former")
        for at in _order_days(world, contact)
    ]
    planned.sort(key=lambda item: item[1])
    ids = reserve_ids(Order, len(planned))
    rows, lines, entries, custom = [], [], [], Values(world, "order")
    for number, (pk, (contact, at)) in enumerate(zip(ids, planned, strict=True), 1):
        bought = _order_lines(world, pk, consumables)
        total = sum((line[5] for line in bought), Decimal(0))
        lines += bought
        firm, owner = contact.firm.id if contact.firm else None, contact.owner
        name = f"O-{at.year}-{number:05}"
        row = (pk, name, contact.id, firm, at, total, total, at.date(), owner.pk, owner.team_id, at)
        rows.append((*row, custom.of_order()))
        contact.touch(at)
        data = {"total": str(total), "currency": "EUR"}
        entries.append((contact.id, firm, "order.placed", at, name, data, "order", pk, f"order:{pk}"))
    copy_rows(Order, ORDER_FIELDS, rows, currency="EUR", status="delivered", rate_to_base=1)
    copy_rows(OrderLine, ORDER_LINE_FIELDS, lines)
    rush, _made = Tag.objects.get_or_create(name=RUSH, defaults={"colour": 1})
    copy_rows(Order.tags.through, ("order", "tag"), ((pk, rush.pk) for pk in ids if custom.is_rushed()))
    return copy_rows(TimelineEntry, ORDER_ENTRY_FIELDS, entries)


ORDER_FIELDS = (
    "id", "number", "contact", "company", "ordered_at", "total", "base_total", "rate_date", "owner", "team",
    "created_at", "custom",
)  # fmt: skip
ORDER_LINE_FIELDS = ("order", "product", "description", "quantity", "unit_price", "total", "position")
ORDER_ENTRY_FIELDS = (
    "contact", "company", "kind", "occurred_at", "title", "data", "record_type", "object_id", "dedupe_key",
)  # fmt: skip


def _order_lines(world: World, order: int, products: list[Product]) -> list[tuple[Any, ...]]:
    """One to three things that were bought together."""
    lines = []
    items = world.random.sample(products, k=min(world.random.randint(1, 3), len(products)))
    for position, product in enumerate(items):
        quantity = world.random.randint(1, 20)
        total = (Decimal(quantity) * (product.list_price or 0)).quantize(Decimal("0.01"))
        lines.append((order, product.pk, product.name, quantity, product.list_price, total, position))
    return lines


def _order_days(world: World, contact: Known) -> Iterator[datetime]:
    random = world.random
    per_year = random.gammavariate(1.6, 2.2)
    ends = contact.created + timedelta(
        days=random.expovariate(1 / (900 if contact.stage == "customer" else 200))
    )
    at = contact.created
    while True:
        at += timedelta(days=365 * random.expovariate(max(per_year, 0.2)))
        if at >= min(ends, world.now):
            return
        if random.random() * 1.4 < SEASON[at.month - 1]:
            yield at.replace(
                hour=random.randint(7, 16), minute=random.randint(0, 59), second=0, microsecond=0
            )


def seed_quotas(world: World) -> None:
    """A target for the sales team and each seller, quarter by quarter: near what was won, sometimes missed."""
    quarters = [
        date(year, month, 1)
        for year in range(world.start.year, world.now.year + 2)
        for month in (1, 4, 7, 10)
    ]
    for user, team in ((None, world.teams["Sales"]), *((seller, None) for seller in world.sellers)):
        won = _won_by_quarter(user)
        amount = Decimal(10_000)
        for first in quarters:
            amount = max(won.get(first, amount) * Decimal(world.random.randint(85, 125)) / 100, Decimal(1000))
            amount = amount.quantize(Decimal(1000), ROUND_UP)
            Quota.objects.create(
                user=user, team=team, period="quarter", starts_on=first, amount=amount, currency="EUR"
            )


def _won_by_quarter(user: User | None) -> dict[date, Decimal]:
    won = Deal.objects.filter(status="won", **({"owner": user} if user else {}))
    by_quarter = (
        won.annotate(quarter=TruncQuarter("closed_at")).values("quarter").annotate(sum=Sum("base_amount"))
    )
    return {row["quarter"].date(): row["sum"] for row in by_quarter.order_by("quarter")}
