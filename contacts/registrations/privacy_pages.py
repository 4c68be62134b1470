"""The register of privacy requests: type, list, and where it stands in the navigation."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ConsentState, RequestKind, RequestState
from contacts.models import Erasure, OptIn, PrivacyRequest, Suppression, Wording
from contacts.services.wordings import ensure_wordings
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import columns, defaults, navigation, records
from core.registries.columns import Column
from core.registries.navigation import NavEntry
from core.registries.records import RecordType
from core.ui.markup import badge, when

TONES = {RequestState.HELD: "warn", RequestState.DONE: "ok", RequestState.REFUSED: "bad"}

records.register(
    RecordType(
        "privacy_request",
        PrivacyRequest,
        _("Privacy request"),
        _("Privacy requests"),
        "shield-lock",
        "contacts:privacy_request_list",
        "contacts:privacy_request_detail",
        "contacts:privacy_request_create",
        restorable=False,
    )
)
for _type, _model, _one, _many in (
    ("suppression", Suppression, _("Suppressed address"), _("Suppressed addresses")),
    ("wording", Wording, _("Wording"), _("Wordings")),
    ("opt_in", OptIn, _("Confirmation asked for"), _("Confirmations asked for")),
    ("erasure", Erasure, _("Erasure"), _("Erasures")),
):
    records.register(RecordType(_type, _model, _one, _many, "shield-lock", restorable=False))


def _who(row: PrivacyRequest) -> str:
    return str(row.contact) if row.contact_id else row.address


def _due(row: PrivacyRequest) -> Any:
    late = row.is_open and row.due_at < timezone.now()
    return badge(_("overdue"), "bad") if late else when(row.due_at)


columns.register(
    "privacy_request",
    Column("request", _("Request"), str, order=5, export=str),
    Column("who", _("Who"), _who, order=10, export=_who,
           select=lambda rows: rows.select_related("contact")),
    Column("state", _("State"), lambda row: badge(row.get_state_display(), TONES.get(row.state, "")),
           order=20, export=lambda row: row.state),
    Column("due", _("Answer by"), _due, sort=("due_at",), order=30, export=lambda row: row.due_at),
    Column("received", _("Received"), lambda row: row.received_at, sort=("received_at",), order=40),
    Column("source", _("How it came"), lambda row: row.source, order=50),
    Column("owner", _("Owner"), lambda row: str(row.owner or ""), order=60,
           select=lambda rows: rows.select_related("owner")),
)  # fmt: skip
criteria.register(
    "privacy_request",
    Criterion("kind", _("What is asked for"), Kind.CHOICE, path="kind", choices=lambda: RequestKind.choices),
    Criterion("state", _("State"), Kind.CHOICE, path="state", choices=lambda: RequestState.choices),
    Criterion("due", _("Answer by"), Kind.DATE, path="due_at", icon="calendar"),
    Criterion("received", _("Received"), Kind.DATE, path="received_at", icon="calendar"),
    Criterion("owner", _("Owner"), Kind.REF, path="owner", ref_type="user", icon="user"),
    Criterion("contact", _("Contact"), Kind.REF, path="contact", ref_type="contact", icon="user"),
)
criteria.register(
    "consent",
    Criterion("contact", _("Contact"), Kind.REF, path="contact", ref_type="contact", icon="user"),
    Criterion("purpose", _("Purpose"), Kind.TEXT, path="purpose", icon="shield-check"),
    Criterion("state", _("State"), Kind.CHOICE, path="state", choices=lambda: ConsentState.choices),
)
criteria.register(
    "suppression",
    Criterion("address", _("Address"), Kind.TEXT, path="address", icon="at"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar"),
)


def _waiting(user: Any) -> QuerySet[PrivacyRequest]:
    rows: QuerySet[PrivacyRequest] = PrivacyRequest.objects.visible_to(user).filter(
        closed_at=None, state=RequestState.OPEN
    )
    return rows[:100]


navigation.register(
    NavEntry(
        "privacy",
        _("Privacy"),
        "shield-lock",
        "contacts:privacy_request_list",
        "tools",
        30,
        lambda profile: profile.allows("privacy_request", "view"),
        _waiting,
    )
)
defaults.register("contacts.wordings", ensure_wordings)
