"""“Within 50 km of Leeds”, read from words and compiled to a bounding box and the great circle."""

import math
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext as _

from contacts.geo.british import parts_of
from contacts.geo.lookup import BRITAIN, Point, has_places, point_of, point_of_town
from contacts.geo.names import country_called
from core.conditions.tree import ConditionError

EARTH_KM = 6371.0088
KM_PER_DEGREE = EARTH_KM * math.pi / 180
MILE_KM = 1.609344
LARGEST_KM = 20_100
WORDS = re.compile(
    r"^\s*(?:within\s+)?(?P<number>\d{1,6}(?:[.,]\d{1,3})?)\s*(?P<unit>km|mi|miles?)?\s+"
    r"(?:(?:of|from|around|um|von|de|di)\s+)?(?P<place>[^,]{1,80}?)\s*(?:,\s*(?P<country>[^,]{2,60}?))?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Circle:
    """Everything within `km` of a point."""

    centre: Point
    km: float


def circle_of(text: str) -> Circle:
    """The circle that words mean: `50 km of Leeds`, `30 miles of Springfield, US`, `2 km of LS1 4AP`,
    `5 km of 10115, Germany`, `5 km of 10115 Berlin`. Raises ConditionError."""
    found = WORDS.match(text)
    if found is None:
        raise ConditionError(_("Distance: write it as “50 km of Leeds” or “50 km of Leeds, GB”."))
    number = float(found["number"].replace(",", "."))
    km = number * (MILE_KM if (found["unit"] or "").lower().startswith("mi") else 1)
    country = _country_of(found["country"] or "")
    place = found["place"]
    centre = (
        point_of_town(place, country)
        or _of_postcode(place, country)
        or _of_town_with_postcode(place, country)
    )
    if centre is None and not has_places():
        raise ConditionError(_("Distance: the places are being loaded. Try again in a few minutes."))
    if centre is None:
        raise ConditionError(_("Distance: there is no place called “%(name)s”."), name=place[:60])
    return Circle(centre, min(km, LARGEST_KM))


def _country_of(name: str) -> str:
    code = country_called(name) if name else ""
    if code is None:
        raise ConditionError(_("Distance: there is no country called “%(name)s”."), name=name[:60])
    return code


def _of_postcode(place: str, country: str) -> Point | None:
    """The postcode that the words name: of the country they name, or one that only Britain writes so."""
    return point_of(country=country or (BRITAIN if parts_of(place) else ""), postcode=place)


def _of_town_with_postcode(place: str, country: str) -> Point | None:
    """`10115 Berlin`: the town behind a number, nearer by the number where the country is named."""
    number, _space, town = place.partition(" ")
    if not number.isdigit() or not town.strip():
        return None
    return point_of(country=country, postcode=number, city=town)


def within(circle: Circle) -> Q:
    """Rows with `latitude` and `longitude` inside the circle; those without are not."""
    centre = circle.centre
    return box(circle) & Q(LessThanOrEqual(great_circle(centre), Value(circle.km)))


def box(circle: Circle) -> Q:
    """The rectangle around a circle, for the index; none of the circle's points is outside."""
    centre, reach = circle.centre, circle.km / KM_PER_DEGREE
    south, north = centre.latitude - reach, centre.latitude + reach
    q = Q(latitude__isnull=False, longitude__isnull=False, latitude__gte=south, latitude__lte=north)
    if south <= -90 or north >= 90:
        return q
    span = math.degrees(
        math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(centre.latitude))))
    )
    west, east = centre.longitude - span, centre.longitude + span
    if west < -180:
        return q & (Q(longitude__gte=west + 360) | Q(longitude__lte=east))
    if east > 180:
        return q & (Q(longitude__gte=west) | Q(longitude__lte=east - 360))
    return q & Q(longitude__gte=west, longitude__lte=east)


def great_circle(centre: Point) -> Any:
    """The distance in km of a row from a point, by the haversine formula."""
    lat, lon = Radians(F("latitude")), Radians(F("longitude"))
    lat0, lon0 = math.radians(centre.latitude), math.radians(centre.longitude)
    half = Power(Sin((lat - Value(lat0)) / 2.0), 2) + Cos(lat) * Value(math.cos(lat0)) * Power(
        Sin((lon - Value(lon0)) / 2.0), 2
    )
    limited = Least(Sqrt(half), Value(1.0), output_field=FloatField())
    return ASin(limited, output_field=FloatField()) * Value(2 * EARTH_KM)
