"""Flaws as conditions: what lists filter by and measures count."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django_countries import countries

from contacts.enums import PairState, PointKind
from contacts.models import CompanyDuplicate, ContactDuplicate, ContactPoint

MAIL = r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$"
NUMBER = r"^\+[1-9][0-9]{6,14}$"
OLDEST_BIRTH = date(1900, 1, 1)
FIRST_COMPANY = 1000
"""Years before this are typing errors, not foundations."""
PAIRS = {"contact": ContactDuplicate, "company": CompanyDuplicate}
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


def possible_duplicate(kind: str) -> Build:
    """Is one of two records that may be one, both of which the viewer sees. The system (None), which counts
    by team, counts pairs within a team: a team's figure tells of no other team's records."""
    model: Any = PAIRS[kind]

    def build(op: str, value: Any, user: Any) -> Q:
        pairs = model.objects.filter(a__team=F("b__team")) if user is None else model.objects.visible_to(user)
        found = pairs.filter(state=PairState.OPEN, a__deleted_at=None, b__deleted_at=None).order_by()
        twice = Q(pk__in=found.values("a_id")) | Q(pk__in=found.values("b_id"))
        return twice if value else ~twice

    return build
