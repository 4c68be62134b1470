"""People and companies that somebody entered twice, so that there is something to merge."""

from datetime import timedelta
from typing import Any

from contacts.matching.nicknames import groups_of, variants_of
from contacts.matching.text import fold, latin
from contacts.models import Affiliation, Company, Contact, ContactPoint
from contacts.services.duplicate_scans import compare_here
from core.text import sort_key
from demo.world import World

FROM, EVERY, MOST = 500, 60, 400
COMPARED_UP_TO = 5_000
"""Larger installations find them in their first night."""


def seed_twins(world: World) -> int:
    """One person in sixty is there twice, one company in a hundred: with a short form or a letter wrong, the same
    phone or e-mail; they come on top. Nobody in installations of fewer than FROM people. Returns how many."""
    if world.contacts < FROM:
        return 0
    people = list(
        Contact.objects.exclude(first_name="")
        .select_related("company")
        .order_by("pk")[: EVERY * MOST : EVERY]
    )
    for place, person in enumerate(people):
        _again(world, place, person)
    for company in Company.objects.order_by("pk")[7 : 100 * MOST : 100]:
        _company_again(world, company)
    if world.contacts <= COMPARED_UP_TO:
        compare_here(actor=None)
    return len(people)


def _again(world: World, place: int, person: Contact) -> None:
    word = fold((latin(person.first_name).split() or [""])[0])
    others = sorted(variants_of(word) - {word}) if groups_of(word) else []
    first = others[place % len(others)].title() if others and place % 2 else person.first_name
    last = person.last_name
    if place % 3 == 0 and len(last) > 4:
        last = last[:2] + last[3] + last[2] + last[4:]
    twin = Contact.objects.create(
        first_name=first,
        last_name=last,
        name=f"{first} {last}",
        sort_name=sort_key(f"{last} {first}"),
        company=person.company if place % 4 else None,
        lifecycle_stage="lead",
        city=person.city,
        country=person.country,
        owner_id=person.owner_id,
        team_id=person.team_id,
        source="Trade fair",
        created_at=world.now - timedelta(days=place % 90 + 1),
    )
    kept = person.points.filter(kind="phone" if place % 2 else "email")
    _copy_points(twin, list(kept) or list(person.points.all()))
    if twin.company_id:
        Affiliation.objects.create(
            contact=twin,
            company_id=twin.company_id,
            is_primary=True,
            owner_id=twin.owner_id,
            team_id=twin.team_id,
        )


def _copy_points(twin: Contact, points: list[Any]) -> None:
    ContactPoint.objects.bulk_create(
        ContactPoint(
            contact=twin, kind=point.kind, value=point.value, normalised=point.normalised, is_primary=True
        )
        for point in points[:1]
    )


def _company_again(world: World, company: Company) -> None:
    name = company.name.rsplit(" ", 1)[0]
    Company.objects.create(
        name=name,
        sort_name=sort_key(name, 200),
        domain=company.domain,
        country=company.country,
        city=company.city,
        owner_id=company.owner_id,
        team_id=company.team_id,
        source="Trade fair",
        created_at=world.now - timedelta(days=5),
    )
