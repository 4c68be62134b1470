"""What hangs on people and companies in the demo: addresses, former companies, who reports to whom, comments, and
the documents that teams share. Numbers come from the keys, so that nothing else of the demo moves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Address, Affiliation, LifecycleRule, Relationship, RelationshipKind
from contacts.services.relationships import ensure_standard_kinds
from core.models import Comment
from core.services.documents import create_document, link_document
from demo.copying import copy_rows
from demo.geography import point_of
from demo.parties import Firm, Known
from demo.world import World

STREETS = ("Mill Lane", "Station Road", "Market Square", "Harbour Street", "Garden Way", "Bridge Street")
SAID = (
    "Spoke with them at the fair: wants a visit in spring.",
    "Please check the delivery address before the next order.",
    "Prefers to decide with the team, plan two meetings.",
    "Good reference for the region.",
)
PAPERS = (
    ("Price list", "everyone", b"Article;Price\nHull;12,500.00\nMast;1,840.00\n"),
    ("Terms of delivery", "everyone", b"Delivery within the EU takes five working days.\n"),
    ("How we onboard customers", "nobody", b"1. Call within two days\n2. Send the checklist\n"),
)


def seed_relations(world: World, firms: Sequence[Firm], known: Sequence[Known]) -> None:
    """Everything of this module, once people and companies have their keys."""
    _seed_addresses(known)
    _seed_former_companies(world, firms, known)
    _seed_relationships(known)
    _seed_comments(world, known)
    _seed_rules()
    _seed_documents(world, known)


def _seed_addresses(known: Sequence[Known]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        seen: set[int] = set()
        for contact in known:
            country, city = contact.person.country, contact.person.city
            street = f"{contact.id % 90 + 1} {STREETS[contact.id % len(STREETS)]}"
            if contact.id % 5 < 2:
                yield (contact.id, None, "home", street, city, country, True, *point_of(country, city))
            if contact.firm and contact.firm.id not in seen:
                seen.add(contact.firm.id)
                yield (None, contact.firm.id, "office", street, city, country, True, *point_of(country, city))

    names = (
        "contact",
        "company",
        "label",
        "street",
        "city",
        "country",
        "is_primary",
        "latitude",
        "longitude",
    )
    copy_rows(Address, names, rows())


def _seed_former_companies(world: World, firms: Sequence[Firm], known: Sequence[Known]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for contact in known:
            firm = firms[contact.id * 7 % len(firms)]
            if contact.id % 12 == 0 and firm != contact.firm:
                left = (contact.created - timedelta(days=30)).date()
                yield (contact.id, firm.id, "Consultant", False, left - timedelta(days=900), left)

    names = ("contact", "company", "title", "is_primary", "valid_from", "valid_to")
    copy_rows(Affiliation, names, rows())


def _seed_relationships(known: Sequence[Known]) -> None:
    ensure_standard_kinds(actor=None)
    kinds = dict(RelationshipKind.objects.values_list("key", "pk"))
    staff: dict[int, list[int]] = defaultdict(list)

    def rows() -> Iterator[tuple[Any, ...]]:
        before = None
        for contact in known:
            if before is not None and contact.id % 40 == 0:
                yield (contact.id, before.id, kinds["referred_by"])
            before = contact
            if contact.firm is None:
                continue
            people = staff[contact.firm.id]
            if people:
                yield (contact.id, people[(len(people) - 1) // 3], kinds["reports_to"])
            if len(people) < 9:
                people.append(contact.id)

    copy_rows(Relationship, ("contact", "other", "kind"), rows())


def _seed_comments(world: World, known: Sequence[Known]) -> None:
    first, second = world.sellers[0], world.sellers[-1]
    rows = [
        (
            "contact",
            contact.id,
            (first, second)[number % 2].pk,
            f"{SAID[number % 4]} @[{second}]({second.pk})",
        )
        for number, contact in enumerate(known[:40])
    ]
    copy_rows(Comment, ("record_type", "object_id", "author", "body"), rows)


def _seed_rules() -> None:
    LifecycleRule.objects.create(
        name="Reachable subscribers become leads",
        from_stage="subscriber",
        to_stage="lead",
        rule={"all": [{"field": "email", "op": "not_empty", "value": None}]},
    )
    LifecycleRule.objects.create(
        name="Silent customers are former ones",
        from_stage="customer",
        to_stage="former",
        is_automatic=True,
        is_active=False,
        rule={"all": [{"field": "last_activity", "op": "not_in_last", "value": 730}]},
    )


def _seed_documents(world: World, known: Sequence[Known]) -> None:
    from contacts.models import Contact

    for number, (name, sharing, text) in enumerate(PAPERS):
        document = create_document(
            actor=None,
            upload=SimpleUploadedFile(f"{name}.txt", text),
            name=name,
            sharing=sharing,
            owner=world.sellers[0],
        )
        contact = Contact.all_objects.filter(pk=known[number % len(known)].id).first()
        if contact is not None:
            link_document(actor=None, document=document, record=contact)
