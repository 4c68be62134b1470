"""Where postcodes are whose table names only their town: worked out from the towns and from their neighbours.

A town's name alone may mean several places (there are nineteen Neustadts in Germany). Codes that begin alike lie
together, so the codes whose town is the only one of its name say which of the others is meant, and where a code
lies whose town nobody knows.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from core.text import sort_key

Coordinates = tuple[float, float]
NEXT_TO_IT = re.compile(r"[\s,/(-]+")
SHORTEST_PREFIX = 2


def town_names(locality: str) -> list[str]:
    """The names under which a postcode's town may be known, the fullest first: `Lausanne 25` is Lausanne, `Kappel SO`
    Kappel, `Wien, Innere Stadt` Wien, `BOURG EN BRESSE` Bourg-en-Bresse."""
    names = [locality, locality.split(",")[0], locality.split("(")[0], locality.split("/")[0]]
    words = locality.split()
    if len(words) > 1 and (words[-1].isdigit() or (words[-1].isupper() and len(words[-1]) <= 2)):
        names.append(" ".join(words[:-1]))
    return list(dict.fromkeys(filter(None, (name_key(name) for name in names))))


def name_key(name: str) -> str:
    """A town's name without accents, capitals, and what stands between its words."""
    return " ".join(NEXT_TO_IT.sub(" ", sort_key(name, 80)).split())


def locate(codes: Mapping[str, str], towns: Mapping[str, Sequence[Coordinates]]) -> dict[str, Coordinates]:
    """The point of each code (with its town's name) of one country; `towns` are the places by `name_key`."""
    candidates = {code: _candidates(name, towns) for code, name in codes.items()}
    sure = {code: found[0] for code, found in candidates.items() if len(found) == 1}
    neighbours = _by_prefix(sure)
    located = dict(sure)
    for code, found in candidates.items():
        if len(found) == 1:
            continue
        around = _around(code, neighbours)
        if found:
            located[code] = min(found, key=lambda one: _apart(one, around)) if around else found[0]
        elif around:
            located[code] = around
    return located


def _candidates(locality: str, towns: Mapping[str, Sequence[Coordinates]]) -> Sequence[Coordinates]:
    return next((towns[name] for name in town_names(locality) if name in towns), ())


def _by_prefix(sure: Mapping[str, Coordinates]) -> dict[str, Coordinates]:
    """The middle of the codes that begin alike, for every beginning."""
    groups: dict[str, list[Coordinates]] = defaultdict(list)
    for code, point in sure.items():
        for length in range(SHORTEST_PREFIX, len(code)):
            groups[code[:length]].append(point)
    return {prefix: _middle(points) for prefix, points in groups.items()}


def _middle(points: Iterable[Coordinates]) -> Coordinates:
    """The median of both coordinates: a namesake at the other end of the country does not move it."""
    latitudes, longitudes = zip(*points, strict=True)
    return median(latitudes), median(longitudes)


def _around(code: str, neighbours: Mapping[str, Coordinates]) -> Coordinates | None:
    lengths = range(len(code) - 1, SHORTEST_PREFIX - 1, -1)
    return next((neighbours[code[:n]] for n in lengths if code[:n] in neighbours), None)


def _apart(one: Coordinates, other: Coordinates) -> float:
    """Good enough to tell which of two is nearer."""
    east = (one[1] - other[1]) * math.cos(math.radians(one[0]))
    return math.hypot(one[0] - other[0], east)
