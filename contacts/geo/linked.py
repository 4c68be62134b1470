"""Where records are that have no place of their own: at the person or the company that they point at."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.geo.distance import circle_of, within
from contacts.models import Company, Contact
from core.conditions.criteria import Criterion, Kind
from core.enums import AccessLevel, Action
from core.scope.access import profile_for

PARTIES: dict[str, type[Contact] | type[Company]] = {"contact": Contact, "company": Company}


def located(link: str, user: Any) -> QuerySet[Any]:
    """The people or companies with a place that `user` may see; None is the system."""
    rows: QuerySet[Any] = PARTIES[link].objects.all()
    if user is not None and profile_for(user).level(link, Action.VIEW) != AccessLevel.ALL:
        rows = PARTIES[link].objects.visible_to(user)
    return rows.filter(latitude__isnull=False).order_by()


def standing(links: Sequence[str], condition: Q, user: Any) -> Q:
    """Rows that stand where `condition` is true: at the first of `links` that has a place and is in sight."""
    found, before = Q(pk__in=[]), Q()
    for link in links:
        seen = located(link, user)
        found |= before & Q(**{f"{link}__in": seen.filter(condition).values("pk")})
        before &= ~Q(**{f"{link}__in": seen.values("pk")}) | Q(**{f"{link}__isnull": True})
    return found


def at_town(text: str) -> Q:
    """`Leeds, GB`, `Leeds, ` (no country) or `, GB` (no town), whatever the capitals."""
    city, _comma, country = text.rpartition(",")
    same = Q(country=country.strip()) & Q(city__iexact=city.strip())
    return same if "," in text else Q(city__iexact=text.strip())


def town_words(city: str, country: str) -> str:
    """What `at_town` reads."""
    return f"{city}, {country}"


def place_criteria(*links: str) -> list[Criterion]:
    """“Within 50 km of Leeds” and “in Leeds, GB” for records that stand at one of `links`."""
    told = tuple((link, field) for link in links for field in ("city", "country"))
    shared: dict[str, Any] = {"discloses": told, "reads": links, "icon": "map-pin", "group": _("Place")}

    def near(op: str, value: Any, user: Any) -> Q:
        return standing(links, within(circle_of(value)), user)

    def town(op: str, value: Any, user: Any) -> Q:
        return standing(links, at_town(value), user)

    return [
        Criterion("near", _("Distance"), Kind.TEXT, build=near, operators=("within",), **shared),
        Criterion("town", _("Town"), Kind.TEXT, build=town, operators=("is",), **shared),
    ]
