"""The target «contacts»: people with their addresses, numbers and company."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import LifecycleStage
from contacts.importing.attached import add_addresses, add_affiliations, add_points
from contacts.importing.companies import find_by_name_or_id, owner_field
from contacts.importing.matching import find_contacts
from contacts.importing.reach import imported_email, imported_phone
from contacts.importing.words import LABEL_COUNTRY, country_resolver, split_name
from contacts.models import Company, Contact
from core.enums import Action, ImportRowFate
from core.importing.problems import Problem
from core.importing.records import RecordTarget
from core.importing.references import ChoiceResolver, RecordResolver
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied, ImportField
from core.importing.values import BadValue
from core.text import sort_key

NEAR_LOOKUPS = 300


@dataclass(frozen=True)
class NewCompany:
    """A company that no record resembles: it is created with the first person who names it."""

    name: str


class CompanyOfPerson(RecordResolver):
    """Known companies; names that resemble one wait for a decision, others are new companies."""

    def find(self, texts: Iterable[str], user: Any) -> dict[str, Any]:
        wanted = list(texts)
        found = super().find(wanted, user)
        unknown = [text for text in wanted if text not in found]
        for place, text in enumerate(unknown):
            if place >= NEAR_LOOKUPS or not self.suggestions(text, user):
                found[text] = NewCompany(" ".join(text.split()))
        return found


PERSON_COMPANIES = CompanyOfPerson(
    Company, name_field="sort_name", sorted_names=True, id_fields=("external_id",)
)


class ContactTarget(RecordTarget):
    """One line is one person, known by an external id, an address or number with a compatible name, a name
    with the company, or by the name alone where the line has nothing else."""

    key = "contacts"
    label = gettext_lazy("Contacts")
    icon = "users"
    record_type = "contact"
    model = Contact

    def fields(self) -> Sequence[ImportField]:
        return (
            ImportField(
                "first_name", gettext_lazy("First name"), max_length=100, identifies=True,
                synonyms=("given name", "forename", "vorname"),
            ),
            ImportField(
                "last_name", gettext_lazy("Last name"), max_length=100, identifies=True,
                synonyms=("surname", "family name", "nachname"),
            ),
            ImportField(
                "name", gettext_lazy("Full name"), max_length=200, identifies=True,
                synonyms=("name", "contact", "contact name", "person", "customer name"),
            ),
            ImportField(
                "email", gettext_lazy("E-mail"), "email", max_length=254, clean=imported_email,
                identifies=True, synonyms=("mail", "email address", "e-mail address"),
            ),
            ImportField(
                "phone", gettext_lazy("Phone"), "phone", max_length=60, identifies=True,
                synonyms=("telephone", "phone number", "tel", "work phone", "telefon"),
            ),
            ImportField(
                "mobile", gettext_lazy("Mobile"), "phone", max_length=60,
                synonyms=("cell", "mobile phone", "cell phone", "handy"),
            ),
            ImportField(
                "company", gettext_lazy("Company"), "reference", resolver=PERSON_COMPANIES,
                synonyms=("account", "organisation", "employer", "company name", "firma"),
            ),
            ImportField(
                "job_title", gettext_lazy("Job title"), max_length=120,
                synonyms=("title", "position", "role", "function"),
            ),
            ImportField("salutation", gettext_lazy("Salutation"), max_length=40, synonyms=("prefix",)),
            ImportField(
                "lifecycle_stage", gettext_lazy("Lifecycle"), "reference",
                resolver=ChoiceResolver(lambda: LifecycleStage.choices), synonyms=("lifecycle stage", "stage"),
            ),
            ImportField("street", gettext_lazy("Street"), max_length=250, synonyms=("address", "street address")),
            ImportField(
                "postcode", gettext_lazy("Postcode"), max_length=20, synonyms=("zip", "zip code", "postal code")
            ),
            ImportField("city", gettext_lazy("City"), max_length=120, synonyms=("town", "ort")),
            ImportField("country", LABEL_COUNTRY, "reference", resolver=country_resolver(),
                        synonyms=("country code", "nation", "land")),
            ImportField("birthday", gettext_lazy("Birthday"), "date", synonyms=("date of birth", "birth date")),
            ImportField("language", gettext_lazy("Language"), max_length=10, synonyms=("locale",)),
            ImportField("source", gettext_lazy("Source"), max_length=120, synonyms=("lead source", "origin")),
            ImportField(
                "external_id", gettext_lazy("External id"), max_length=120, identifies=True,
                synonyms=("id", "contact id", "customer id", "customer number"),
            ),
            ImportField(
                "description", gettext_lazy("About"), max_length=20_000, synonyms=("notes", "comment", "about")
            ),
            owner_field(),
        )  # fmt: skip

    def required_alternatives(self) -> Sequence[tuple[str, ...]]:
        return (("name", "last_name", "first_name", "email", "external_id"),)

    def check(self, context: ImportContext, row: Row) -> None:
        values = row.values
        if row.object_id is None and not values.keys() & {
            "name", "last_name", "first_name", "email", "external_id"
        }:  # fmt: skip
            row.fail(Problem("required", _("the line has no name, no e-mail and no external id.")))
            return
        if "name" in values and not values.keys() & {"first_name", "last_name"}:
            values["first_name"], values["last_name"] = split_name(values["name"])
        for kind in ("phone", "mobile"):
            if kind in values:
                try:
                    row.words[kind] = imported_phone(values[kind], context.country)
                except BadValue as error:
                    row.fail(Problem("value", str(error), kind, kind, values[kind]))

    def keys(self, row: Row) -> list[Hashable]:
        values, name = row.values, _sort_name(row.values)
        keys: list[Hashable] = []
        external = values.get("external_id", "")
        if external:
            keys.append(("external", external))
        if values.get("email"):
            keys.append(("email", values["email"], name, external))
        numbers = [row.words[kind] for kind in ("phone", "mobile") if name and kind in row.words]
        keys.extend(("phone", number, name, external) for number in numbers)
        company = values.get("company")
        if name and isinstance(company, int):
            keys.append(("company", name, company, external))
        elif name and not keys and company is None:
            keys.append(("name", name))
        elif name and not keys and isinstance(company, NewCompany):
            keys.append(("new", name, company))
        return keys

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        return find_contacts(keys)

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        self._create_companies(context, [row for row in rows if row.fate is None])
        super().apply(context, rows)

    def _create_companies(self, context: ImportContext, rows: list[Row]) -> None:
        """Put ids in the place of new companies, creating those that are still missing."""
        waiting = [row for row in rows if isinstance(row.values.get("company"), NewCompany)]
        names = {sort_key(row.values["company"].name, 200): row.values["company"].name for row in waiting}
        if not names:
            return
        known = {key[1]: pk for key, pk in find_by_name_or_id(Company, [("name", n) for n in names]).items()}  # type: ignore[index]
        missing = [name for name in names if name not in known]
        if missing and not context.may("company", Action.ADD):
            for row in waiting:
                row.values.pop("company")
                row.problems.append(
                    Problem(
                        "scope", _("your role does not allow creating the company."), "company", "company"
                    )
                )
            return
        companies = [
            Company(
                name=names[name][:200], sort_name=name,
                owner_id=context.owner_id, team_id=context.owner_team_id,
            )
            for name in missing
        ]  # fmt: skip
        known.update((made.sort_name, made.pk) for made in Company.objects.bulk_create(companies))
        for row in waiting:
            row.values["company"] = known[sort_key(row.values["company"].name, 200)]

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = row.values
        columns = {name: values[name] for name in DIRECT if values.get(name) not in (None, "")}
        if "company" in values and not current.get("company_id"):
            columns["company_id"] = values["company"]
        if columns.keys() & {"first_name", "last_name"}:
            first = columns.get("first_name", current.get("first_name", ""))
            last = columns.get("last_name", current.get("last_name", ""))
            columns["name"] = f"{first} {last}".strip()
            columns["sort_name"] = sort_key(f"{last} {first}")
        elif not current:
            columns["name"] = values.get("email") or _("Customer %(id)s") % {
                "id": values.get("external_id", "")
            }
            columns["sort_name"] = sort_key(columns["name"])
        return columns

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        for row, pk in [*add_points(applied), *add_affiliations(applied), *add_addresses(applied)]:
            if row.fate == ImportRowFate.SKIPPED and pk:
                row.fate = ImportRowFate.UPDATED


DIRECT = (
    "first_name", "last_name", "salutation", "lifecycle_stage", "job_title", "language", "country", "city",
    "birthday", "source", "external_id", "description",
)  # fmt: skip


def _sort_name(values: Mapping[str, Any]) -> str:
    return sort_key(f"{values.get('last_name', '')} {values.get('first_name', '')}")
