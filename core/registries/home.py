"""What the start page shows: sections of things that wait, and the first steps of a new installation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class HomeSection:
    """A card of the start page. `context(user)` gives the template's context, or None to leave it out."""

    key: str
    label: str | Promise
    icon: str
    template: str
    context: Callable[[Any], dict[str, Any] | None]
    url_name: str = ""
    order: int = 100
    width: int = 6


@dataclass(frozen=True)
class FirstStep:
    """A line of the checklist. `done(user)` is one cheap query; `allowed(profile)` leaves it out for others."""

    key: str
    label: str | Promise
    text: str | Promise
    url_name: str
    done: Callable[[Any], bool]
    allowed: Callable[[Any], bool] = lambda profile: True
    order: int = 100


_sections: dict[str, HomeSection] = {}
_steps: dict[str, FirstStep] = {}


def register(*sections: HomeSection) -> None:
    for section in sections:
        _sections[section.key] = section


def register_steps(*steps: FirstStep) -> None:
    for step in steps:
        _steps[step.key] = step


def sections() -> list[HomeSection]:
    return sorted(_sections.values(), key=lambda section: section.order)


def first_steps(profile: Any) -> list[FirstStep]:
    return sorted((s for s in _steps.values() if s.allowed(profile)), key=lambda step: step.order)
