"""The target «companies»."""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import CompanyKind
from contacts.importing.attached import add_addresses, add_tags
from contacts.importing.further_keys import Strangers, add_further_keys, keep_own_key
from contacts.importing.likely import queue_likely
from contacts.importing.points import add_points, clean_address, points_of
from contacts.importing.words import COUNTRY_SYNONYMS, INDUSTRIES, LABEL_COUNTRY, country_resolver
from contacts.models import Company
from contacts.selectors.external_keys import by_further_key
from core.enums import ImportRowFate
from core.importing.problems import Problem
from core.importing.records import RecordTarget
from core.importing.references import ChoiceResolver, RecordResolver, WordResolver
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue
from core.importing.targets import Applied, ImportField, clean_record_id
from core.importing.values import cents
from core.text import sort_key

COMPANIES = RecordResolver(Company, name_field="sort_name", sorted_names=True, id_fields=("external_id",))


def clean_year(value: int) -> int:
    if not 1000 <= value <= 2200:
        raise BadValue(_("%(year)s is not a year.") % {"year": value})
    return value


def clean_count(value: int) -> int:
    if not 0 <= value < 2**31:
        raise BadValue(_("%(number)s is not a possible number.") % {"number": value})
    return value


def clean_currency(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", value):
        raise BadValue(_("“%(text)s” is no currency of ISO 4217.") % {"text": value[:20]})
    return value.upper()


def clean_domain(value: str) -> str:
    """The bare domain of an address.

    >>> clean_domain("https://www.Example.com/about")
    'example.com'
    """
    bare = value.strip().lower().split("://")[-1].split("/")[0].removeprefix("www.")
    if "." not in bare or " " in bare:
        raise BadValue(_("“%(text)s” is not a web domain.") % {"text": value[:60]})
    return bare


class CompanyTarget(RecordTarget):
    """One line is one company, known by its external id or, without one, by its name."""

    key = "companies"
    label = gettext_lazy("Companies")
    icon = "building"
    record_type = "company"
    model = Company
    uses_currency = True

    def fields(self) -> Sequence[ImportField]:
        return (*_about(), *_whose(), *_reach())

    def keys(self, row: Row) -> list[Hashable]:
        name = ("name", sort_key(row.values["name"], 200))
        external, record = row.values.get("external_id"), row.values.get("record_id")
        own: list[Hashable] = [("record", record)] if record else []
        return [*own, ("external", external), (*name, external)] if external else [*own, name]

    def once(self, row: Row) -> list[Hashable]:
        return [*self.keys(row), ("name", sort_key(row.values["name"], 200))]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        return find_by_name_or_id(Company, keys)

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        add_further_keys(applied, Company)
        queue_likely(applied, "company")
        added = [
            *add_points(applied, owner="company", dry_run=context.dry_run),
            *add_addresses(applied, owner="company", dry_run=context.dry_run),
            *add_tags(context, applied, Company.tags.through, "company_id"),
        ]
        for row, _pk in added:
            if row.fate == ImportRowFate.SKIPPED:
                row.fate = ImportRowFate.UPDATED

    def check(self, context: ImportContext, row: Row) -> None:
        row.extras["points"] = points_of(context, row)
        parent = row.values.get("parent")
        if parent is not None and parent == row.object_id:
            row.fail(Problem("parent", _("a company can't be its own parent."), "parent"))

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(row.values)
        columns = {name: values[name] for name in DIRECT if name in values}
        keep_own_key(row, columns, current)
        if "name" in values:
            columns["sort_name"] = sort_key(values["name"], 200)
            if columns["sort_name"] == current.get("sort_name"):
                del columns["name"]  # the same name in another case or spacing is no change
        if "parent" in values and values["parent"] != current.get("id"):
            columns["parent_id"] = values["parent"]
        if "annual_revenue" in columns:
            unchanged = current.get("annual_revenue") == values["annual_revenue"]
            columns["currency"] = values.get("currency") or (
                current["currency"] if unchanged and current.get("currency") else context.currency
            )
        return columns


def _about() -> tuple[ImportField, ...]:
    """What the company is."""
    return (
        ImportField(
            "record_id", gettext_lazy("Meridian id"), "integer", identifies=True, field="id",
            clean=clean_record_id,
        ),
        ImportField(
            "name", gettext_lazy("Name"), required=True, max_length=200, identifies=True,
            synonyms=("account", "company", "company name", "account name", "organisation", "firma"),
        ),
        ImportField(
            "industry", gettext_lazy("Industry"), "reference", max_length=80,
            resolver=WordResolver(lambda: INDUSTRIES), synonyms=("sector", "branch", "vertical", "industry"),
        ),
        ImportField(
            "founded_year", gettext_lazy("Founded"), "integer", clean=clean_year,
            synonyms=("year established", "established", "founded", "year founded", "founding year"),
        ),
        ImportField(
            "annual_revenue", gettext_lazy("Annual revenue"), "money", clean=cents,
            synonyms=("revenue", "turnover", "sales", "umsatz"),
        ),
        ImportField("currency", gettext_lazy("Currency"), max_length=3, clean=clean_currency,
                    field="annual_revenue"),
        ImportField(
            "employees", gettext_lazy("Employees"), "integer", clean=clean_count,
            synonyms=("number of employees", "headcount", "staff", "company size"),
        ),
    )  # fmt: skip


def _whose() -> tuple[ImportField, ...]:
    """Where it sits, whose it is and how other programs know it."""
    return (
        ImportField(
            "country", LABEL_COUNTRY, "reference", resolver=country_resolver(), synonyms=COUNTRY_SYNONYMS
        ),
        ImportField("city", gettext_lazy("City"), max_length=120, synonyms=("town", "hq city")),
        ImportField(
            "parent", gettext_lazy("Parent company"), "reference", resolver=COMPANIES, later=True,
            synonyms=("subsidiary of", "parent", "parent account", "holding"),
        ),
        ImportField(
            "domain", gettext_lazy("Web domain"), max_length=300, clean=clean_domain,
            synonyms=("website", "domain", "url", "web", "homepage"),
        ),
        ImportField(
            "kind", gettext_lazy("Kind"), "reference",
            resolver=ChoiceResolver(lambda: CompanyKind.choices, KIND_ALIASES), synonyms=("type", "account type"),
        ),
        ImportField("source", gettext_lazy("Source"), max_length=120, synonyms=("lead source", "origin")),
        ImportField(
            "external_id", gettext_lazy("External id"), max_length=120, identifies=True, of_program=True,
            synonyms=("id", "account id", "company id", "customer number"),
        ),
        ImportField(
            "description", gettext_lazy("Description"), max_length=20_000,
            synonyms=("notes", "about", "comment"),
        ),
    )  # fmt: skip


def _reach() -> tuple[ImportField, ...]:
    """How to reach it, and what hangs on it."""
    return (
        ImportField("street", gettext_lazy("Street"), max_length=250, synonyms=("address", "street address")),
        ImportField("postcode", gettext_lazy("Postcode"), max_length=20,
                    synonyms=("zip", "zip code", "postal code", "plz")),
        ImportField("region", gettext_lazy("Region"), max_length=120, synonyms=("state", "province")),
        ImportField("email", gettext_lazy("E-mail"), "email", max_length=2000, clean=clean_address,
                    several=True, commas=True, synonyms=("email address",)),
        ImportField("phone", gettext_lazy("Phone"), "phone", max_length=200, several=True,
                    synonyms=("phone number", "telephone", "main phone", "office phone")),
        ImportField("social", gettext_lazy("Social profiles"), "list", synonyms=("linkedin",)),
        ImportField("tags", gettext_lazy("Tags"), "list", commas=True, synonyms=("labels", "tag")),
        ImportField("changed_at", gettext_lazy("Last changed"), "moment",
                    synonyms=("last modified date", "modified time", "date modified")),
        owner_field(),
    )  # fmt: skip


KIND_ALIASES = {"client": "customer", "vendor": "supplier", "reseller": "partner", "lead": "prospect"}
DIRECT = (
    "name", "industry", "founded_year", "annual_revenue", "employees", "country", "city", "domain", "kind",
    "source", "external_id", "description",
)  # fmt: skip


def owner_field() -> ImportField:
    """The column that names the person who owns a record."""
    from core.models import User

    return ImportField(
        "owner",
        gettext_lazy("Owner"),
        "reference",
        resolver=RecordResolver(User, id_fields=("external_id", "email"), bare_ids=True),
        synonyms=("sales agent", "owner", "account manager", "sales rep", "agent", "assigned to", "who"),
    )


def find_by_name_or_id(model: Any, keys: Sequence[Hashable]) -> dict[Hashable, int]:
    """Live records by `("record", our own id)`, `("external", id)`, `("name", sort key)` or `("name", sort
    key, id)`: the last means records without an external id, or with another program's. Of several records
    with one key the oldest is meant, so that importing a file again adds nothing."""
    ids = [key[1] for key in keys if isinstance(key, tuple) and key[0] == "record"]
    externals = [key[1] for key in keys if isinstance(key, tuple) and key[0] == "external"]
    named = [key for key in keys if isinstance(key, tuple) and key[0] == "name"]
    found: dict[Hashable, set[int]] = defaultdict(set)
    for pk in model.objects.filter(pk__in=ids).values_list("pk", flat=True) if ids else ():
        found["record", pk].add(pk)
    rows = model.objects.exclude(external_id="").filter(external_id__in=externals)
    for external, pk in rows.values_list("external_id", "pk"):
        found["external", external].add(pk)
    _find_named(model, named, found)
    missing = [text for text in externals if ("external", text) not in found]
    further = {("external", text): pk for text, pk in by_further_key(model, missing).items()}
    return further | {key: min(ids) for key, ids in found.items()}


def _find_named(model: Any, keys: Sequence[Any], found: dict[Hashable, set[int]]) -> None:
    rows = model.objects.filter(sort_name__in={key[1] for key in keys})
    holders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, external, pk in rows.values_list("sort_name", "external_id", "pk"):
        holders[name].append((pk, external))
    everybody = [item for items in holders.values() for item in items]
    strangers = Strangers(model, everybody, (key[2] for key in keys if len(key) > 2))
    for key in keys:
        wanted = key[2] if len(key) > 2 else ""
        found[key].update(pk for pk, own in holders[key[1]] if strangers.may_be(pk, own, wanted))
        if not found[key]:
            del found[key]
