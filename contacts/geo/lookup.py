"""Finding the point of a postcode or a town in the loaded gazetteer."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contacts.geo.gazetteer import CITY, POSTCODE, place_key, postcode_key
from contacts.models import Place

AREA_REACH = 0.2
"""Degrees of latitude, some 22 km: a town further from the middle of an area is another area's."""
AREA = re.compile(r"^[A-Z]{1,2}(?=\d)")


@dataclass(frozen=True)
class Point:
    """Degrees north and east, and the place that they are of."""

    latitude: float
    longitude: float
    name: str


def point_of(*, country: str, postcode: str = "", city: str = "") -> Point | None:
    """The point of a postcode, else of a town; None for what the gazetteer doesn't know. Where only the area of a
    postcode is known (`LS` of `LS1 4AP`), the town decides if it lies there."""
    if country and postcode:
        found, is_area = _of_postcode(country.upper(), postcode)
        if found is not None and is_area and city.strip():
            town = _point(_towns(city, country).filter(box_around(found)).first())
            return town or found
        if found is not None:
            return found
    return point_of_town(city, country) if city.strip() else None


def has_places() -> bool:
    """Whether the gazetteer is loaded."""
    return bool(Place.objects.exists())


def point_of_town(name: str, country: str = "") -> Point | None:
    """The most populous place of that name, in the country if one is given."""
    return _point(_towns(name, country).first())


def _towns(name: str, country: str) -> QuerySet[Place]:
    rows: QuerySet[Place] = Place.objects.filter(key=place_key(name), kind=CITY)
    rows = rows.filter(country=country.upper()) if country else rows
    return rows.order_by("-population", "pk")


def box_around(point: Point) -> Q:
    """The degrees around the middle of a postcode area in which its towns lie."""
    return Q(
        latitude__range=(point.latitude - AREA_REACH, point.latitude + AREA_REACH),
        longitude__range=(point.longitude - 2 * AREA_REACH, point.longitude + 2 * AREA_REACH),
    )


def _of_postcode(country: str, postcode: str) -> tuple[Point | None, bool]:
    """The point, and whether it is that of an area only."""
    key = postcode_key(postcode)
    area = AREA.match(key)
    keys = [key, area.group()] if area else [key]
    rows = {row.key: row for row in Place.objects.filter(key__in=keys, kind=POSTCODE, country=country)}
    row = next((rows[one] for one in keys if one in rows), None)
    if row is None:
        return None, False
    point = _point(row) or (point_of_town(row.name, country) if row.name else None)
    return point, area is not None and row.key == area.group()


def _point(row: Place | None) -> Point | None:
    if row is None or row.latitude is None or row.longitude is None:
        return None
    return Point(row.latitude, row.longitude, str(row))
