"""Where the demo's people live, and how they like to be talked to. Drawn from their keys, not from chance."""

from functools import cache
from typing import Any

from contacts.geo.gazetteer import city_rows, place_key
from demo.names import PLACES

CHANNELS = ("email", "phone", "message", "meeting", "")
STYLES = ("direct", "analytical", "relating", "expressive", "")
INTERESTS = ("sailing, history", "running, jazz", "gardening", "cooking, cycling", "chess", "")
VALUES = ("punctuality, plain words", "sustainability", "a fair price", "innovation", "trust", "")
ROLES = ("decision_maker", "champion", "influencer", "user", "finance", "blocker")


@cache
def point_of(country: str, city: str) -> tuple[float | None, float | None]:
    """The coordinates of one of the demo's towns."""
    return _points().get((country, place_key(city)), (None, None))


@cache
def _points() -> dict[tuple[str, str], tuple[float | None, float | None]]:
    found: dict[tuple[str, str], Any] = {}
    for row in city_rows(PLACES):
        if row.population > found.get((row.country, row.key), (0, 0, -1))[2]:
            found[row.country, row.key] = (row.latitude, row.longitude, row.population)
    return {key: value[:2] for key, value in found.items()}


def preferences_of(number: int) -> tuple[Any, ...]:
    """Channel, hour, style, interests and values of a person; many are not known."""
    return (
        CHANNELS[number % 5],
        8 + number % 10 if number % 3 else None,
        STYLES[number // 2 % 5] if number % 2 else "",
        INTERESTS[number % 6],
        VALUES[number // 3 % 6] if number % 4 == 0 else "",
    )


def role_of(number: int) -> str:
    """The part in buying of every third person."""
    return ROLES[number // 3 % len(ROLES)] if number % 3 == 0 else ""
