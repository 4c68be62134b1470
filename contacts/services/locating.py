"""Putting people, companies and addresses on the map."""

from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.geo.gazetteer import PlaceRow, city_rows, place_key, postcode_rows
from contacts.geo.lookup import point_of
from contacts.models import Address, Company, Contact, Place
from core.db.statistics import analyze
from core.enums import JobState
from core.importing.bulk import copy_rows
from core.models import Job
from core.services.base import service
from core.services.jobs import enqueue_job

COLUMNS = PlaceRow._fields
BATCH = 1000
COPIED = 50_000
LOCATE = "contacts.locate"


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
    point = point_of(country=address.country, postcode=address.postcode, city=address.city)
    address.latitude = point.latitude if point else None
    address.longitude = point.longitude if point else None


@service
def locate_party(*, actor: Any, party: Contact | Company) -> None:
    """Put a person or company where the primary address is, else into their town. Nobody has edited the
    record: its version stays."""
    address = party.addresses.filter(latitude__isnull=False).order_by("-is_primary", "pk").first()
    here: tuple[float | None, float | None] = (None, None)
    if address is not None:
        here = (address.latitude, address.longitude)
    elif party.city:
        point = point_of(country=party.country, city=party.city)
        here = (point.latitude, point.longitude) if point else here
    if (party.latitude, party.longitude) != here:
        party.latitude, party.longitude = here
        party.__class__.all_objects.filter(pk=party.pk).update(latitude=here[0], longitude=here[1])


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
    for address in Address.objects.filter(**{f"{model.record_type}__in": ids}, latitude__isnull=True):
        locate_address(actor=None, address=address)
        if address.latitude is not None:
            address.save(update_fields=["latitude", "longitude", "updated_at"])
    found = 0
    for party in _with_towns(model.objects.filter(pk__in=ids)):
        locate_party(actor=None, party=party)
        found += party.latitude is not None
    return (ids[-1] if ids else 0), found


def _with_towns(rows: Iterable[Any]) -> list[Any]:
    """The parties, those of one town after each other."""
    return sorted(rows, key=lambda party: (party.country, place_key(party.city), party.pk))


@service
def start_locating(*, actor: Any) -> Any:
    """Start the job that loads the gazetteer and puts everybody without a point on the map."""
    return enqueue_job(actor=actor, kind=LOCATE, title=_("Put people on the map"), params={})


@service
def start_locating_at_first(*, actor: Any) -> Any:
    """In an installation without a gazetteer, queue the job that loads it, unless it is queued; None otherwise.
    The job begins when the sweep for waiting ones comes by, so that it does not compete with the start itself."""
    waiting = Job.objects.filter(kind=LOCATE, state__in=(JobState.QUEUED, JobState.RUNNING))
    if Place.objects.exists() or waiting.exists():
        return None
    title = _("Put people on the map")
    return enqueue_job(actor=actor, kind=LOCATE, title=title, params={}, wake=False)
