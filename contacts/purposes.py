"""What people are written to about. Apps above add theirs: marketing's topics are purposes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.enums import LegalBasis


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to. `key` stands in the consent ledger; `wording` is the key of the words."""

    key: str
    name: Any
    description: Any = ""
    basis: str = LegalBasis.CONSENT
    wording: str = "marketing"


MARKETING = Purpose(
    "marketing", _("News and offers"), _("What is new with us, and offers that may be of use to you.")
)
_providers: list[Callable[[], Iterable[Purpose]]] = []


def register(provider: Callable[[], Iterable[Purpose]]) -> None:
    """`provider()` is asked whenever purposes are shown, so that it may read rows."""
    if provider not in _providers:
        _providers.append(provider)


def all_purposes() -> list[Purpose]:
    """News first, then what the apps offer; each key once."""
    found = {MARKETING.key: MARKETING}
    for provider in _providers:
        for purpose in provider():
            found.setdefault(purpose.key, purpose)
    return list(found.values())
