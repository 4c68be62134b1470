"""What personal data are used for: each app says it once, and the record of processing is generated from it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Processing:
    """One processing activity (Article 30 of the GDPR). It covers the personal models of `app`, unless another
    activity names them in `models` (labels)."""

    key: str
    name: Any
    purpose: Any
    basis: Any
    subjects: Any
    recipients: Any
    app: str = ""
    models: tuple[str, ...] = ()
    order: int = 100


_activities: dict[str, Processing] = {}


def register(*activities: Processing) -> None:
    for one in activities:
        _activities[one.key] = one


def all_activities() -> list[Processing]:
    return sorted(_activities.values(), key=lambda one: (one.order, one.key))
