"""Putting people, companies and addresses on the map."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import Q

from contacts.geo.gazetteer import PlaceRow, city_rows, postcode_rows
from contacts.geo.lookup import Point, point_of
from contacts.models import Address, Company, Contact, Place
from core.db.statistics import analyze
from core.enums import JobState
from core.importing.bulk import copy_rows, update_values
from core.models import Job
from core.services.base import service
from core.services.jobs import enqueue_job

COLUMNS = PlaceRow._fields
POINT = ("latitude", "longitude")
BATCH = 1000
COPIED = 50_000
LOCATE = "contacts.locate"
Look = Callable[..., Point | None]


@service
def load_places(*, actor: Any, again: bool = False) -> int:
    """Fill the gazetteer from the packages, if it is empty or `again`; returns how many rows it has."""
    with connection.cursor() as cursor:  # two workers that start together load it once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contacts_place'))")
    if again:
        Place.objects.all().delete()
    if not Place.objects.exists():
        rows = chain(city_rows(), postcode_rows())
        while part := list(islice(rows, COPIED)):
            copy_rows(Place, COLUMNS, part)
        analyze("contacts_place")
    return int(Place.objects.count())


@service
def locate_address(*, actor: Any, address: Address) -> None:
    """Give an address the coordinates of its postcode or town; none where the gazetteer knows neither."""
    _put_address(address, point_of)


@service
def locate_party(*, actor: Any, party: Contact | Company) -> None:
    """Put a person or company where the primary address is, else into their town. Nobody has edited the
    record: its version stays."""
    address = party.addresses.filter(latitude__isnull=False).order_by("-is_primary", "pk").first()
    if _put_party(party, address, point_of):
        place = {"latitude": party.latitude, "longitude": party.longitude}
        party.__class__.all_objects.filter(pk=party.pk).update(**place)


def _put_address(address: Address, look: Look) -> None:
    point = look(country=address.country, postcode=address.postcode, city=address.city)
    address.latitude = point.latitude if point else None
    address.longitude = point.longitude if point else None


def _put_party(party: Contact | Company, address: Address | None, look: Look) -> bool:
    """Whether that moved them. `address` is where they are to be put, if one of theirs has a point."""
    before = party.latitude, party.longitude
    if address is not None:
        party.latitude, party.longitude = address.latitude, address.longitude
    else:
        point = look(country=party.country, city=party.city) if party.city else None
        party.latitude, party.longitude = (point.latitude, point.longitude) if point else (None, None)
    return before != (party.latitude, party.longitude)


def put_into_town(party: Contact | Company) -> None:
    """Where a record that is about to be made lies: in its town. It has no address yet."""
    point = point_of(country=party.country, city=party.city) if party.city else None
    if point is not None:
        party.latitude, party.longitude = point.latitude, point.longitude


@service
def locate_missing(*, actor: Any, model: type[Contact] | type[Company], after: int = 0) -> tuple[int, int]:
    """Put the next batch of those without a point on the map, imported ones above all. Returns the last id
    looked at (0 at the end) and how many were found."""
    rows = model.objects.filter(latitude__isnull=True, pk__gt=after)
    rows = rows.filter(~Q(city="") | Q(addresses__isnull=False)).distinct()
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    look = cache(point_of)  # a thousand people live in a few dozen places
    addresses = _located(model, ids, look)
    parties = list(model.objects.filter(pk__in=ids))
    moved = [party for party in parties if _put_party(party, addresses.get(party.pk), look)]
    update_values(model, POINT, [(party.pk, party.latitude, party.longitude) for party in moved])
    return (ids[-1] if ids else 0), sum(party.latitude is not None for party in parties)


def _located(model: type[Contact] | type[Company], ids: Sequence[int], look: Look) -> dict[int, Address]:
    """The address by which each of these is found, after those without a point were given theirs."""
    party = f"{model.record_type}_id"
    rows = list(Address.objects.filter(**{f"{party}__in": ids}).order_by("is_primary", "-pk"))
    missing = [one for one in rows if one.latitude is None]
    for address in missing:
        _put_address(address, look)
    found = [(one.pk, one.latitude, one.longitude) for one in missing if one.latitude is not None]
    update_values(Address, POINT, found)
    # the last one counts: the primary one, else the oldest
    return {getattr(one, party): one for one in rows if one.latitude is not None}


@service
def start_locating(*, actor: Any) -> Any:
    """Start the job that loads the gazetteer and puts everybody without a point on the map."""
    return enqueue_job(actor=actor, kind=LOCATE, params={})


@service
def start_locating_at_first(*, actor: Any) -> Any:
    """In an installation without a gazetteer, queue the job that loads it, unless it is queued; None otherwise.
    The job begins when the sweep for waiting ones comes by, so that it does not compete with the start itself."""
    waiting = Job.objects.filter(kind=LOCATE, state__in=(JobState.QUEUED, JobState.RUNNING))
    if Place.objects.exists() or waiting.exists():
        return None
    return enqueue_job(actor=actor, kind=LOCATE, params={}, wake=False)
