"""Dashboard tiles that apps offer; analytics lays them out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Tile:
    """`context(user, period)` gives what `template` shows; every number in it carries the URL of its rows."""

    key: str
    label: str | Promise
    template: str
    context: Callable[[Any, Any], dict[str, Any]]
    record_type: str
    width: int = 3
    order: int = 100


_tiles: dict[str, Tile] = {}


def register(tile: Tile) -> None:
    _tiles[tile.key] = tile


def tiles(profile: Any) -> list[Tile]:
    wanted = [tile for tile in _tiles.values() if profile.allows(tile.record_type, "view")]
    return sorted(wanted, key=lambda tile: tile.order)
