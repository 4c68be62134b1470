"""Flaws as conditions: what lists filter by and measures count."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django_countries import countries

from contacts.enums import PairState, PointKind
from contacts.models import CompanyDuplicate, ContactDuplicate, ContactPoint
from core.conditions.moment import current_moment, start_of_day
from core.conditions.within import narrow

MAIL = r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$"
NUMBER = r"^\+[1-9][0-9]{6,14}$"
OLDEST_BIRTH = date(1900, 1, 1)
FIRST_COMPANY = 1000
"""Years before this are typing errors, not foundations."""
PAIRS = {"contact": ContactDuplicate, "company": CompanyDuplicate}
Build = Callable[[str, Any, Any], Q]
_by_team: ContextVar[bool] = ContextVar("pairs_by_team", default=False)


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
    return Q(birthday__gt=timezone.localdate(current_moment())) | Q(birthday__lt=OLDEST_BIRTH)


def birthday_comes(op: str, value: Any, now: datetime) -> list[Any]:
    """When a birthday in the future has come, it is no longer wrong."""
    return [start_of_day("birthday")]


def wrong_founding() -> Q:
    year = timezone.localdate(current_moment()).year
    return Q(founded_year__gt=year) | Q(founded_year__lt=FIRST_COMPANY)


def _points(party: str, condition: Q) -> Q:
    rows = ContactPoint.objects.filter(condition, **{f"{party}__isnull": False})
    return Q(pk__in=narrow(rows.order_by(), f"{party}_id").values(f"{party}_id"))


@contextmanager
def counting_by_team() -> Iterator[None]:
    """Pairs count within a team alone: a team's figure tells of no other team's records."""
    token = _by_team.set(True)
    try:
        yield
    finally:
        _by_team.reset(token)


def possible_duplicate(kind: str) -> Build:
    """Is one of two records that may be one, both of which the viewer sees; the system (None) sees all."""
    model: Any = PAIRS[kind]

    def build(op: str, value: Any, user: Any) -> Q:
        pairs = model.objects.all() if user is None else model.objects.visible_to(user)
        if _by_team.get():
            pairs = pairs.filter(a__team=F("b__team"))
        found = pairs.filter(state=PairState.OPEN, a__deleted_at=None, b__deleted_at=None).order_by()
        twice = Q(pk__in=narrow(found, "a_id").values("a_id")) | Q(
            pk__in=narrow(found, "b_id").values("b_id")
        )
        return twice if value else ~twice

    return build
