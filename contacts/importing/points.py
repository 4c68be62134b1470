"""The ways to reach somebody that a line brings, and those of them that are new."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils import timezone

from contacts.enums import PointKind, SuppressionCause, SuppressionScope
from contacts.importing.reach import imported_email, imported_phone
from contacts.models import ContactPoint, Suppression
from contacts.services.refusals import tell_refused
from core.expressions import Among
from core.importing.bulk import copy_rows
from core.importing.problems import Problem
from core.importing.rows import Change, ImportContext, Row
from core.importing.style import BadValue
from core.importing.targets import Applied

EMAILS = ("email", "email_2", "email_3", "more_emails")
PHONES = ("phone", "phone_2", "phone_3", "more_phones")
MOBILES = ("mobile", "mobile_2")
NUMBERS = (PointKind.PHONE.value, PointKind.MOBILE.value)
KINDS = {
    **dict.fromkeys(EMAILS, PointKind.EMAIL.value),
    **dict.fromkeys(PHONES, PointKind.PHONE.value),
    **dict.fromkeys(MOBILES, PointKind.MOBILE.value),
    "website": PointKind.WEBSITE.value,
    "social": PointKind.SOCIAL.value,
}
MOBILE_WORDS = ("mobil", "cell", "handy", "portable", "iphone")


class Address(NamedTuple):
    """An e-mail address as it is written and as it is matched."""

    value: str
    normalised: str


class Point(NamedTuple):
    """A way to reach somebody as a row of the table."""

    key: str
    kind: str
    label: str
    value: str
    normalised: str


def clean_address(text: str) -> Address:
    return Address(text.strip(), imported_email(text))


def points_of(context: ImportContext, row: Row) -> list[Point]:
    """The points of a row, numbers read as those of its country. Fails the row for what is no number."""
    values = row.values
    country = values.get("country") or context.country
    found: list[Point] = []
    for key, kind in KINDS.items():
        given = values.get(key)
        if not given:
            continue
        label = str(values.get(f"{key}_label", ""))[:40]
        for item in given if isinstance(given, list) else [given]:
            if kind in NUMBERS:
                point = _number(row, key, kind, label, item, country)
                if point is not None:
                    found.append(point)
            elif kind == PointKind.EMAIL:
                found.append(Point(key, kind, label, item.value, item.normalised))
            else:
                found.append(Point(key, kind, label, item[:320], _bare_link(item)[:320]))
    return found


def _number(row: Row, key: str, kind: str, label: str, text: str, country: str) -> Point | None:
    if any(word in label.casefold() for word in MOBILE_WORDS):
        kind = PointKind.MOBILE.value
    try:
        return Point(key, kind, label, text[:320], imported_phone(text, country))
    except BadValue as error:
        row.fail(Problem("value", str(error), key, key, text[:200]))
        return None


def _bare_link(text: str) -> str:
    bare = text.strip().casefold().removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")


def add_points(applied: Applied, *, owner: str = "contact", dry_run: bool = False) -> list[tuple[Row, int]]:
    """Write the points that the people (or `owner="company"`) do not have yet; the first of a kind is primary.

    A number is there under either kind, and so is a value that is written exactly as one that is there."""
    wanted = [(row, pk) for row, pk in applied.everything if row.extras.get("points")]
    if not wanted:
        return []
    there, raw = _known(
        [pk for row, pk in (*applied.updated, *applied.same) if row.extras.get("points")], owner
    )
    now, rows, added = timezone.now(), [], []
    for row, pk in wanted:
        fill: Iterable[str] = row.extras.get("fill", ())
        had = {kind for kind in KINDS.values() if (pk, kind) in there} if fill else set()
        for point in row.extras["points"]:
            alike = NUMBERS if point.kind in NUMBERS else (point.kind,)
            if any(point.normalised in there[pk, kind] for kind in alike) or (pk, point.value) in raw:
                continue
            if point.key in fill and had.intersection(alike):
                continue
            known = there[pk, point.kind]
            rows.append((now, now, pk, point.kind, point.label, point.value, point.normalised, not known))
            known.add(point.normalised)
            added.append((row, pk))
            if dry_run:
                row.changes.append(Change(point.key, "", point.value))
    columns = (
        "created_at",
        "updated_at",
        f"{owner}_id",
        "kind",
        "label",
        "value",
        "normalised",
        "is_primary",
    )
    copy_rows(ContactPoint, columns, rows)
    return added


def _known(ids: list[int], owner: str) -> tuple[dict[tuple[int, str], set[str]], set[tuple[int, str]]]:
    there: dict[tuple[int, str], set[str]] = defaultdict(set)
    raw: set[tuple[int, str]] = set()
    rows = ContactPoint.objects.filter(Among(f"{owner}_id", ids)) if ids else ContactPoint.objects.none()
    for pk, kind, normalised, value in rows.values_list(f"{owner}_id", "kind", "normalised", "value"):
        there[pk, kind].add(normalised)
        raw.add((pk, value))
    return there, raw


def leave_alone(applied: Applied) -> None:
    """Nothing of marketing is sent to the addresses of people who had opted out where they come from."""
    addresses = {
        point.normalised
        for row, _pk in applied.everything
        if row.values.get("email_opt_out")
        for point in row.extras.get("points", ())
        if point.kind == PointKind.EMAIL
    }
    if addresses:
        Suppression.objects.bulk_create(
            [
                Suppression(
                    address=address, reach=SuppressionScope.MARKETING, cause=SuppressionCause.UNSUBSCRIBED
                )
                for address in sorted(addresses)
            ],
            ignore_conflicts=True,
        )
        tell_refused(sorted(addresses), reach=SuppressionScope.MARKETING, cause=SuppressionCause.UNSUBSCRIBED)


def column_values(row: Row) -> Mapping[str, Any]:
    """The normalised e-mail addresses and numbers of a row, for matching."""
    points: list[Point] = row.extras.get("points", [])
    return {
        "emails": [point.normalised for point in points if point.kind == PointKind.EMAIL],
        "numbers": [point.normalised for point in points if point.kind in NUMBERS],
    }
