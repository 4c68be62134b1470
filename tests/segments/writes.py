"""People of whom everything can be asked, and every kind of write that the product has, by its own services."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.enums import BuyingRole
from contacts.models import (
    Affiliation,
    Company,
    Contact,
    ContactDuplicate,
    ContactPoint,
    CustomerMetric,
    MergeLog,
    Place,
    Relationship,
    RelationshipKind,
    Segment,
    SegmentMember,
)
from contacts.services.addresses import add_address
from contacts.services.affiliations import end_affiliation, remove_affiliation
from contacts.services.consents import record_consent
from contacts.services.duplicates import dismiss_pair, reopen_pair
from contacts.services.merging import AlreadyMerged, CantUndo, merge_records, unmerge
from contacts.services.parties import set_tags, update_company, update_contact
from contacts.services.points import add_point, remove_point
from contacts.services.preferences import stop_all
from contacts.services.privacy import erase_contact
from contacts.services.relationships import relate, remove_relationship
from contacts.services.segments import add_members, create_segment, remove_members
from contacts.tests.factories import make_activity, make_affiliation, make_company, make_contact
from core.models import Tag
from core.registries import relinkers
from core.services.base import NotAllowed
from core.services.custom_fields import create_custom_field
from core.services.tags import delete_tag, merge_tags
from core.services.trash import delete_record, restore_record
from core.tests.factories import make_team, make_user
from core.tests.privacy.rows import make_row
from marketing.tests.factories import make_campaign
from sales.models import Deal, Order
from sales.services.deal_contacts import add_deal_contact, remove_deal_contact
from sales.services.orders import OrderLineInput, create_order, update_order
from sales.services.stages import lose_deal, reopen_deal, win_deal
from sales.tests.factories import make_deal, make_pipeline, make_product
from service.models import Ticket
from service.services.tickets import change_status, update_ticket
from service.tests.factories import make_ticket

REFUSALS = (ValidationError, IntegrityError, AlreadyMerged, CantUndo, NotAllowed)
TOWNS = (
    ("leeds", "GB", 53.79648, -1.54785),
    ("york", "GB", 53.95763, -1.08271),
    ("berlin", "DE", 52.5, 13.4),
)


@dataclass
class Cast:
    """Five people and three companies, one below the other; `refs` has one record of each type to ask for."""

    people: list[int] = field(default_factory=list)
    companies: list[int] = field(default_factory=list)
    refs: dict[str, int] = field(default_factory=dict)
    product: Any = None
    guests: Any = None
    offset: timedelta = timedelta(0)
    """How far time has been turned forward; services write at the real time."""

    @property
    def now(self) -> datetime:
        return timezone.now() + self.offset

    def person(self, number: int) -> Contact | None:
        return Contact.objects.filter(pk=self.people[number % len(self.people)]).first()

    def company(self, number: int) -> Company:
        found: Company = Company.all_objects.get(pk=self.companies[number % len(self.companies)])
        return found


def make_cast() -> Cast:
    made = Cast()
    for key, country, latitude, longitude in TOWNS:
        Place.objects.create(
            country=country, kind="c", key=key, name=key.title(), latitude=latitude, longitude=longitude,
            population=1000,
        )  # fmt: skip
    top = make_company(industry="leeds", employees=10)
    below = make_company(parent=top, country="GB")
    made.companies = [top.pk, below.pk, make_company(parent=below).pk]
    made.people = [make_contact(f"P{n}", "Leeds" if n % 2 else "Doe").pk for n in range(5)]
    make_pipeline()
    RelationshipKind.objects.get_or_create(key="friend", defaults={"name": "friend of", "is_symmetric": True})
    made.product, made.guests = make_product(), create_segment(actor=None, name="guests", kind="static")
    for kind in ("text", "number", "date"):
        create_custom_field(
            actor=None, record_type="contact", label=f"My {kind}", kind=kind, key=f"my_{kind}"
        )
    make_ticket(contact=None)
    made.refs = {
        "company": top.pk, "contact": made.people[0], "tag": Tag.objects.create(name="VIP").pk,
        "user": make_user("sales").pk, "team": make_team("North").pk, "segment": made.guests.pk,
        "product": made.product.pk, "campaign": make_campaign().pk, "queue": Ticket.objects.get().queue_id,
        "activity": 1, "deal": 1, "order": 1, "ticket": 1, "document": 1,
    }  # fmt: skip
    return made


Write = Callable[[Cast, Contact, int, int], Any]
"""Something that happens to a person; `days` is when in the world, `amount` what else it needs to know."""
WRITES: dict[str, Write] = {}


def write(function: Write) -> Write:
    WRITES[function.__name__] = function
    return function


def happen(cast: Cast, what: str, who: int, days: int, amount: int) -> None:
    """One write; what a service refuses (or what is not there) changes nothing."""
    contact = cast.person(who)
    if contact is None and what not in ("restore", "take_back_merge"):
        return
    with suppress(*REFUSALS), transaction.atomic():
        WRITES[what](cast, contact, days, amount)  # type: ignore[arg-type]


def _at(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def _last(model: Any, contact: Contact) -> Any:
    return model.objects.filter(contact=contact).order_by("-pk").first()


@write
def edit(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    words = ("Leeds", "York", "")
    changes = {
        "city": words[amount % 3], "country": ("GB", "XX", "")[amount % 3], "do_not_contact": amount % 2 == 0,
        "birthday": date.today() + timedelta(days=days), "job_title": words[days % 3],
        "lifecycle_stage": ("lead", "customer", "former")[amount % 3], "best_hour": amount % 24,
        "preferred_channel": ("email", "phone", "")[amount % 3], "interests": words[amount % 3],
    }  # fmt: skip
    update_contact(actor=None, contact=contact, changes=changes)


@write
def fill_custom_fields(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    custom = {"my_text": "Leeds", "my_number": amount, "my_date": (_at(days)).date().isoformat()}
    Contact.objects.filter(pk=contact.pk).update(custom=custom if amount else {})


@write
def live_somewhere(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    add_address(actor=None, contact=contact, city=("Leeds", "Berlin")[amount % 2], country=("GB", "DE")[amount % 2],
                is_primary=True)  # fmt: skip


@write
def reach(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    values = ("leeds@gmail.com", "leeds@firm.example", "p@firm.example")
    point = add_point(actor=None, contact=contact, kind="email", value=values[amount % 3])
    if amount % 4 == 0:
        ContactPoint.objects.filter(pk=point.pk).update(bounced_at=timezone.now(), normalised="a@b@c")
    add_point(actor=None, contact=contact, kind="phone", value=f"+44 113 496 0{100 + amount % 3}")


@write
def lose_reach(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    if (point := _last(ContactPoint, contact)) is not None:
        remove_point(actor=None, point=point)


@write
def tag(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    set_tags(actor=None, record=contact, names=[["VIP"], ["other"], []][amount % 3])


@write
def merge_or_delete_tags(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    other = Tag.objects.filter(name="other").first()
    if other is not None and amount % 2:
        merge_tags(actor=None, tags=[other], into=Tag.objects.get(pk=cast.refs["tag"]))
    elif other is not None:
        delete_tag(actor=None, tag=other)


@write
def agree(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    state = ("granted", "withdrawn", "pending")[amount % 3]
    record_consent(actor=None, contact=contact, state=state, source="test", at=_at(min(days, 0)))


@write
def refuse_everything(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    stop_all(actor=None, contact=contact, source="test")


@write
def belong(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    make_affiliation(
        contact, cast.company(amount), role=(BuyingRole.values[0], "")[amount % 2], is_primary=amount % 3 > 0
    )


@write
def leave(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    found = _last(Affiliation, contact)
    if found is not None and amount % 4:
        end_affiliation(actor=None, affiliation=found, on=_at(days).date())
    elif found is not None:
        remove_affiliation(actor=None, affiliation=found)


@write
def relate_them(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    other, found = cast.person(amount), Relationship.objects.filter(contact=contact).first()
    if found is not None and amount % 3 == 0:
        remove_relationship(actor=None, relationship=found)
    elif other is not None:
        relate(actor=None, contact=contact, other=other, kind=RelationshipKind.objects.get(key="friend"))


@write
def talk(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    make_activity(("call", "note", "meeting")[amount % 3], contact=contact, occurred_at=_at(min(days, 0)),
                  duration_minutes=amount)  # fmt: skip


@write
def order(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    product = cast.product if amount % 2 else None
    line = OrderLineInput(description="Goods", unit_price=amount, product=product)
    create_order(actor=None, lines=[line], contact=contact, ordered_at=_at(min(days, 0)))


@write
def change_order(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    found = Order.objects.order_by("-pk").first()
    if found is not None:
        status = ("shipped", "cancelled", "confirmed")[amount % 3]
        update_order(actor=None, order=found, contact=contact, status=status)


@write
def deal(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    make_deal(contact=contact, amount=amount)


@write
def decide_deal(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    found = Deal.objects.order_by("-pk").first()
    if found is None:
        return
    if found.status != "open":
        reopen_deal(actor=None, deal=found)
    elif amount % 2:
        win_deal(actor=None, deal=found)
    else:
        lose_deal(actor=None, deal=found, reason="price")


@write
def take_part(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    found = Deal.objects.order_by("-pk").first()
    if found is not None:
        if amount % 3 == 0:
            remove_deal_contact(actor=None, deal=found, contact=contact)
        elif amount % 7 == 0:
            delete_record(actor=None, record=found)
        else:
            add_deal_contact(actor=None, deal=found, contact=contact)


@write
def ask_for_help(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    make_ticket(contact=contact)


@write
def answer(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    found = Ticket.objects.order_by("-pk").first()
    if found is not None and amount % 2:
        update_ticket(actor=None, ticket=found, changes={"contact": contact})
    elif found is not None:
        change_status(actor=None, ticket=found, status=("solved", "open", "waiting")[amount % 3])


@write
def work_out_value(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    values = {"churn": (amount % 100) / 100, "lifetime_value": amount, "status": "ok", "expected_orders": 1}
    CustomerMetric.objects.update_or_create(contact=contact, defaults=values)


@write
def hang_a_row_of_any_app(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    models = [
        one.model
        for one in relinkers.relinkers_of(Contact)
        if not one.type_field and one.model is not MergeLog and hasattr(one.model, "privacy")
    ]
    make_row(models[amount % len(models)], contact, {Contact: contact})


@write
def change_company(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    company = cast.company(amount)
    changes: dict[str, Any] = {"industry": ("leeds", "wood")[amount % 2], "employees": amount}
    if amount % 3 == 0:
        changes["parent"] = cast.company(amount // 3) if amount % 2 else None
    update_company(actor=None, company=company, changes=changes)


@write
def bin_or_restore_company(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    company = cast.company(amount)
    (delete_record if company.deleted_at is None else restore_record)(actor=None, record=company)


@write
def find_twice(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    other = cast.person(amount)
    pair = ContactDuplicate.objects.order_by("-pk").first()
    if pair is not None and amount % 2:
        (dismiss_pair if pair.state == "open" else reopen_pair)(actor=None, pair=pair)
    elif other is not None and other.pk != contact.pk:
        first, second = sorted((contact.pk, other.pk))
        ContactDuplicate.objects.create(a_id=first, b_id=second, score=0.9)


@write
def invite(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    segment = Segment.objects.get(pk=cast.guests.pk)
    if SegmentMember.objects.filter(segment=segment, contact=contact).exists():
        remove_members(actor=None, segment=segment, contact_ids=[contact.pk])
    else:
        add_members(actor=None, segment=segment, contact_ids=[contact.pk])


@write
def merge(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    other = cast.person(amount)
    if amount % 5 == 0:
        merge_records(actor=None, record_type="company", ids=[cast.companies[0], cast.companies[1]])
    elif other is not None and other.pk != contact.pk:
        merge_records(actor=None, record_type="contact", ids=[contact.pk, other.pk])


@write
def take_back_merge(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    log = MergeLog.objects.filter(undone_at=None).order_by("-pk").first()
    if log is not None:
        unmerge(actor=None, log=log)


@write
def bin_person(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    delete_record(actor=None, record=contact)


@write
def restore(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    gone = Contact.all_objects.filter(pk=cast.people[amount % 5], deleted_at__isnull=False).first()
    if gone is not None:
        restore_record(actor=None, record=gone)


@write
def erase(cast: Cast, contact: Contact, days: int, amount: int) -> None:
    erase_contact(actor=None, contact=contact)
