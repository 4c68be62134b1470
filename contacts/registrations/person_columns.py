"""Columns of what is known of a person beyond name and place: preferences, character, consent, how long in a
stage; and of how sound the data of people and companies is, and how far away they are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.enums import ConsentState
from contacts.geo.distance import circle_of, great_circle
from contacts.languages import language_name
from contacts.models import Consent, Contact, LifecycleChange
from contacts.purposes import MARKETING, all_purposes
from core.conditions.tree import ConditionError
from core.conditions.within import only_these
from core.registries import columns, quality
from core.registries.columns import Column
from core.scope.access import profile_for
from core.ui.cells import number
from core.ui.markup import badge, percent, when

CONSENT_TONES = {ConsentState.GRANTED: "ok", ConsentState.WITHDRAWN: "bad"}


def hour_text(contact: Contact) -> str:
    return "" if contact.best_hour is None else f"{contact.best_hour:02d}:00"


def _plain(key: str, label: Any, order: int) -> Column:
    return Column(key, label, lambda r: getattr(r, key), field=key, editable=True, default=False, order=order)


def _choice(key: str, label: Any, order: int) -> Column:
    def shown(record: Any) -> Any:
        return badge(getattr(record, f"get_{key}_display")()) if getattr(record, key) else ""

    return Column(
        key,
        label,
        shown,
        export=lambda r: getattr(r, key),
        field=key,
        editable=True,
        default=False,
        order=order,
    )


def with_stage_since(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`stage_since`: the last move, or the creation of those who never moved."""
    moves = LifecycleChange.objects.filter(contact=OuterRef("pk")).order_by("-at", "-id")
    since: QuerySet[Any] = rows.annotate(
        stage_since=Coalesce(Subquery(moves.values("at")[:1]), F("created_at"))
    )
    return since


def with_consents(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`newest_consents`: the line of the ledger that counts for each purpose and channel, with the purpose's
    name."""
    names = [When(purpose=one.key, then=Value(str(one.name))) for one in all_purposes()]
    order = ("contact_id", "purpose", "channel", "-at", "-id")
    newest = Consent.objects.order_by(*order).distinct("contact_id", "purpose", "channel")
    named = newest.annotate(purpose_name=Case(*names, default=F("purpose"), output_field=CharField()))
    return rows.prefetch_related(Prefetch("consents", named, to_attr="newest_consents"))


def _state(line: Consent) -> Any:
    return badge(line.get_state_display(), CONSENT_TONES.get(ConsentState(line.state), ""))


def _mailing(contact: Any) -> Consent | None:
    lines = contact.newest_consents
    return next((one for one in lines if (one.purpose, one.channel) == (MARKETING.key, "email")), None)


def mailing_badge(contact: Any) -> Any:
    line = _mailing(contact)
    return _state(line) if line is not None else ""


def mailing_state(contact: Any) -> str:
    line = _mailing(contact)
    return line.state if line is not None else ""


def consent_badges(contact: Any) -> Any:
    """Every purpose that was ever spoken of, with where it stands."""
    parts = []
    for line in contact.newest_consents:
        text = f"{line.purpose_name}: {line.get_state_display()}"
        parts.append((badge(text, CONSENT_TONES.get(ConsentState(line.state), "")),))
    return format_html_join(" ", "{}", parts) if parts else ""


def consent_words(contact: Any) -> str:
    return "; ".join(f"{one.purpose}/{one.channel}: {one.state}" for one in contact.newest_consents)


def with_soundness(record_type: str) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    """`soundness`: the part of the measures of data quality that find nothing wrong with the row, of those that
    the viewer's role shows, and with what the viewer sees (a double out of sight is none)."""

    def select(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        measures = quality.measures_for(record_type, profile_for(user).hidden_fields(record_type))
        if not measures:
            return rows.annotate(soundness=Value(None, output_field=FloatField()))
        flaws: Any = Value(0)
        with only_these(rows.order_by().values_list("pk", flat=True)):
            for one in measures:
                flaws = flaws + Case(When(one.link.condition(user), then=Value(1)), default=Value(0))
        share = 1.0 - Cast(flaws, FloatField()) / Value(float(len(measures)))
        return rows.annotate(soundness=ExpressionWrapper(share, output_field=FloatField()))

    return select


def distance_column(record_type: str, params: Mapping[str, str]) -> Iterable[Column]:
    """How far away each is, in a list that is filtered by a place."""
    try:
        centre = circle_of(str(params.get("near") or params.get("near__within") or "")).centre
    except ConditionError:
        return

    def select(rows: QuerySet[Any]) -> QuerySet[Any]:
        distance = ExpressionWrapper(great_circle(centre), output_field=FloatField())
        return rows.annotate(distance_km=distance)

    yield Column(
        "distance",
        _("Distance (km)"),
        lambda r: number(r.distance_km, 1) if r.distance_km is not None else "",
        export=lambda r: None if r.distance_km is None else round(r.distance_km, 1),
        select=select,
        field="city",
        align="end",
        order=62,
    )


columns.register(
    "contact",
    Column(
        "stage_since",
        _("In this stage since"),
        lambda r: when(r.stage_since),
        export=lambda r: r.stage_since,
        select=with_stage_since,
        field="lifecycle_stage",
        default=False,
        order=31,
    ),
    _choice("preferred_channel", _("Preferred channel"), 74),
    Column(
        "best_hour",
        _("Best hour"),
        hour_text,
        export=lambda r: r.best_hour,
        field="best_hour",
        editable=True,
        default=False,
        order=75,
    ),
    Column(
        "language",
        _("Language"),
        lambda r: language_name(r.language),
        export=lambda r: r.language,
        field="language",
        editable=True,
        default=False,
        order=76,
    ),
    Column(
        "do_not_contact",
        _("Do not contact"),
        lambda r: badge(_t("Do not contact"), "bad") if r.do_not_contact else "",
        export=lambda r: r.do_not_contact,
        field="do_not_contact",
        default=False,
        order=77,
    ),
    Column(
        "mailing_consent",
        _("Consent to news"),
        mailing_badge,
        export=mailing_state,
        select=with_consents,
        default=False,
        order=78,
    ),
    Column(
        "consents",
        _("Consent by purpose"),
        consent_badges,
        export=consent_words,
        select=with_consents,
        default=False,
        order=79,
    ),
    _choice("communication_style", _("Communication style"), 84),
    _plain("interests", _("Interests"), 85),
    _plain("values_held", _("Values"), 86),
    _plain("personality", _("Personality"), 87),
)
for _type in ("contact", "company"):
    columns.register_asked(_type, distance_column)
    columns.register(
        _type,
        Column(
            "soundness",
            _("Data quality"),
            lambda r: percent(r.soundness),
            export=lambda r: None if r.soundness is None else round(r.soundness, 3),
            select_for=with_soundness(_type),
            align="end",
            default=False,
            order=92,
        ),
    )
