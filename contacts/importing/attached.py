"""What hangs on imported records beside the points: addresses, companies, tags. Each adds what is missing and
removes nothing; each returns the rows to which something was added."""

from collections import defaultdict
from typing import Any

from django.db.models import Model
from django.db.models.functions import Lower
from django.utils import timezone

from contacts.models import Address, Affiliation
from core.expressions import Among
from core.importing.bulk import copy_rows, next_ids
from core.importing.rows import Change, ImportContext, Row
from core.importing.targets import Applied
from core.models import Tag
from core.text import sort_key

PLACE = ("street", "postcode", "city", "region", "country")


def add_affiliations(applied: Applied, *, dry_run: bool = False) -> list[tuple[Row, int]]:
    """Write that people belong to their companies; the first one is primary."""
    wanted = [(row, pk, row.values["company"]) for row, pk in applied.everything if "company" in row.values]
    if not wanted:
        return []
    ids = [pk for row, pk in (*applied.updated, *applied.same) if "company" in row.values]
    there: dict[int, set[int]] = defaultdict(set)
    if ids:
        known = Affiliation.objects.filter(Among("contact_id", ids), valid_to=None)
        for pk, company in known.values_list("contact_id", "company_id"):
            there[pk].add(company)
    new = [item for item in wanted if item[2] not in there[item[1]]]
    now = timezone.now()
    columns = (
        "id", "created_at", "updated_at", "version", "contact_id", "company_id", "title", "role", "is_primary",
        "valid_from", "valid_to",
    )  # fmt: skip
    rows = []
    for key, (row, pk, company) in zip(next_ids(Affiliation, len(new)), new, strict=True):
        start, end = row.values.get("works_from"), row.values.get("works_to")
        primary = not there[pk] and end is None
        title = row.values.get("job_title", "")
        rows.append(
            (key, now, now, 1, pk, company, title, row.values.get("buying_role", ""), primary, start, end)
        )
        if dry_run:
            row.changes.append(Change("company", "", row.extras.get("company", company)))
    copy_rows(Affiliation, columns, rows)
    return [(row, pk) for row, pk, _company in new]


def add_addresses(
    applied: Applied, *, owner: str = "contact", dry_run: bool = False
) -> list[tuple[Row, int]]:
    """Write postal addresses that people (or companies) do not have yet. A place alone is no address."""
    wanted = [
        (row, pk, _place(row, suffix))
        for row, pk in applied.everything
        for suffix in ("", "_2")
        if row.values.get(f"street{suffix}") or row.values.get(f"postcode{suffix}")
    ]
    if not wanted:
        return []
    fresh = {pk for _row, pk in applied.created}
    ids = {pk for _row, pk, _place in wanted} - fresh
    there: set[Any] = set()
    if ids:
        known = Address.objects.filter(Among(f"{owner}_id", ids))
        there = {
            (pk, sort_key(street, 250), code)
            for pk, street, code in known.values_list(f"{owner}_id", "street", "postcode")
        }
    now, rows, added = timezone.now(), [], []
    for row, pk, place in wanted:
        key = (pk, sort_key(place[0], 250), place[1])
        if key not in there:
            there.add(key)
            rows.append((now, now, pk, "", *place))
            added.append((row, pk))
            if dry_run:
                row.changes.append(Change("street", "", ", ".join(part for part in place if part)))
    columns = ("created_at", "updated_at", f"{owner}_id", "label", *PLACE)
    copy_rows(Address, columns, rows)
    return added


def _place(row: Row, suffix: str) -> tuple[str, ...]:
    return tuple(str(row.values.get(f"{name}{suffix}", "")) for name in PLACE)


def add_tags(
    context: ImportContext, applied: Applied, through: type[Model], column: str
) -> list[tuple[Row, int]]:
    """Put the lines' tags on the records; new words become tags. `column` is the record's in `through`."""
    wanted = [
        (row, pk, " ".join(name.split())[:60])
        for row, pk in applied.everything
        for name in row.values.get("tags", ())
    ]
    wanted = [item for item in wanted if item[2]]
    if not wanted:
        return []
    tags = _tags({name for _row, _pk, name in wanted})
    rows = through._default_manager.filter(**{f"{column}__in": {pk for _row, pk, _name in wanted}})
    there = set(rows.values_list(column, "tag_id"))
    new: dict[tuple[int, int], tuple[Row, int]] = {}
    for row, pk, name in wanted:
        pair = (pk, tags[name.lower()])
        if pair not in there and pair not in new:
            new[pair] = (row, pk)
            if context.dry_run:
                row.changes.append(Change("tags", "", name))
    copy_rows(through, (column, "tag_id"), new)
    return list(new.values())


def _tags(names: set[str]) -> dict[str, int]:
    """The ids of tags by their names in lower case; those that are missing are made."""
    wanted = {name.lower(): name for name in sorted(names)}
    rows = Tag.objects.annotate(_key=Lower("name")).filter(_key__in=list(wanted))
    known: dict[str, int] = dict(rows.values_list("_key", "pk"))
    new = [Tag(name=name) for key, name in wanted.items() if key not in known]
    known.update((tag.name.lower(), tag.pk) for tag in Tag.objects.bulk_create(new))
    return known
