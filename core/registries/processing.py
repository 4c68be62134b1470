"""What personal data are used for: each app says it once, and the record of processing is generated from it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

UNTIL_ERASED = _("Until the person is erased, or a retention policy ends it sooner")
NO_TRANSFER = _(
    "None by the product: data stay where it is hosted, and mails go to the servers of those who get them"
)


@dataclass(frozen=True)
class Processing:
    """One processing activity (Article 30 of the GDPR). It covers the personal models of `app`, unless another
    activity names them in `models` (labels). `others` are (name, fields) of what is kept by libraries."""

    key: str
    name: Any
    purpose: Any
    basis: Any
    subjects: Any
    recipients: Any
    app: str = ""
    models: tuple[str, ...] = ()
    order: int = 100
    kept: Any = UNTIL_ERASED
    transfers: Any = NO_TRANSFER
    others: tuple[tuple[Any, tuple[Any, ...]], ...] = ()


_activities: dict[str, Processing] = {}
_words: dict[str, Any] = {}
_safeguards: list[Any] = []


def register(*activities: Processing) -> None:
    for one in activities:
        _activities[one.key] = one


def describe(words: dict[str, Any]) -> None:
    """What models (labels) hold, in words, where the names of their fields say little."""
    _words.update(words)


def words_for(label: str) -> str:
    return str(_words.get(label, ""))


def protect(*measures: Any) -> None:
    """Technical and organisational measures that hold for all activities."""
    _safeguards.extend(measures)


def safeguards() -> list[str]:
    return [str(one) for one in _safeguards]


def all_activities() -> list[Processing]:
    return sorted(_activities.values(), key=lambda one: (one.order, one.key))
