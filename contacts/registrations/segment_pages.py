"""Personas, and the card that says which segments a person is in."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Persona, Segment
from contacts.registrations.columns import delete
from contacts.selectors.search import search_personas
from contacts.selectors.segment_history import segments_of
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import columns, navigation, panels, records
from core.registries.columns import BulkAction, Column
from core.registries.navigation import CreateEntry, NavEntry
from core.registries.panels import Panel
from core.registries.records import RecordType
from core.scope.access import profile_for

records.register(
    RecordType(
        "persona",
        Persona,
        _("Persona"),
        _("Personas"),
        "masks-theater",
        "contacts:persona_list",
        "contacts:persona_detail",
        "contacts:persona_create",
        search_personas,
    )
)
navigation.register(
    NavEntry(
        "personas",
        _("Personas"),
        "masks-theater",
        "contacts:persona_list",
        order=71,
        allowed=lambda profile: profile.allows("persona", "view"),
    )
)
navigation.register_create(
    CreateEntry("persona", _("Persona"), "masks-theater", "contacts:persona_create", "persona", 81)
)


def with_segment_names(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Personas with their segment's name, where `user` may see the segment."""
    seen = Segment.objects.all() if user is None else Segment.objects.visible_to(user)
    names = seen.filter(pk=OuterRef("segment_id")).order_by().values("name")
    return rows.annotate(segment_name=Subquery(names[:1]))


columns.register(
    "persona",
    Column("name", _("Name"), str, sort=("name",), order=10),
    Column(
        "segment",
        _("Segment"),
        lambda r: r.segment_name or "",
        select_for=with_segment_names,
        order=20,
    ),
    Column("description", _("Description"), lambda r: r.description[:100], order=30),
)
columns.register_actions("persona", BulkAction("delete", _("Delete"), "trash", "delete", delete, order=90))
criteria.register(
    "persona",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="masks-theater"),
    Criterion("segment", _("Segment"), Kind.REF, path="segment_id", ref_type="segment", field="segment"),
)


def segments_card(contact: Contact, user: Any) -> dict[str, Any] | None:
    if not profile_for(user).allows("segment", "view"):
        return None
    found = segments_of(contact, user)
    return {"memberships": found, "count": len(found), "contact": contact}


panels.register(
    Panel(
        "segments",
        "contact",
        _("Segments"),
        "filter",
        "contacts/panels/_segments.html",
        segments_card,
        70,
        lazy=True,
        needs="segment",
    )
)
