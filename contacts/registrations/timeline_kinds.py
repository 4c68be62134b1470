"""How the entries that contacts writes look."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from contacts.services.timeline import forget_request
from core.registries import timeline, undoing
from core.registries.timeline import TimelineKind

ACTIVITY = "contacts/timeline/_activity.html"

timeline.register(
    TimelineKind("call", _("Call"), "phone", ACTIVITY, "call", "activity", "call"),
    TimelineKind("note", _("Note"), "note", ACTIVITY, "note", "activity", "note"),
    TimelineKind("email", _("E-mail"), "mail", ACTIVITY, "mail", "activity", "mail"),
    TimelineKind("meeting", _("Meeting"), "calendar", ACTIVITY, "meeting", "activity", "meet"),
    TimelineKind("visit", _("Visit"), "map-pin", ACTIVITY, "meeting", "activity", "meet"),
    TimelineKind("task", _("Task done"), "checkbox", ACTIVITY, "other", "activity"),
    TimelineKind("contact.created", _("Contact created"), "user-plus", group="change"),
    TimelineKind(
        "contact.lifecycle", _("Lifecycle"), "arrow-right", "contacts/timeline/_lifecycle.html", "change"
    ),
    TimelineKind(
        "contact.consent", _("Consent"), "shield-check", "contacts/timeline/_consent.html", "change"
    ),
    TimelineKind(
        "contact.affiliation",
        _("Company"),
        "building",
        "contacts/timeline/_affiliation.html",
        "change",
        "company",
        discloses=("contact", "company"),
    ),
    TimelineKind(
        "company.affiliation",
        _("Person"),
        "users",
        "contacts/timeline/_affiliation.html",
        "change",
        "contact",
        discloses=("contact", "company"),
    ),
    TimelineKind(
        "contact.relationship",
        _("Relationship"),
        "users",
        "contacts/timeline/_relationship.html",
        "change",
        "contact",
    ),
    TimelineKind(
        "contact.preferences", _("Preferences"), "adjustments", "contacts/timeline/_preferences.html", "change"
    ),
    TimelineKind(
        "contact.suppression_lifted", _("May be written to again"), "bell", "contacts/timeline/_plain.html", "change"
    ),
    TimelineKind(
        "contact.request", _("Privacy request"), "shield-check", "contacts/timeline/_request.html", "change",
        record_type="privacy_request",
    ),
    TimelineKind(
        "contact.request_closed", _("Privacy request closed"), "shield-check",
        "contacts/timeline/_request.html", "change", record_type="privacy_request",
    ),
)  # fmt: skip
timeline.register(
    TimelineKind("contact.merged", _("Merged"), "arrow-merge", "contacts/timeline/_merged.html", "change"),
    TimelineKind("company.merged", _("Merged"), "arrow-merge", "contacts/timeline/_merged.html", "change"),
)


def _forget(request_id: str, kept: Collection[tuple[str, int]]) -> None:
    forget_request(actor=None, request_id=request_id, kept=kept)


undoing.register(_forget)
