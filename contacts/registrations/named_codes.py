"""Countries and languages in conditions: chosen and read by name, held as codes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.geo.names import country_called, country_choices
from contacts.languages import language_called, language_choices
from core.conditions.compile import compare
from core.conditions.criteria import Criterion, Kind
from core.conditions.moment import current_moment

NAMED = ("in", "not_in", "empty", "not_empty")
BEFORE = ("is", "is_not")
"""What rules and links compared with when codes were typed."""


def coded(path: str) -> Any:
    """A criterion's `build` over a column of codes; rows may hold them in small letters."""

    def build(op: str, value: Any, user: Any) -> Q:
        if op in ("empty", "not_empty"):
            return compare(Kind.CHOICE, path, op, None, current_moment())
        codes = [value] if isinstance(value, str) else value
        has = Q(**{f"{path}__in": sorted({form for code in codes for form in (code, code.lower())})})
        return ~has if op in ("not_in", "is_not") else has

    return build


BY_COUNTRY: dict[str, Any] = {
    "choices": country_choices,
    "spelt": country_called,
    "operators": NAMED,
    "also": BEFORE,
}


def country(table: str) -> Criterion:
    """The country of a record in `table`, asked by name."""
    return Criterion(
        "country",
        _("Country"),
        Kind.CHOICE,
        path="country",
        build=coded("country"),
        icon="map-pin",
        moved_by=(table,),
        **BY_COUNTRY,
    )


def language(table: str) -> Criterion:
    """The language that a person in `table` is written to in, asked by name."""
    return Criterion(
        "language",
        _("Language"),
        Kind.CHOICE,
        path="language",
        build=coded("language"),
        choices=language_choices,
        spelt=language_called,
        operators=NAMED,
        also=BEFORE,
        icon="language",
        moved_by=(table,),
    )
