"""Record types, navigation, editing in place and the cards of contacts' own records."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import Activity, Company, Contact, Segment
from contacts.selectors import activities
from contacts.selectors.search import search_companies, search_contacts, search_segments
from contacts.services.activities import update_activity
from contacts.services.parties import update_company, update_contact
from core.enums import Action
from core.registries import editing, navigation, panels, records
from core.registries.editing import Editor
from core.registries.navigation import CreateEntry, NavEntry
from core.registries.panels import Panel
from core.registries.records import RecordType
from core.scope.access import profile_for
from core.scope.fields import conceal_all
from core.selectors.files import files_on

records.register(
    RecordType(
        "contact",
        Contact,
        _("Contact"),
        _("Contacts"),
        "users",
        "contacts:contact_list",
        "contacts:contact_detail",
        "contacts:contact_create",
        search_contacts,
        merge_url="contacts:contact_merge",
    )
)
records.register(
    RecordType(
        "company",
        Company,
        _("Company"),
        _("Companies"),
        "building",
        "contacts:company_list",
        "contacts:company_detail",
        "contacts:company_create",
        search_companies,
        merge_url="contacts:company_merge",
    )
)
records.register(
    RecordType(
        "activity",
        Activity,
        _("Activity"),
        _("Activities"),
        "checkbox",
        "contacts:activity_list",
        "contacts:activity_detail",
    )
)
records.register(
    RecordType(
        "segment",
        Segment,
        _("Segment"),
        _("Segments"),
        "filter",
        "contacts:segment_list",
        "contacts:segment_detail",
        "contacts:segment_create",
        search_segments,
    )
)


def _may_view(record_type: str) -> Any:
    return lambda profile: profile.allows(record_type, "view")


navigation.register(
    NavEntry(
        "tasks",
        _("Tasks"),
        "checkbox",
        "contacts:task_list",
        "work",
        20,
        _may_view("activity"),
        activities.due_tasks,
        shortcut="g a",
    )
)
navigation.register(
    NavEntry(
        "contacts",
        _("Contacts"),
        "users",
        "contacts:contact_list",
        order=10,
        allowed=_may_view("contact"),
        shortcut="g c",
        on_phone=True,
    )
)
navigation.register(
    NavEntry(
        "companies",
        _("Companies"),
        "building",
        "contacts:company_list",
        order=20,
        allowed=_may_view("company"),
        shortcut="g o",
    )
)
navigation.register(
    NavEntry(
        "segments",
        _("Segments"),
        "filter",
        "contacts:segment_list",
        order=70,
        allowed=_may_view("segment"),
        shortcut="g s",
    )
)
navigation.register(
    NavEntry(
        "merges",
        _("Merges"),
        "arrow-merge",
        "contacts:merge_list",
        section="settings",
        order=56,
        allowed=lambda profile: profile.allows("contact", "delete"),
    )
)
navigation.register_create(
    CreateEntry("contact", _("Contact"), "user-plus", "contacts:contact_create", "contact", 10)
)
navigation.register_create(
    CreateEntry("company", _("Company"), "building", "contacts:company_create", "company", 20)
)
navigation.register_create(
    CreateEntry("segment", _("Segment"), "filter", "contacts:segment_create", "segment", 80)
)


def _contact_form() -> type[Any]:
    from contacts.forms.parties import ContactForm

    return ContactForm


def _company_form() -> type[Any]:
    from contacts.forms.parties import CompanyForm

    return CompanyForm


def _update_contact(
    *, actor: Any, record: Contact, values: dict[str, Any], expected_version: int | None
) -> Contact:
    return update_contact(actor=actor, contact=record, changes=values, expected_version=expected_version)


def _update_company(
    *, actor: Any, record: Company, values: dict[str, Any], expected_version: int | None
) -> Company:
    return update_company(actor=actor, company=record, changes=values, expected_version=expected_version)


def _activity_form() -> type[Any]:
    from contacts.forms.activities import ActivityForm

    return ActivityForm


def _update_activity(
    *, actor: Any, record: Activity, values: dict[str, Any], expected_version: int | None
) -> Activity:
    return update_activity(actor=actor, activity=record, changes=values, expected_version=expected_version)


editing.register(Editor("activity", _activity_form, _update_activity))
editing.register(Editor("contact", _contact_form, _update_contact))
editing.register(Editor("company", _company_form, _update_company))


def subsidiaries_card(company: Company, user: Any) -> dict[str, Any] | None:
    rows = Company.objects.visible_to(user).filter(parent=company).order_by("sort_name", "pk")
    found = conceal_all(rows[:10], user)
    if not found and company.parent_id is None:
        return None
    return {"companies": found, "count": len(found)}


def tasks_card(record: Any, user: Any) -> dict[str, Any] | None:
    tasks = activities.first_tasks_about(record, user)
    return {"tasks": tasks, "count": len(tasks)}


panels.register(
    Panel(
        "subsidiaries",
        "company",
        _("Group"),
        "hierarchy",
        "contacts/panels/_subsidiaries.html",
        subsidiaries_card,
        15,
    )
)
for _type in ("contact", "company", "deal"):
    panels.register(
        Panel("tasks", _type, _("Open tasks"), "checkbox", "contacts/panels/_tasks.html", tasks_card, 40)
    )


def reach_card(record: Any, user: Any) -> dict[str, Any] | None:
    profile = profile_for(user)
    if {"points", "email", "phone"} & profile.hidden_fields(record.record_type):
        return None
    points = sorted(record.points.all(), key=lambda point: (point.kind, not point.is_primary, point.pk))
    covered = record.__class__.scope.covers(record, profile, Action.CHANGE)
    changing = bool(covered) and "points" not in profile.read_only_fields(record.record_type)
    url = reverse(f"contacts:{record.record_type}_point_create", args=[record.pk])
    return {
        "points": points,
        "count": len(points),
        "may_change": changing,
        "type_key": record.record_type,
        "add_url": url if changing else "",
    }


for _type in ("contact", "company"):
    panels.register(
        Panel(
            "reach", _type, _("How to reach"), "at", "contacts/panels/_reach.html", reach_card, 80, open=False
        )
    )


def files_card(record: Any, user: Any) -> dict[str, Any] | None:
    found = files_on(record.record_type, record.pk)
    may_change = profile_for(user).allows(record.record_type, "change")
    return {"files": found, "count": len(found), "may_change": may_change, "type_key": record.record_type}


for _type in ("contact", "company", "deal"):
    panels.register(
        Panel(
            "files",
            _type,
            _("Files"),
            "paperclip",
            "contacts/panels/_files.html",
            files_card,
            90,
            lazy=True,
        )
    )
