"""Columns that lists offer and exports take so that nothing is lost: called as the fields of an import, by which
the file comes back without a change."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.enums import PointKind
from contacts.exporting import card_of, with_all
from contacts.models import Address, ContactPoint
from core.exporting import cards
from core.registries import columns
from core.registries.columns import Column, joined


def with_all_points(rows: QuerySet[Any]) -> QuerySet[Any]:
    every = ContactPoint.objects.order_by("-is_primary", "pk")
    return rows.prefetch_related(Prefetch("points", every, to_attr="all_points"))


def with_addresses(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.prefetch_related(
        Prefetch("addresses", Address.objects.order_by("pk"), to_attr="all_addresses")
    )


def values_of(record: Any, *kinds: str) -> list[str]:
    return [point.value for point in record.all_points if point.kind in kinds]


def more(*kinds: str) -> Any:
    """The values of the kinds but the first primary one, which has a column of its own."""

    def found(record: Any) -> list[str]:
        points = [point for point in record.all_points if point.kind in kinds]
        first = next((point for point in points if point.is_primary), None)
        return [point.value for point in points if point is not first]

    return found


def address_part(name: str, place: int) -> Any:
    def found(record: Any) -> str:
        return getattr(record.all_addresses[place], name) if len(record.all_addresses) > place else ""

    return found


def shown_list(values: Any) -> Any:
    return lambda record: ", ".join(values(record))


def points_column(key: str, label: Any, values: Any, order: int, field: str) -> Column:
    return Column(
        key,
        label,
        shown_list(values),
        export=values,
        select=with_all_points,
        field=field,
        default=False,
        order=order,
    )


def plain_column(key: str, label: Any, order: int, field: str = "") -> Column:
    return Column(
        key, label, lambda record: getattr(record, key), field=field or key, default=False, order=order
    )


def address_column(key: str, label: Any, place: int, order: int) -> Column:
    name = key.removesuffix("_2")
    return Column(
        key,
        label,
        address_part(name, place),
        select=with_addresses,
        field="addresses",
        default=False,
        order=order,
    )


PLACES = (
    address_column("street", _("Street"), 0, 110),
    address_column("postcode", _("Postcode"), 0, 111),
    address_column("region", _("Region"), 0, 112),
)
columns.register(
    "contact",
    plain_column("first_name", _("First name"), 101),
    plain_column("last_name", _("Last name"), 102),
    plain_column("salutation", _("Salutation"), 103),
    points_column("more_emails", _("More e-mail addresses"), more(PointKind.EMAIL), 104, "email"),
    points_column(
        "more_phones", _("More phone numbers"), more(PointKind.PHONE, PointKind.MOBILE), 105, "phone"
    ),
    points_column(
        "social",
        _("Social profiles"),
        lambda r: values_of(r, PointKind.SOCIAL, PointKind.WEBSITE),
        107,
        "points",
    ),
    *PLACES,
    address_column("street_2", _("Street of a second address"), 1, 113),
    address_column("postcode_2", _("Postcode of a second address"), 1, 114),
    address_column("city_2", _("City of a second address"), 1, 115),
    address_column("region_2", _("Region of a second address"), 1, 116),
    address_column("country_2", _("Country of a second address"), 1, 117),
    plain_column("birthday", _("Birthday"), 120),
    plain_column("time_zone", _("Time zone"), 122),
    plain_column("external_id", _("External id"), 124),
    plain_column("description", _("About"), 125),
)
columns.register(
    "company",
    plain_column("founded_year", _("Founded"), 101),
    plain_column("annual_revenue", _("Annual revenue"), 102),
    plain_column("currency", _("Currency"), 103, field="annual_revenue"),
    Column(
        "parent",
        _("Parent company"),
        lambda r: str(r.parent or ""),
        select=joined("parent"),
        field="parent",
        default=False,
        order=104,
    ),
    *PLACES,
    plain_column("external_id", _("External id"), 124),
    plain_column("description", _("Description"), 125),
)

columns.register(
    "activity",
    plain_column("body", _("Notes"), 101),
    plain_column("outcome", _("Outcome"), 102),
    plain_column("direction", _("Direction"), 103),
    plain_column("duration_minutes", _("Minutes"), 104),
    plain_column("external_id", _("External id"), 105),
)

cards.register("contact", cards.CardType(with_all, card_of))
