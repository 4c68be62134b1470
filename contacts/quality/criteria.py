"""Flaws as conditions: what lists filter by and measures count."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_countries import countries

from contacts.enums import PointKind
from contacts.models import ContactPoint

MAIL = r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$"
NUMBER = r"^\+[1-9][0-9]{6,14}$"
OLDEST_BIRTH = date(1900, 1, 1)
FIRST_COMPANY = 1000
"""Years before this are typing errors, not foundations."""
Build = Callable[[str, Any, Any], Q]


@cache
def known_countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes."""
    return frozenset(code for code, _name in countries)


def flag(condition: Callable[[], Q]) -> Build:
    """A criterion's `build` for a yes or no."""

    def build(op: str, value: Any, user: Any) -> Q:
        return condition() if value else ~condition()

    return build


def wrong_mail(party: str) -> Callable[[], Q]:
    """Has an e-mail address that can't be one."""
    return lambda: _points(party, Q(kind=PointKind.EMAIL) & ~Q(normalised__regex=MAIL))


def bounced_mail(party: str) -> Callable[[], Q]:
    """Has an address from which mail came back."""
    return lambda: _points(party, Q(kind=PointKind.EMAIL, bounced_at__isnull=False))


def wrong_phone(party: str) -> Callable[[], Q]:
    """Has a number that is no international one (E.164)."""
    return lambda: _points(
        party, Q(kind__in=[PointKind.PHONE, PointKind.MOBILE]) & ~Q(normalised__regex=NUMBER)
    )


def unknown_country() -> Q:
    return ~Q(country="") & ~Q(country__in=known_countries())


def wrong_birthday() -> Q:
    """Born in the future, or longer ago than anybody lives."""
    return Q(birthday__gt=timezone.localdate()) | Q(birthday__lt=OLDEST_BIRTH)


def wrong_founding() -> Q:
    return Q(founded_year__gt=timezone.localdate().year) | Q(founded_year__lt=FIRST_COMPANY)


def _points(party: str, condition: Q) -> Q:
    rows = ContactPoint.objects.filter(condition, **{f"{party}__isnull": False})
    return Q(pk__in=rows.order_by().values(f"{party}_id"))
