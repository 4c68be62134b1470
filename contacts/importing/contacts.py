"""The target «contacts»: people with their addresses, numbers and company."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.events import WishesChanged
from contacts.importing.attached import add_addresses, add_affiliations, add_tags
from contacts.importing.companies import owner_field
from contacts.importing.contact_fields import (
    NAME_FIELDS,
    OTHER_FIELDS,
    PLACE_FIELDS,
    REACH_FIELDS,
    WORK_FIELDS,
)
from contacts.importing.erased import without_erased
from contacts.importing.further_keys import add_further_keys, keep_own_key
from contacts.importing.likely import queue_likely
from contacts.importing.matching import find_contacts
from contacts.importing.names import full_name, in_own_case, joined_name, split_name
from contacts.importing.new_companies import NewCompany, create_companies
from contacts.importing.points import add_points, column_values, leave_alone, points_of
from contacts.models import Contact
from core.enums import ImportRowFate
from core.events import publish
from core.importing.keys import qualified
from core.importing.problems import UNDECIDED, Problem
from core.importing.records import RecordTarget
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied, ImportField
from core.text import sort_key

UNNAMED = re.compile(r"#\d+")
NAMED_BY = ("name", "last_name", "first_name", "email", "external_id", "record_id")


class ContactTarget(RecordTarget):
    """One line is one person, known by our own or an external id, an address or number with a compatible
    name, a name with the company, or by the name alone where the line has nothing else."""

    key = "contacts"
    label = gettext_lazy("Contacts")
    icon = "users"
    record_type = "contact"
    model = Contact

    def fields(self) -> Sequence[ImportField]:
        return (*NAME_FIELDS, *REACH_FIELDS, *WORK_FIELDS, *PLACE_FIELDS, *OTHER_FIELDS, owner_field())

    def required_alternatives(self) -> Sequence[tuple[str, ...]]:
        return (NAMED_BY,)

    def check(self, context: ImportContext, row: Row) -> None:
        values = row.values
        if row.object_id is None and not values.keys() & set(NAMED_BY):
            row.fail(Problem("required", _("the line has no name, no e-mail and no external id.")))
            return
        _name(values)
        row.extras["points"] = points_of(context, row)

    def keys(self, row: Row) -> list[Hashable]:
        values, name, reach = row.values, _sort_name(row.values), column_values(row)
        keys: list[Hashable] = []
        if values.get("record_id"):
            keys.append(("record", values["record_id"]))
        external = values.get("external_id", "")
        if external:
            keys.append(("external", external))
        keys.extend(("email", address, name, external) for address in reach["emails"])
        if name:
            keys.extend(("phone", number, name, external) for number in reach["numbers"])
        company = values.get("company")
        if name and isinstance(company, int):
            keys.append(("company", name, company, external))
        elif name and not keys and company is None:
            keys.append(("name", name))
        elif name and not keys and isinstance(company, NewCompany):
            keys.append(("new", name, company))
        return keys

    def once(self, row: Row) -> list[Hashable]:
        """Lines of like names that share an address or number may be one person's: one after the other."""
        family = _sort_name(row.values).partition(" ")[0]
        return [(key[0], key[1], family) if key[0] in ("email", "phone") else key for key in self.keys(row)]  # type: ignore[index]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        return find_contacts(keys)

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        waiting = [row for row in rows if row.fate is None]
        for row in waiting:
            _settle_company(context, row)
        create_companies(context, waiting)
        super().apply(context, rows)

    def _apply_wave(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        return super()._apply_wave(context, without_erased(rows))

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = row.values
        columns = {name: values[name] for name in DIRECT if values.get(name) not in (None, "")}
        if "company" in values and not current.get("company_id") and "works_to" not in values:
            columns["company_id"] = values["company"]
        if current:
            keep_own_key(row, columns, current)
            _keep_as_written(columns, values, current)
        if columns.keys() & {"first_name", "last_name"}:
            first = columns.get("first_name", current.get("first_name", ""))
            last = columns.get("last_name", current.get("last_name", ""))
            language = columns.get("language", current.get("language", ""))
            columns["name"] = full_name(first, last, language)
            columns["sort_name"] = sort_key(f"{last} {first}")
        elif not current:
            email = values["email"][0].value if values.get("email") else ""
            columns["name"] = email or _("Customer %(id)s") % {"id": values.get("external_id", "")}
            columns["sort_name"] = sort_key(columns["name"])
        return columns

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        add_further_keys(applied, Contact)
        queue_likely(applied, "contact")
        added = [
            *add_points(applied, dry_run=context.dry_run),
            *add_affiliations(applied, dry_run=context.dry_run),
            *add_addresses(applied, dry_run=context.dry_run),
            *add_tags(context, applied, Contact.tags.through, "contact_id"),
        ]
        for row, _pk in added:
            if row.fate == ImportRowFate.SKIPPED:
                row.fate = ImportRowFate.UPDATED
        leave_alone(applied)
        _tell_wishes(applied, before)


def _tell_wishes(applied: Applied, before: Mapping[int, Mapping[str, Any]]) -> None:
    """Who is not to be contacted from now on, or may be again, is written down apart from the database too."""
    key = "do_not_contact"
    changed = [
        pk
        for row, pk in (*applied.created, *applied.updated)
        if key in row.values and before.get(pk, {}).get(key, False) != row.values[key]
    ]
    if changed:
        publish(WishesChanged(contact_ids=changed))


def _name(values: dict[str, Any]) -> None:
    """First and last name out of what the line has of a name, in their own case."""
    if UNNAMED.fullmatch(values.get("name", "")):
        del values["name"]  # how we show somebody without a name
    if "name" in values and not values.keys() & {"first_name", "last_name"}:
        first, last = split_name(values["name"], values.get("country", ""))
        values.update({key: text for key, text in (("first_name", first), ("last_name", last)) if text})
    else:
        values.pop("name", None)
    if values.get("middle_name"):
        values["first_name"] = joined_name(values.get("first_name", ""), values["middle_name"])[:100]
    if values.get("name_suffix"):
        values["last_name"] = joined_name(values.get("last_name", ""), values["name_suffix"])[:100]
    for key in ("first_name", "last_name"):
        if key in values:
            values[key] = in_own_case(values[key])


def _settle_company(context: ImportContext, row: Row) -> None:
    """The company's own id is surer than its name; a name makes an unknown id a new company's."""
    values, key = row.values, "company_external_id"
    named = values.get("company")
    if key in values:
        values["company"] = values.pop(key)
    elif named is not None and (text := row.words.get(key)):
        if isinstance(named, NewCompany):
            values["company"] = NewCompany(named.name, qualified(context.namespace, text))
        row.problems = [p for p in row.problems if not (p.field == key and p.code in UNDECIDED)]
    if "company" in values and not row.extras.get("company"):
        row.extras["company"] = row.words.get("company") or row.words.get(key, "")


def _keep_as_written(columns: dict[str, Any], values: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    """The same name in another case, or taken apart otherwise, is no change."""
    if "name" in values and sort_key(values["name"]) == sort_key(str(current.get("name", ""))):
        columns.pop("first_name", None)
        columns.pop("last_name", None)
    for key in ("first_name", "last_name"):
        if key in columns and columns[key].casefold() == str(current.get(key, "")).casefold():
            del columns[key]


DIRECT = (
    "first_name", "last_name", "salutation", "lifecycle_stage", "job_title", "language", "country", "city",
    "time_zone", "birthday", "source", "external_id", "description", "do_not_contact",
)  # fmt: skip


def _sort_name(values: Mapping[str, Any]) -> str:
    return sort_key(f"{values.get('last_name', '')} {values.get('first_name', '')}")
