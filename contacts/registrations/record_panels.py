"""The cards of a person's companies, addresses and relationships, and of a company's people."""

from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.geo.names import country_name
from contacts.models import Affiliation, Company, Contact, LifecycleRule
from contacts.selectors.affiliations import companies_of, may_see_who_belongs, people_of, present
from contacts.selectors.lifecycle import stays_of
from contacts.selectors.relationships import ties_of
from core.enums import Action
from core.registries import navigation, panels, records
from core.registries.navigation import NavEntry
from core.registries.panels import Panel
from core.registries.records import RecordType
from core.scope.access import profile_for
from core.scope.fields import conceal_all

TIES_SHOWN = 6
PEOPLE_SHOWN = 5


def may_change(record: Any, user: Any, *fields: str) -> bool:
    """Whether the person may change what hangs on the record; `fields` are the names that protect it."""
    profile = profile_for(user)
    covered = bool(record.__class__.scope.covers(record, profile, Action.CHANGE))
    return covered and not set(fields) & profile.read_only_fields(record.record_type)


def item(label: Any, icon: str, url_name: str, *args: int, dialog: bool = False, danger: bool = False) -> Any:
    """A line of a row's menu."""
    url = reverse(f"contacts:{url_name}", args=args)
    return {"label": str(label), "icon": icon, "url": url, "dialog": dialog, "danger": danger}


def dates_of(affiliation: Affiliation) -> str:
    """From when to when, as people read it."""
    first, last = (
        formats.date_format(day, "j M Y") if day else ""
        for day in (affiliation.valid_from, affiliation.valid_to)
    )
    if last:
        return f"{first} – {last}" if first else _t("until %(day)s") % {"day": last}
    return _t("since %(day)s") % {"day": first} if first else ""


def affiliation_items(one: Affiliation) -> list[Any]:
    keys = (one.contact_id, one.pk)
    items = [item(_t("Edit"), "pencil", "affiliation_update", *keys, dialog=True)]
    if one.valid_to is None:
        if not one.is_primary:
            items.append(item(_t("Make it the main company"), "star", "affiliation_primary", *keys))
        items.append(item(_t("No longer there"), "door-exit", "affiliation_end", *keys))
    return [*items, item(_t("Remove"), "trash", "affiliation_remove", *keys, danger=True)]


def companies_card(contact: Contact, user: Any) -> dict[str, Any] | None:
    if "company" in profile_for(user).hidden_fields("contact"):
        return None
    found, changing = companies_of(contact, user), may_change(contact, user, "company")
    rows = [
        {"one": one, "dates": dates_of(one), "items": affiliation_items(one) if changing else []}
        for one in found
    ]
    url = reverse("contacts:affiliation_add", args=[contact.pk]) if changing else ""
    return {"rows": rows, "count": len(rows), "add_url": url}


def people_card(company: Company, user: Any) -> dict[str, Any] | None:
    if not may_see_who_belongs(user):
        return None
    rows = people_of(company, user).filter(present())
    found = list(rows[: PEOPLE_SHOWN + 1])
    conceal_all((row.contact for row in found), user)
    total = rows.order_by()[:1000].count() if len(found) > PEOPLE_SHOWN else len(found)
    changing = may_change(company, user) and "company" not in profile_for(user).read_only_fields("contact")
    url = reverse("contacts:company_person_add", args=[company.pk]) if changing else ""
    return {
        "people": found[:PEOPLE_SHOWN],
        "count": total,
        "more": max(total - PEOPLE_SHOWN, 0),
        "company": company,
        "add_url": url,
    }


def addresses_card(record: Any, user: Any) -> dict[str, Any] | None:
    if {"addresses", "city"} & profile_for(user).hidden_fields(record.record_type):
        return None
    changing, kind = may_change(record, user, "addresses", "city"), record.record_type
    rows = []
    for one in record.addresses.order_by("-is_primary", "pk")[:50]:
        town = " ".join(part for part in (one.postcode, one.city) if part)
        lines = [line for line in (one.street, town, one.region, country_name(one.country)) if line]
        items = [
            item(_t("Edit"), "pencil", f"{kind}_address_update", record.pk, one.pk, dialog=True),
            item(_t("Remove"), "trash", f"{kind}_address_remove", record.pk, one.pk, danger=True),
        ]
        rows.append({"one": one, "lines": lines, "name": str(one), "items": items if changing else []})
    url = reverse(f"contacts:{kind}_address_add", args=[record.pk]) if changing else ""
    return {"rows": rows, "count": len(rows), "add_url": url}


def relationships_card(contact: Contact, user: Any) -> dict[str, Any] | None:
    ties, changing = ties_of(contact, user), may_change(contact, user)
    rows = []
    for tie in ties[:TIES_SHOWN]:
        keys = (contact.pk, tie.id)
        items = [
            item(_t("Edit"), "pencil", "relationship_update", *keys, dialog=True),
            item(_t("Remove"), "trash", "relationship_remove", *keys, danger=True),
        ]
        rows.append({"one": tie, "items": items if changing else []})
    url = reverse("contacts:relationship_add", args=[contact.pk]) if changing else ""
    return {"rows": rows, "count": len(ties), "more": max(len(ties) - TIES_SHOWN, 0), "add_url": url}


def lifecycle_card(contact: Contact, user: Any) -> dict[str, Any] | None:
    if "lifecycle_stage" in profile_for(user).hidden_fields("contact"):
        return None
    stays = stays_of(contact)
    return {"stays": stays, "count": len(stays)}


panels.register(
    Panel(
        "lifecycle",
        "contact",
        _("Lifecycle"),
        "arrow-right",
        "contacts/panels/_lifecycle.html",
        lifecycle_card,
        84,
        lazy=True,
    )
)
panels.register(
    Panel(
        "company",
        "contact",
        _("Companies"),
        "building",
        "contacts/panels/_affiliations.html",
        companies_card,
        10,
    )
)
panels.register(
    Panel("people", "company", _("People"), "users", "contacts/panels/_people.html", people_card, 10)
)
panels.register(
    Panel(
        "relationships",
        "contact",
        _("Relationships"),
        "users",
        "contacts/panels/_relationships.html",
        relationships_card,
        30,
    )
)
for _type in ("contact", "company"):
    panels.register(
        Panel(
            "addresses",
            _type,
            _("Addresses"),
            "map-pin",
            "contacts/panels/_addresses.html",
            addresses_card,
            82,
            lazy=True,
        )
    )


records.register(
    RecordType(
        "lifecycle_rule",
        LifecycleRule,
        _("Lifecycle rule"),
        _("Lifecycle rules"),
        "arrow-right",
        "contacts:lifecycle_rule_list",
    )
)
navigation.register(
    NavEntry(
        "lifecycle_rules",
        _("Lifecycle rules"),
        "arrow-right",
        "contacts:lifecycle_rule_list",
        "settings",
        70,
        lambda profile: profile.allows("lifecycle_rule", "change"),
    )
)
