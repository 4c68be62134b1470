"""Countries, industries and names as files write them."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.importing.references import ChoiceResolver

INDUSTRIES = (
    "agriculture", "automotive", "banking", "biotechnology", "chemicals", "construction", "consulting",
    "consumer goods", "education", "electronics", "employment", "energy", "engineering", "entertainment",
    "finance", "food and beverage", "government", "healthcare", "hospitality", "insurance", "legal",
    "logistics", "manufacturing", "marketing", "media", "medical", "mining", "non-profit", "pharmaceuticals",
    "real estate", "retail", "services", "software", "technology", "telecommunications", "textiles",
    "transport", "travel", "utilities", "wholesale",
)  # fmt: skip
"""Customary names of industries, in the language most files are in; others are kept as they are written."""

COUNTRY_ALIASES = {
    "USA": "US", "U.S.A.": "US", "United States": "US", "America": "US", "UK": "GB", "England": "GB",
    "Scotland": "GB", "Wales": "GB", "Great Britain": "GB", "EIRE": "IE", "RSA": "ZA", "Holland": "NL",
    "Deutschland": "DE", "España": "ES", "Österreich": "AT", "Schweiz": "CH", "Suisse": "CH",
    "Italia": "IT", "Czech Republic": "CZ", "South Korea": "KR", "North Korea": "KP", "Russia": "RU",
    "Vietnam": "VN", "Turkey": "TR", "UAE": "AE", "Hong Kong": "HK", "Taiwan": "TW", "Iran": "IR",
    "Syria": "SY", "Laos": "LA", "Moldova": "MD", "Bolivia": "BO", "Venezuela": "VE", "Tanzania": "TZ",
}  # fmt: skip


@cache
def _countries_in(_language: str | None) -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in countries]


def _country_choices() -> list[tuple[str, str]]:
    return _countries_in(get_language())


def country_resolver() -> ChoiceResolver:
    """Countries by ISO code, name or customary abbreviation; the value is the ISO 3166 code."""
    return ChoiceResolver(_country_choices, COUNTRY_ALIASES)


COUNTRY_SYNONYMS = ("country", "office location", "location", "country code", "nation", "land")
LABEL_COUNTRY = _("Country")
