"""A few people and what can happen to them, and what a segment's rule means said once more in plain Python."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contacts.models import (
    Activity,
    Consent,
    Contact,
    KeptSegment,
    Segment,
    SegmentBaseline,
    SegmentMember,
    SegmentPassage,
    SegmentState,
)
from contacts.segmentation.upkeep import keep_up
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from core.conditions.compile import compile_tree
from core.conditions.tree import parse
from core.models import Tag
from sales.models import Deal, DealContact, Order
from sales.tests.factories import make_deal
from service.models import Ticket
from service.tests.factories import make_queue

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CITIES = ("Berlin", "Paris", "")
Rule = dict[str, Any]
Oracle = Callable[["World", Contact], bool]


def leaf(field: str, op: str, value: Any = None, **more: Any) -> Rule:
    return {"field": field, "op": op, "value": value, **more}


@dataclass
class World:
    """Contacts `people`; `now` is the moment that everything is judged at."""

    now: datetime = NOW
    people: list[int] = field(default_factory=list)
    segments: dict[str, Segment] = field(default_factory=dict)
    tag: Any = None
    queue: Any = None
    deals: list[int] = field(default_factory=list)

    def days(self, count: float) -> datetime:
        return self.now + timedelta(days=count)

    def window(self, at: datetime | None, days: int) -> bool:
        return at is not None and self.now - timedelta(days=days) < at <= self.now

    def orders(self, contact: Contact) -> list[Order]:
        return list(Order.objects.filter(contact=contact))

    def recent(self, contact: Contact, days: int) -> list[Order]:
        return [one for one in self.orders(contact) if self.window(one.ordered_at, days)]


def _count(name: str, days: int, test: Callable[[int], bool], kind: str = "") -> Oracle:
    def oracle(world: World, contact: Contact) -> bool:
        rows: list[Any] = []
        if name == "activities":
            rows = [one for one in Activity.objects.filter(contact=contact) if kind in ("", one.kind)]
            rows = [one for one in rows if world.window(one.occurred_at, days)]
        elif name == "orders":
            rows = [one for one in world.recent(contact, days) if not one.is_cancellation]
        else:
            rows = [
                one for one in Ticket.objects.filter(contact=contact) if world.window(one.opened_at, days)
            ]
        return test(len(rows))

    return oracle


def _spent(world: World, contact: Contact) -> bool:
    return sum((one.base_total for one in world.recent(contact, 90)), Decimal(0)) > 500


def _last_order(op: str, days: int) -> Oracle:
    def oracle(world: World, contact: Contact) -> bool:
        moments = [one.ordered_at for one in world.orders(contact) if not one.is_cancellation]
        last = max(moments, default=None)
        if op == "in_next":
            return last is not None and world.now < last <= world.days(days)
        return world.window(last, days) == (op == "in_last")

    return oracle


def _overdue(world: World, contact: Contact) -> bool:
    tickets = Ticket.objects.filter(contact=contact, status__in=["new", "open", "waiting"])
    return any(one.next_due_at < world.now for one in tickets)


def _consent(world: World, contact: Contact) -> bool:
    newest = Consent.objects.filter(contact=contact, purpose="marketing", channel="email").order_by(
        "at", "id"
    )
    last = newest.last()
    return last is not None and last.state == "granted"


def _own(op: str, days: int) -> Oracle:
    def oracle(world: World, contact: Contact) -> bool:
        at = contact.last_activity_at
        if op == "in_next":
            return at is not None and world.now < at <= world.days(days)
        return world.window(at, days) == (op == "in_last")

    return oracle


def _won(world: World, contact: Contact) -> bool:
    parts = DealContact.objects.filter(contact=contact, deal__deleted_at__isnull=True).select_related("deal")
    return sum(world.window(part.deal.closed_at, 60) and part.deal.status == "won" for part in parts) >= 1


TIMED: dict[str, tuple[Rule, Oracle]] = {
    "three orders": (leaf("orders.count", "gte", 3, last=90), _count("orders", 90, lambda n: n >= 3)),
    "few orders": (
        leaf("orders.count", "between", [1, 2], last=30),
        _count("orders", 30, lambda n: 1 <= n <= 2),
    ),
    "spent": (leaf("purchases.total", "gt", 500, last=90), _spent),
    "silent": (leaf("activities.count", "is", 0, last=60), _count("activities", 60, lambda n: n == 0)),
    "called": (
        leaf("activities.count", "gt", 0, last=7, where=leaf("kind", "in", ["call"])),
        _count("activities", 7, lambda n: n > 0, "call"),
    ),
    "asked": (leaf("tickets.count", "lt", 2, last=14), _count("tickets", 14, lambda n: n < 2)),
    "ordered lately": (leaf("last_order", "in_last", 30), _last_order("in_last", 30)),
    "not ordered lately": (leaf("last_order", "not_in_last", 30), _last_order("not_in_last", 30)),
    "will order": (leaf("last_order", "in_next", 10), _last_order("in_next", 10)),
    "active": (leaf("last_activity", "in_last", 20), _own("in_last", 20)),
    "not active": (leaf("last_activity", "not_in_last", 20), _own("not_in_last", 20)),
    "soon active": (leaf("last_activity", "in_next", 5), _own("in_next", 5)),
    "overdue": (leaf("has_overdue_ticket", "is", True), _overdue),
    "won": (
        leaf("deals_decided.count", "gte", 1, last=60, where=leaf("status", "in", ["won"])),
        _won,
    ),
}
STILL: dict[str, tuple[Rule, Oracle]] = {
    "Berlin": (leaf("city", "is", "berlin"), lambda w, c: c.city.lower() == "berlin"),
    "not Berlin": ({"not": leaf("city", "is", "Berlin")}, lambda w, c: c.city.lower() != "berlin"),
    "tagged": (leaf("tags", "not_empty"), lambda w, c: c.tags.exists()),
    "consent": (leaf("consent", "is", True), _consent),
    "steel": (
        leaf("company_industry", "is", "Steel"),
        lambda w, c: c.company is not None and c.company.industry.lower() == "steel",
    ),
    "small company": (
        {"not": leaf("company_employees", "gte", 50)},
        lambda w, c: c.company is None or c.company.employees is None or c.company.employees < 50,
    ),
}


def _static(world: World, contact: Contact) -> bool:
    return SegmentMember.objects.filter(segment=world.segments["guests"], contact=contact).exists()


def make_people(world: World, *, count: int = 4) -> None:
    """People who are alike, a company, a deal of the first, a queue and a tag."""
    company = make_company(industry="Steel", employees=None)
    for _n in range(count):
        world.people.append(make_contact(city="Berlin").pk)
    Contact.objects.filter(pk__in=world.people[:2]).update(company=company)
    Contact.objects.update(created_at=NOW, last_activity_at=None)
    world.tag = Tag.objects.create(name="VIP")
    world.queue = make_queue()
    deal = make_deal(contact=Contact.objects.get(pk=world.people[0]))
    world.deals.append(deal.pk)


def make_segments(world: World, wanted: dict[str, tuple[Rule, Oracle]]) -> None:
    for name, (rule, _oracle) in wanted.items():
        world.segments[name] = create_segment(actor=None, name=name, rule=rule)


def make_nested(world: World) -> dict[str, Oracle]:
    """A fixed segment, and rules over several conditions and over other segments; their oracles by name."""
    world.segments["guests"] = create_segment(actor=None, name="guests", kind="static")
    guests, steel = world.segments["guests"].pk, world.segments["steel"].pk
    rules: dict[str, Rule] = {
        "good customers": {"all": [
            leaf("orders.count", "gte", 3, last=90), leaf("purchases.total", "gt", 500, last=90),
            {"not": {"any": [leaf("has_overdue_ticket", "is", True), leaf("do_not_contact", "is", True)]}},
        ]},
        "guests or steel, not silent": {"all": [
            leaf("segment", "in", [guests, steel]), {"not": leaf("activities.count", "is", 0, last=60)},
        ]},
    }  # fmt: skip
    for name, rule in rules.items():
        world.segments[name] = create_segment(actor=None, name=name, rule=rule)

    def good(w: World, c: Contact) -> bool:
        return TIMED["three orders"][1](w, c) and _spent(w, c) and not (_overdue(w, c) or c.do_not_contact)

    def either(w: World, c: Contact) -> bool:
        return (_static(w, c) or STILL["steel"][1](w, c)) and not TIMED["silent"][1](w, c)

    return {"guests": _static, "good customers": good, "guests or steel, not silent": either}


def kept_members(segment: Segment) -> set[int]:
    slot = KeptSegment.objects.get(segment=segment).slot
    rows = SegmentState.objects.values_list("contact_id", "bits")
    return {pk for pk, bits in rows if bits[slot : slot + 1] == "1"}


def replayed(segment: Segment) -> set[int]:
    """Who is in it by its history alone."""
    revision = KeptSegment.objects.get(segment=segment).revision
    inside: set[int] = set()
    for part in SegmentBaseline.objects.filter(segment=segment, revision=revision):
        inside |= set(part.members)
    for passage in SegmentPassage.objects.filter(segment=segment, revision=revision).order_by("id"):
        (inside.add if passage.entered else inside.discard)(passage.contact_id)
    return inside


def check(world: World, oracles: dict[str, Oracle]) -> None:
    """Kept up = population SQL = oracle = history, and nothing is due that has not been judged."""
    keep_up(world.now)
    people = list(Contact.objects.select_related("company").filter(pk__in=world.people))
    for name, segment in world.segments.items():
        kept = kept_members(segment)
        assert kept == {one.pk for one in people if oracles[name](world, one)}, name
        assert kept == replayed(segment), f"history of {name}"
        if name == "guests":
            continue
        condition = compile_tree(parse(segment.rule), "contact", None, now=world.now)
        assert kept == set(Contact.objects.filter(condition).values_list("pk", flat=True)), f"SQL of {name}"
    assert not SegmentState.objects.filter(due_at__lte=world.now).exists()


def happen(world: World, what: str, who: int, days: float, amount: int) -> None:
    """One thing that happens to one of them; `days` from now is when, in the world."""
    contact = world.people[who % len(world.people)]
    at = world.days(days)
    if what in ("order", "activity", "ticket", "consent"):
        _add(world, what, contact, at, amount)
    elif what in ("move", "back-date", "delete", "bin", "restore"):
        _change(world, what, contact, at, amount)
    elif what in ("tag", "edit", "bin contact", "restore contact", "company", "guest"):
        _change_person(world, what, contact, at, amount)
    elif what in ("solve", "win", "take part", "bin deal"):
        _go_on(world, what, contact, at, amount)
    else:
        _pass_time(world, what, days)


def _add(world: World, what: str, contact: int, at: datetime, amount: int) -> None:
    """Something new of the contact."""
    match what:
        case "order":
            Order.objects.create(
                contact_id=contact, currency="EUR", base_total=amount, ordered_at=at,
                is_cancellation=amount < 0,
            )  # fmt: skip
        case "activity":
            Activity.objects.create(
                contact_id=contact, kind="call" if amount % 2 else "note", subject="x", occurred_at=at
            )
        case "ticket":
            Ticket.objects.create(
                contact_id=contact, subject="x", queue=world.queue, opened_at=at,
                next_due_at=at + timedelta(days=1),
            )  # fmt: skip
        case "consent":
            state = "granted" if amount > 0 else "withdrawn"
            Consent.objects.create(contact_id=contact, state=state, source="test", at=at)


def _change_person(world: World, what: str, contact: int, at: datetime, amount: int) -> None:
    """Something about the contact, their company, or a segment of guests."""
    row = Contact.all_objects.filter(pk=contact)
    match what:
        case "tag":
            tags = row.get().tags
            (tags.add if amount > 0 else tags.remove)(world.tag)
        case "edit":
            row.update(
                city=CITIES[amount % 3],
                last_activity_at=at if amount % 2 else None,
                do_not_contact=amount > 300,
            )
        case "bin contact":
            row.update(deleted_at=world.now)
        case "restore contact":
            row.update(deleted_at=None)
        case "company":
            company = row.get().company
            if company is not None:
                company.industry = "Steel" if amount > 0 else "Wood"
                company.employees = abs(amount)
                company.save()
        case "guest":
            if amount > 0:
                SegmentMember.objects.get_or_create(segment=world.segments["guests"], contact_id=contact)
            else:
                SegmentMember.objects.filter(contact_id=contact).delete()


def _go_on(world: World, what: str, contact: int, at: datetime, amount: int) -> None:
    """A ticket or the deal comes further."""
    deals = Deal.all_objects.filter(pk__in=world.deals)
    match what:
        case "solve":
            Ticket.objects.filter(contact_id=contact).update(status="solved", solved_at=world.now)
        case "win":
            deals.update(status="won", closed_at=at)
        case "take part":
            DealContact.objects.get_or_create(deal_id=world.deals[0], contact_id=contact)
        case "bin deal":
            deals.update(deleted_at=world.now if amount > 0 else None)


def _pass_time(world: World, what: str, days: float) -> None:
    match what:
        case "time":
            world.now += timedelta(days=abs(days))
        case "time to the turn":
            due = SegmentState.objects.order_by("due_at").values_list("due_at", flat=True).first()
            world.now = due or world.now
        case "keep":
            keep_up(world.now)
        case _:
            raise AssertionError(f"nobody knows how “{what}” happens")


def _change(world: World, what: str, contact: int, at: datetime, amount: int) -> None:
    """Something done to a row that is there: of orders, activities or tickets."""
    model, moment = (
        (Order, "ordered_at"), (Activity, "occurred_at"), (Ticket, "opened_at"),
    )[amount % 3]  # fmt: skip
    rows: Any = model.all_objects.all()  # type: ignore[attr-defined]
    row = rows.order_by("pk")[abs(amount) % max(rows.count(), 1) :].first()
    if row is None:
        return
    one = rows.filter(pk=row.pk)
    match what:
        case "move":
            one.update(contact_id=contact)
        case "back-date":
            one.update(**{moment: at})
        case "delete":
            one.delete()
        case "bin":
            one.update(deleted_at=world.now)
        case "restore":
            one.update(deleted_at=None)
