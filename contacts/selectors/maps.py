"""A list as points on a map: its people or companies by town."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Avg, Count, QuerySet

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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def towns_of(rows: QuerySet[Any]) -> list[Town]:
    """The towns of the rows, the largest first; rows without coordinates are left out."""
    groups = (
        rows.filter(latitude__isnull=False)
        .order_by()
        .values("country", "city")
        .annotate(count=Count("pk"), latitude=Avg("latitude"), longitude=Avg("longitude"))
        .order_by("-count", "country", "city")[:TOWNS]
    )
    return [Town(**group) for group in groups]
