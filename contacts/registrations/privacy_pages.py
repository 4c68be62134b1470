"""The register of privacy requests: type, list, and where it stands in the navigation."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ConsentState, RequestKind, RequestState, SuppressionCause, SuppressionScope
from contacts.models import Erasure, LegalHold, OptIn, PrivacyRequest, Suppression, Wording
from contacts.selectors.tombstones import DIGEST
from contacts.services.wordings import ensure_wordings
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import columns, defaults, navigation, records
from core.registries.columns import Column, joined
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
records.register(
    RecordType(
        "suppression",
        Suppression,
        _("Suppressed address"),
        _("Suppressed addresses"),
        "bell-off",
        "contacts:suppression_list",
        "contacts:suppression_detail",
        restorable=False,
    )
)
for _type, _model, _one, _many in (
    ("wording", Wording, _("Wording"), _("Wordings")),
    ("opt_in", OptIn, _("Confirmation asked for"), _("Confirmations asked for")),
    ("erasure", Erasure, _("Erasure"), _("Erasures")),
    ("legal_hold", LegalHold, _("Legal hold"), _("Legal holds")),
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
           select=joined("contact")),
    Column("state", _("State"), lambda row: badge(row.get_state_display(), TONES.get(row.state, "")),
           order=20, export=lambda row: row.state),
    Column("due", _("Answer by"), _due, sort=("due_at",), order=30, export=lambda row: row.due_at),
    Column("received", _("Received"), lambda row: row.received_at, sort=("received_at",), order=40),
    Column("source", _("How it came"), lambda row: row.source, order=50),
    Column("owner", _("Owner"), lambda row: str(row.owner or ""), order=60,
           select=joined("owner")),
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
CAUSE_TONES = {SuppressionCause.COMPLAINED: "bad", SuppressionCause.BOUNCED: "warn"}


def _address(row: Suppression) -> str:
    """Of an erased person only a digest is left, which says nothing to anybody; so of somebody who said no
    before a restore and is not here."""
    if row.cause == SuppressionCause.ERASED:
        return str(_("An erased person"))
    return str(_("An address that is not here")) if row.address.startswith(DIGEST) else row.address


columns.register(
    "suppression",
    Column("address", _("Address"), _address, sort=("address",), order=5, export=_address),
    Column("cause", _("Cause"), lambda row: badge(row.get_cause_display(), CAUSE_TONES.get(row.cause, "")),
           order=10, export=lambda row: row.cause),
    Column("reach", _("What is not sent"), lambda row: row.get_reach_display(), order=20,
           export=lambda row: row.reach),
    Column("reason", _("Reason"), lambda row: row.note, order=30),
    Column("source", _("How it came"), lambda row: row.source, order=40),
    Column("since", _("Since"), lambda row: row.at, sort=("at",), order=50),
)  # fmt: skip
criteria.register(
    "suppression",
    Criterion("address", _("Address"), Kind.TEXT, path="address", icon="at"),
    Criterion("cause", _("Cause"), Kind.CHOICE, path="cause", choices=lambda: SuppressionCause.choices),
    Criterion(
        "reach", _("What is not sent"), Kind.CHOICE, path="reach", choices=lambda: SuppressionScope.choices
    ),
    Criterion("source", _("How it came"), Kind.TEXT, path="source", icon="route"),
    Criterion("since", _("Since"), Kind.DATE, path="at", icon="calendar"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar"),
)
criteria.register(
    "legal_hold",
    Criterion("contact", _("Contact"), Kind.REF, path="contact", ref_type="contact", icon="user"),
    Criterion("until", _("Until"), Kind.DATE, path="until", icon="calendar"),
    Criterion("lifted", _("Lifted"), Kind.DATE, path="lifted_at", icon="calendar"),
)
criteria.register(
    "wording",
    Criterion("key", _("Key"), Kind.TEXT, path="key", icon="tag"),
    Criterion("language", _("Language"), Kind.TEXT, path="language", icon="language"),
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


def _officer(profile: Any) -> bool:
    return bool(profile.can("erase_people"))


navigation.register(
    NavEntry(
        "suppressions",
        _("Suppressed addresses"),
        "bell-off",
        "contacts:suppression_list",
        "settings",
        60,
        lambda profile: profile.allows("suppression", "view"),
    )
)
navigation.register(
    NavEntry(
        "wordings",
        _("Wordings of consent"),
        "shield-check",
        "contacts:wording_list",
        "settings",
        61,
        lambda profile: profile.allows("wording", "view"),
    )
)
for _place, (_key, _label, _icon, _url) in enumerate(
    (
        ("holds", _("Legal holds"), "lock", "contacts:hold_list"),
        ("retention", _("Retention"), "clock", "contacts:retention"),
        ("processing", _("Record of processing"), "shield-lock", "contacts:processing"),
        ("privacy_settings", _("Privacy settings"), "shield-lock", "contacts:privacy_settings"),
    ),
    start=62,
):
    navigation.register(NavEntry(_key, _label, _icon, _url, "settings", _place, _officer))
defaults.register("contacts.wordings", ensure_wordings)
