"""Finding the point of a postcode or a town in the loaded gazetteer."""

import re
from dataclasses import dataclass

from contacts.geo.gazetteer import CITY, POSTCODE, place_key, postcode_key
from contacts.models import Place

AREA = re.compile(r"^[A-Z]{1,2}(?=\d)")


@dataclass(frozen=True)
class Point:
    """Degrees north and east, and the place that they are of."""

    latitude: float
    longitude: float
    name: str


def point_of(*, country: str, postcode: str = "", city: str = "") -> Point | None:
    """The point of a postcode, else of a town; None for what the gazetteer doesn't know."""
    if country and postcode:
        found = _of_postcode(country.upper(), postcode)
        if found is not None:
            return found
    return point_of_town(city, country) if city.strip() else None


def point_of_town(name: str, country: str = "") -> Point | None:
    """The most populous place of that name, in the country if one is given."""
    rows = Place.objects.filter(key=place_key(name), kind=CITY)
    rows = rows.filter(country=country.upper()) if country else rows
    return _point(rows.order_by("-population", "pk").first())


def _of_postcode(country: str, postcode: str) -> Point | None:
    key = postcode_key(postcode)
    area = AREA.match(key)
    keys = [key, area.group()] if area else [key]
    rows = {row.key: row for row in Place.objects.filter(key__in=keys, kind=POSTCODE, country=country)}
    row = next((rows[one] for one in keys if one in rows), None)
    if row is None:
        return None
    return _point(row) or (point_of_town(row.name, country) if row.name else None)


def _point(row: Place | None) -> Point | None:
    if row is None or row.latitude is None or row.longitude is None:
        return None
    return Point(row.latitude, row.longitude, str(row))
