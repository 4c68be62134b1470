"""Cards beside a record: an app shows its own records on another app's page."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A card. `context(record, user)` gives the fragment's context (with `count`), or None to leave it out.

    A `lazy` card is closed at first and read when somebody opens it: what few people look at costs the page
    nothing. `needs` names the record type that one has to be allowed to view. A card of every type does not
    stand on the types `not_on`.
    """

    key: str
    record_type: str
    label: str | Promise
    icon: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int = 100
    open: bool = True
    lazy: bool = False
    needs: str = ""
    not_on: tuple[str, ...] = ()


EVERY_TYPE = "*"
"""The record type of panels that stand beside records of all types."""

_panels: dict[str, dict[str, Panel]] = defaultdict(dict)


def register(panel: Panel) -> None:
    _panels[panel.record_type][panel.key] = panel


def panels_for(record_type: str) -> list[Panel]:
    panels = {**_panels[EVERY_TYPE], **_panels[record_type]}
    here = [panel for panel in panels.values() if record_type not in panel.not_on]
    return sorted(here, key=lambda panel: panel.order)


def get(record_type: str, key: str) -> Panel | None:
    return next((panel for panel in panels_for(record_type) if panel.key == key), None)
