"""Puts a labelled set into the tables by COPY, as an import would leave it."""

from collections.abc import Iterator
from typing import Any

from bench.duplicates_data import Labelled


def load(labelled: Labelled) -> dict[int, int]:
    """Writes companies, people, points, addresses and affiliations; returns the database's id of each record."""
    from django.db import transaction

    from contacts.models import Address, Affiliation, Company, Contact, ContactPoint
    from core.text import sort_key
    from demo.copying import copy_rows, reserve_ids

    with transaction.atomic():
        companies = reserve_ids(Company, labelled.companies + 1)
        copy_rows(
            Company, ("id", "name", "sort_name"),
            ((pk, f"Company {n}", f"company {n}") for n, pk in enumerate(companies)),
        )  # fmt: skip
        ids = dict(
            zip((r.id for r in labelled.records), reserve_ids(Contact, len(labelled.records)), strict=True)
        )
        names = ("id", "first_name", "last_name", "name", "sort_name", "salutation", "birthday", "company")
        copy_rows(
            Contact, names,
            (
                (
                    ids[r.id], r.first_name, r.last_name, f"{r.first_name} {r.last_name}",
                    sort_key(f"{r.last_name} {r.first_name}"), r.salutation, r.birthday,
                    companies[r.companies[0]] if r.companies else None,
                )
                for r in labelled.records
            ),
        )  # fmt: skip
        copy_rows(ContactPoint, ("contact", "kind", "value", "normalised"), _points(labelled, ids))
        copy_rows(
            Address, ("contact", "street", "postcode", "city"),
            ((ids[r.id], *address) for r in labelled.records for address in r.addresses),
        )  # fmt: skip
        copy_rows(
            Affiliation, ("contact", "company", "is_primary"),
            ((ids[r.id], companies[r.companies[0]], True) for r in labelled.records if r.companies),
        )  # fmt: skip
    return ids


def _points(labelled: Labelled, ids: dict[int, int]) -> Iterator[tuple[Any, ...]]:
    for record in labelled.records:
        kinds = (("email", record.emails), ("phone", record.phones), ("mobile", record.mobiles))
        for kind, values in kinds:
            for value in dict.fromkeys(values):
                yield (ids[record.id], kind, value, value)
