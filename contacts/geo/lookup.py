"""Finding the point of a postcode or a town in the loaded gazetteer."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contacts.geo.british import parts_of
from contacts.geo.gazetteer import CITY, POSTCODE, place_key, postcode_key
from contacts.models import Place

BRITAIN = "GB"
AREA_REACH = 0.2
"""Degrees of latitude, some 22 km: a town further from the middle of an area is another area's."""
KNOWN_BY = {"CA": 3, "NL": 4, "US": 5}
"""How many letters of a postcode the tables of these countries know: `M5V` of `M5V 3L9`, `1011` of `1011 AB`."""


@dataclass(frozen=True)
class Point:
    """Degrees north and east, and the place that they are of."""

    latitude: float
    longitude: float
    name: str


def point_of(*, country: str, postcode: str = "", city: str = "") -> Point | None:
    """The point of a postcode, else of a town; None for what the gazetteer doesn't know. Of a British one the
    sector is known (`LS1 4` of `LS1 4AP`), else the district. Where only the area is (`LS`), the town decides if it
    lies there."""
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
    keys = _keys(country, postcode)
    rows = {row.key: row for row in Place.objects.filter(key__in=keys, kind=POSTCODE, country=country)}
    row = next((rows[one] for one in keys if one in rows), None)
    if row is None:
        return None, False
    point = _point(row) or (point_of_town(row.name, country) if row.name else None)
    return point, country == BRITAIN and row.key.isalpha()


def _keys(country: str, postcode: str) -> list[str]:
    """Under what the gazetteer may know a postcode, the closest first."""
    if country == BRITAIN:
        return parts_of(postcode) or parts_of(postcode_key(postcode)) or [postcode_key(postcode)]
    key, known = postcode_key(postcode), KNOWN_BY.get(country)
    return [key, key[:known]] if known and len(key) > known else [key]


def _point(row: Place | None) -> Point | None:
    if row is None or row.latitude is None or row.longitude is None:
        return None
    return Point(row.latitude, row.longitude, str(row))
