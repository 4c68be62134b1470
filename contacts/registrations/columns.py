"""Columns of the lists and what can be done with the selected rows."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.enums import LifecycleStage, PointKind, SegmentKind
from contacts.models import Contact, ContactPoint, Segment
from contacts.services.activities import complete_activity, update_activity
from contacts.services.parties import set_tags, update_company, update_contact
from contacts.services.segments import add_members
from core.exporting.cells import joined as joined_cell
from core.models import User
from core.registries import columns
from core.registries.columns import BulkAction, Column, joined
from core.services.trash import delete_record
from core.ui.cells import avatar_name, link
from core.ui.markup import badge, money, person, when

TONES = {
    LifecycleStage.CUSTOMER: "ok",
    LifecycleStage.OPPORTUNITY: "accent",
    LifecycleStage.LEAD: "info",
    LifecycleStage.FORMER: "bad",
}


def lifecycle_badge(contact: Contact) -> Any:
    return _stage_badge(contact.lifecycle_stage, get_language())


@lru_cache(maxsize=256)
def _stage_badge(value: str, _language: str | None) -> SafeString:
    # a list writes the same six in every row
    stage = LifecycleStage(value)
    return badge(stage.label, TONES.get(stage, ""))


def with_points(rows: QuerySet[Any]) -> QuerySet[Any]:
    primary = ContactPoint.objects.filter(is_primary=True)
    return rows.prefetch_related(Prefetch("points", primary, to_attr="primary_points"))


def primary(record: Any, *kinds: str) -> str:
    return next((p.value for p in record.primary_points if p.kind in kinds), "")


def email_of(record: Any) -> str:
    return primary(record, PointKind.EMAIL)


def phone_of(record: Any) -> str:
    return primary(record, PointKind.PHONE, PointKind.MOBILE)


def tag_names(record: Any) -> str:
    return joined_cell(sorted(tag.name for tag in record.tags.all()))


def tag_badges(record: Any) -> Any:
    names = [(badge(tag.name, "tag"),) for tag in record.tags.all()]
    return format_html_join(" ", "{}", names) if names else ""


def owner_cell(record: Any) -> Any:
    return person(str(record.owner)) if record.owner else ""


def company_cell(contact: Contact) -> Any:
    from core.registries import records

    if contact.company is None:
        return ""
    return link(records.get("company").url_of(contact.company_id or 0), contact.company)


SHARED = (
    Column(
        "owner",
        _("Owner"),
        owner_cell,
        export=lambda r: str(r.owner or ""),
        select=joined("owner"),
        field="owner",
        order=50,
    ),
    Column("city", _("City"), lambda r: r.city, field="city", editable=True, order=60),
    Column("country", _("Country"), lambda r: r.country, field="country", default=False, order=61),
    Column(
        "tags",
        _("Tags"),
        tag_badges,
        export=tag_names,
        select=lambda rows: rows.prefetch_related("tags"),
        field="tags",
        default=False,
        order=65,
    ),
    Column("email", _("E-mail"), email_of, select=with_points, field="email", default=False, order=70),
    Column("phone", _("Phone"), phone_of, select=with_points, field="phone", default=False, order=71),
    Column("source", _("Source"), lambda r: r.source, field="source", editable=True, default=False, order=72),
    Column(
        "created",
        _("Created"),
        lambda r: when(r.created_at),
        export=lambda r: r.created_at,
        sort=("created_at",),
        default=False,
        order=95,
    ),
)
columns.register(
    "contact",
    Column("name", _("Name"), lambda r: avatar_name(str(r)), export=str, sort=("sort_name",), order=10),
    Column(
        "company",
        _("Company"),
        company_cell,
        export=lambda r: str(r.company or ""),
        select=joined("company"),
        field="company",
        order=20,
    ),
    Column(
        "lifecycle",
        _("Lifecycle"),
        lifecycle_badge,
        export=lambda r: r.lifecycle_stage,
        field="lifecycle_stage",
        editable=True,
        order=30,
    ),
    Column(
        "job_title",
        _("Job title"),
        lambda r: r.job_title,
        field="job_title",
        editable=True,
        default=False,
        order=35,
    ),
    *SHARED,
    Column(
        "activity",
        _("Last activity"),
        lambda r: when(r.last_activity_at) if r.last_activity_at else "",
        export=lambda r: r.last_activity_at,
        sort=("activity_at",),
        order=90,
    ),
)
columns.register(
    "company",
    Column(
        "name", _("Name"), lambda r: avatar_name(str(r), "square"), export=str, sort=("sort_name",), order=10
    ),
    Column(
        "kind",
        _("Kind"),
        lambda r: badge(r.get_kind_display()),
        export=lambda r: r.kind,
        field="kind",
        editable=True,
        order=20,
    ),
    Column("industry", _("Industry"), lambda r: r.industry, field="industry", editable=True, order=25),
    Column("employees", _("Employees"), lambda r: r.employees, field="employees", align="end", order=30),
    Column(
        "revenue",
        _("Annual revenue"),
        lambda r: money(r.annual_revenue, r.currency) if r.annual_revenue is not None else "",
        export=lambda r: r.annual_revenue,
        field="annual_revenue",
        align="end",
        default=False,
        order=32,
    ),
    Column(
        "parent",
        _("Parent company"),
        lambda r: str(r.parent or ""),
        select=joined("parent"),
        field="parent",
        default=False,
        order=33,
    ),
    Column("domain", _("Web domain"), lambda r: r.domain, field="domain", default=False, order=35),
    *SHARED,
    Column(
        "activity",
        _("Last activity"),
        lambda r: when(r.last_activity_at) if r.last_activity_at else "",
        export=lambda r: r.last_activity_at,
        order=90,
    ),
)
columns.register(
    "activity",
    Column("subject", _("Subject"), str, export=lambda r: r.subject, sort=("occurred_at",), order=10),
    Column("kind", _("Kind"), lambda r: badge(r.get_kind_display()), export=lambda r: r.kind, order=20),
    Column(
        "contact",
        _("Contact"),
        lambda r: str(r.contact or ""),
        select=joined("contact"),
        field="contact",
        order=30,
    ),
    Column(
        "company",
        _("Company"),
        lambda r: str(r.company or ""),
        select=joined("company"),
        field="company",
        order=40,
    ),
    Column(
        "owner", _("Who"), owner_cell, export=lambda r: str(r.owner or ""), select=joined("owner"), order=50
    ),
    Column(
        "due", _("Due"), lambda r: when(r.due_at) if r.due_at else "", export=lambda r: r.due_at, order=60
    ),
    Column(
        "done",
        _("Done"),
        lambda r: when(r.done_at) if r.done_at else "",
        export=lambda r: r.done_at,
        order=70,
    ),
    Column("when", _("When"), lambda r: when(r.occurred_at), export=lambda r: r.occurred_at, order=80),
)
columns.register(
    "segment",
    Column("name", _("Name"), str, sort=("name",), order=10),
    Column("kind", _("Kind"), lambda r: badge(r.get_kind_display()), export=lambda r: r.kind, order=20),
    Column("description", _("Description"), lambda r: r.description[:100], order=30),
    Column(
        "owner", _("Owner"), owner_cell, export=lambda r: str(r.owner or ""), select=joined("owner"), order=50
    ),
    Column("created", _("Created"), lambda r: when(r.created_at), export=lambda r: r.created_at, order=95),
)


class OwnerForm(forms.Form):
    """To whom the records go."""

    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name", "pk"), label=_("New owner")
    )


class TagForm(forms.Form):
    """A word for all of them."""

    tag = forms.CharField(label=_("Tag to add"), max_length=60)


def owner_form(user: Any) -> type[forms.Form]:
    return OwnerForm


def tag_form(user: Any) -> type[forms.Form]:
    return TagForm


def change_owner(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    owner = data["owner"]
    update = update_contact if queryset.model is Contact else update_company
    name = "contact" if queryset.model is Contact else "company"
    changed = 0
    for record in queryset.exclude(owner=owner).iterator(chunk_size=500):
        update(actor=actor, changes={"owner": owner}, **{name: record})
        changed += 1
    return changed


def add_tag(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    wanted = queryset.exclude(Q(tags__name__iexact=data["tag"].strip())).prefetch_related("tags")
    changed = 0
    for record in wanted.iterator(chunk_size=500):
        set_tags(actor=actor, record=record, names=[*(t.name for t in record.tags.all()), data["tag"]])
        changed += 1
    return changed


def segment_form(user: Any) -> type[forms.Form]:
    """The fixed segments that the person may change."""

    class SegmentForm(forms.Form):
        segment = forms.ModelChoiceField(
            Segment.objects.visible_to(user, "change").filter(kind=SegmentKind.STATIC).order_by("name", "pk"),
            label=_("Segment with fixed members"),
        )

    return SegmentForm


def add_to_segment(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    ids = list(queryset.values_list("pk", flat=True))
    return add_members(actor=actor, segment=data["segment"], contact_ids=ids)


def delete(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    changed = 0
    for record in queryset.iterator(chunk_size=500):
        delete_record(actor=actor, record=record)
        changed += 1
    return changed


def complete(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    """Tick off what is planned; what has happened stays as it is and is not counted."""
    planned = list(queryset.filter(due_at__isnull=False, done_at__isnull=True))
    for activity in planned:
        complete_activity(actor=actor, activity=activity)
    return len(planned)


def hand_over(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset.exclude(owner=data["owner"]))
    for activity in rows:
        update_activity(actor=actor, activity=activity, changes={"owner": data["owner"]})
    return len(rows)


def merge_page(url_name: str) -> Callable[[list[int]], str]:
    return lambda ids: f"{reverse(url_name)}?ids={','.join(map(str, ids))}"


def no_rows(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    """Merging is done on its page."""
    return 0


for _type in ("contact", "company"):
    columns.register_actions(
        _type,
        BulkAction(
            "merge",
            _("Merge"),
            "arrow-merge",
            "delete",
            no_rows,
            order=40,
            page=merge_page(f"contacts:{_type}_merge"),
        ),
        BulkAction(
            "owner", _("Owner"), "user-share", "change", change_owner, owner_form, order=10, fields=("owner",)
        ),
        BulkAction("tag", _("Tag"), "tag", "change", add_tag, tag_form, order=20, fields=("tags",)),
        BulkAction("delete", _("Delete"), "trash", "delete", delete, order=90),
    )
columns.register_actions(
    "contact",
    BulkAction("segment", _("Add to a segment"), "chart-pie", "view", add_to_segment, segment_form, order=30),
)
columns.register_actions("segment", BulkAction("delete", _("Delete"), "trash", "delete", delete, order=90))
columns.register_actions(
    "activity",
    BulkAction("done", _("Done"), "check", "change", complete, order=10, fields=("done_at",)),
    BulkAction(
        "owner", _("Hand over"), "user-share", "change", hand_over, owner_form, order=20, fields=("owner",)
    ),
    BulkAction("delete", _("Delete"), "trash", "delete", delete, order=90),
)
