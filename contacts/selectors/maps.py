"""A list as points on a map: its rows by town."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, QuerySet
from django.db.models.functions import Upper

from contacts.geo.linked import located
from contacts.geo.names import country_name

TOWNS = 500


@dataclass(frozen=True)
class Town:
    """How many of a list are in a town, and where that is."""

    city: str
    country: str
    count: int
    latitude: float
    longitude: float
    url: str = ""

    @property
    def country_words(self) -> str:
        return country_name(self.country)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def towns_of(rows: QuerySet[Any], user: Any, links: Sequence[str] = ()) -> tuple[list[Town], int]:
    """The towns of the rows, the largest first (at most TOWNS of them), and how many rows have a place at all.

    People and companies stand where they are; other records (`links`: the names of their foreign keys) at the
    first person or company that they point at which has a place and is in the sight of `user`. Towns that differ in
    capitals alone are one. One query, or one for each of `links`.
    """
    if not links:
        found = _grouped(rows.filter(latitude__isnull=False), "")
    else:
        found, left = [], rows
        for link in links:
            seen = located(link, user).values("pk")
            found += _grouped(left.filter(**{f"{link}__in": seen}), f"{link}__")
            left = left.exclude(**{f"{link}__in": seen, f"{link}__isnull": False})
        found = _together(found)
    found.sort(key=lambda town: (-town.count, town.country, town.city))
    return found[:TOWNS], sum(town.count for town in found)


def _grouped(rows: QuerySet[Any], path: str) -> list[Town]:
    groups = (
        rows.order_by()
        .annotate(town_country=F(f"{path}country"), town_key=Upper(f"{path}city"))
        .values("town_country", "town_key")
        .annotate(
            town=Max(f"{path}city"),
            number=Count("pk"),
            north=Avg(f"{path}latitude"),
            east=Avg(f"{path}longitude"),
        )
    )
    return [Town(g["town"], g["town_country"], g["number"], g["north"], g["east"]) for g in groups]


def _together(towns: list[Town]) -> list[Town]:
    """Towns that were found by several links, each once."""
    same: dict[tuple[str, str], list[Town]] = defaultdict(list)
    for town in towns:
        same[town.country, town.city.upper()].append(town)
    return [
        Town(
            group[0].city,
            group[0].country,
            sum(one.count for one in group),
            sum(one.latitude for one in group) / len(group),
            sum(one.longitude for one in group) / len(group),
        )
        for group in same.values()
    ]
