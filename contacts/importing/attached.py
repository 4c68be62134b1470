"""What hangs on imported people: addresses, numbers, companies. Each adds what is missing and removes nothing;
each returns the rows to which something was added."""

from collections import defaultdict

from django.utils import timezone

from contacts.enums import PointKind
from contacts.models import Address, Affiliation, ContactPoint
from contacts.services.privacy import suppress_erased
from core.importing.bulk import copy_rows, next_ids
from core.importing.rows import Row
from core.importing.targets import Applied
from core.text import sort_key


def add_points(applied: Applied) -> list[tuple[Row, int]]:
    """Write the addresses and numbers that a person does not have yet; the first of a kind is primary."""
    wanted = []
    for row, pk in applied.everything:
        if "email" in row.values:
            wanted.append((row, pk, PointKind.EMAIL.value, row.values["email"], row.values["email"]))
        for kind in (PointKind.PHONE.value, PointKind.MOBILE.value):
            if kind in row.words and kind in row.values:
                wanted.append((row, pk, kind, row.values[kind], row.words[kind]))
    if not wanted:
        return []
    old = [pk for row, pk in (*applied.updated, *applied.same)]
    there: dict[tuple[int, str], set[str]] = defaultdict(set)
    for pk, kind, normalised in ContactPoint.objects.filter(contact__in=old).values_list(
        "contact_id", "kind", "normalised"
    ):
        there[pk, kind].add(normalised)
    now, rows, added = timezone.now(), [], []
    for row, pk, kind, value, normalised in wanted:
        known = there[pk, kind]
        if normalised not in known:
            rows.append((now, now, pk, kind, "", value, normalised, not known))
            known.add(normalised)
            added.append((row, pk))
    copy_rows(
        ContactPoint,
        ("created_at", "updated_at", "contact_id", "kind", "label", "value", "normalised", "is_primary"),
        rows,
    )
    suppress_erased(actor=None, addresses=[row[6] for row in rows if row[3] == PointKind.EMAIL.value])
    return added


def add_affiliations(applied: Applied) -> list[tuple[Row, int]]:
    """Write that people belong to their companies; the first one is primary."""
    wanted = [(row, pk, row.values["company"]) for row, pk in applied.everything if "company" in row.values]
    if not wanted:
        return []
    ids = [pk for _row, pk, _company in wanted]
    there: dict[int, set[int]] = defaultdict(set)
    for pk, company in Affiliation.objects.filter(contact__in=ids).values_list("contact_id", "company_id"):
        there[pk].add(company)
    new = [item for item in wanted if item[2] not in there[item[1]]]
    now = timezone.now()
    columns = (
        "id", "created_at", "updated_at", "version", "contact_id", "company_id", "title", "role", "is_primary",
    )  # fmt: skip
    copy_rows(
        Affiliation,
        columns,
        [
            (key, now, now, 1, pk, company, row.values.get("job_title", ""), "", not there[pk])
            for key, (row, pk, company) in zip(next_ids(Affiliation, len(new)), new, strict=True)
        ],
    )
    return [(row, pk) for row, pk, _company in new]


def add_addresses(applied: Applied) -> list[tuple[Row, int]]:
    """Write postal addresses that people do not have yet."""
    wanted = [(row, pk) for row, pk in applied.everything if row.values.keys() & {"street", "postcode"}]
    if not wanted:
        return []
    known = Address.objects.filter(contact__in=[pk for _row, pk in wanted])
    there = {
        (pk, sort_key(street), code)
        for pk, street, code in known.values_list("contact_id", "street", "postcode")
    }
    now, rows, added = timezone.now(), [], []
    for row, pk in wanted:
        street, code = row.values.get("street", ""), row.values.get("postcode", "")
        if (pk, sort_key(street), code) not in there:
            city, country = row.values.get("city", ""), row.values.get("country", "")
            rows.append((now, now, pk, "", street, code, city, "", country))
            added.append((row, pk))
    columns = (
        "created_at",
        "updated_at",
        "contact_id",
        "label",
        "street",
        "postcode",
        "city",
        "region",
        "country",
    )
    copy_rows(Address, columns, rows)
    return added
