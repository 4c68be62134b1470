"""What may be asked of deals."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from contacts.geo.linked import place_criteria
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from sales.enums import DealStatus, LostReason, WonReason
from sales.models import Deal, DealContact, DealLine
from sales.registrations.builders import days, flag, sort_name_condition
from sales.selectors.deals import rotting
from sales.selectors.pipelines import pipeline_choices, stage_choices

ONE_OF = ("in", "not_in")


def _taking_part(op: str, value: Any, user: Any) -> Q:
    if op in ("empty", "not_empty"):
        return Q(contact__isnull=op == "empty")
    deals = DealContact.objects.filter(contact_id__in=value).values("deal_id")
    return ~Q(pk__in=deals) if op == "not_in" else Q(pk__in=deals)


def _with_product(op: str, value: Any, user: Any) -> Q:
    deals = DealLine.objects.filter(product_id__in=value).values("deal_id")
    return ~Q(pk__in=deals) if op == "not_in" else Q(pk__in=deals)


def _tagged(op: str, value: Any, user: Any) -> Q:
    links = Deal.tags.through.objects
    if op in ("empty", "not_empty"):
        some = Q(pk__in=links.values("deal_id"))
        return ~some if op == "empty" else some
    tagged = Q(pk__in=links.filter(tag_id__in=value).values("deal_id"))
    return ~tagged if op == "not_in" else tagged


def _without_step() -> Q:
    return Q(status=DealStatus.OPEN, next_step_at__isnull=True)


def _late_step() -> Q:
    return Q(status=DealStatus.OPEN, next_step_at__lt=Now())


criteria.register(
    "deal",
    Criterion("name", _("Name"), Kind.TEXT, build=sort_name_condition, field="name", icon="abc"),
    Criterion(
        "status",
        _("Status"),
        Kind.CHOICE,
        path="status",
        choices=lambda: DealStatus.choices,
        operators=ONE_OF,
        icon="flag",
    ),
    Criterion(
        "stage",
        _("Stage"),
        Kind.CHOICE,
        path="stage_id",
        choices=stage_choices,
        operators=ONE_OF,
        field="stage",
        icon="arrows-right",
    ),
    Criterion(
        "pipeline",
        _("Pipeline"),
        Kind.CHOICE,
        path="pipeline_id",
        choices=pipeline_choices,
        operators=ONE_OF,
        field="pipeline",
        icon="layout-kanban",
    ),
    Criterion(
        "owner", _("Owner"), Kind.REF, path="owner_id", ref_type="user", field="owner", icon="user-circle"
    ),
    Criterion("team", _("Team"), Kind.REF, path="team_id", ref_type="team", field="team", icon="users-group"),
    Criterion(
        "company",
        _("Company"),
        Kind.REF,
        path="company_id",
        ref_type="company",
        field="company",
        icon="building",
    ),
    Criterion(
        "contact",
        _("Contact"),
        Kind.REF,
        build=_taking_part,
        ref_type="contact",
        field="contact",
        icon="user",
    ),
    Criterion(
        "product",
        _("Product"),
        Kind.REF,
        build=_with_product,
        ref_type="product",
        operators=ONE_OF,
        field="product",
        icon="package",
    ),
    Criterion(
        "amount",
        _("Amount in base currency"),
        Kind.NUMBER,
        path="base_amount",
        field="amount",
        icon="coin",
        operators=("gte", "lte", "is", "gt", "lt", "between"),
    ),
    Criterion(
        "currency", _("Currency"), Kind.TEXT, path="currency", operators=("is", "is_not"), icon="coins"
    ),
    Criterion("probability", _("Probability (%)"), Kind.NUMBER, path="probability", icon="percentage"),
    Criterion(
        "expected_close",
        _("Expected close"),
        Kind.DATE,
        build=days("expected_close"),
        field="expected_close",
        icon="calendar",
    ),
    Criterion("closed", _("Closed"), Kind.DATE, path="closed_at", field="closed_at", icon="calendar-check"),
    Criterion("opened", _("Opened"), Kind.DATE, path="opened_at", field="opened_at", icon="calendar-plus"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar-plus"),
    Criterion("in_stage", _("In stage since"), Kind.DATE, path="stage_since", icon="clock"),
    Criterion("next_step", _("Next step"), Kind.DATE, path="next_step_at", icon="calendar-event"),
    Criterion("no_next_step", _("No next step"), Kind.BOOL, build=flag(_without_step), icon="alert-triangle"),
    Criterion("overdue_step", _("Next step overdue"), Kind.BOOL, build=flag(_late_step), icon="alarm"),
    Criterion("rotting", _("Rotting"), Kind.BOOL, build=flag(rotting), icon="hourglass-low"),
    Criterion(
        "lost_reason",
        _("Lost because of"),
        Kind.CHOICE,
        path="lost_reason",
        choices=lambda: LostReason.choices,
        icon="mood-sad",
    ),
    Criterion(
        "won_reason",
        _("Won because of"),
        Kind.CHOICE,
        path="won_reason",
        choices=lambda: WonReason.choices,
        icon="trophy",
    ),
    Criterion("tag", _("Tag"), Kind.REF, build=_tagged, ref_type="tag", field="tags", icon="tag"),
    Criterion("source", _("Source"), Kind.TEXT, path="source", icon="arrow-down-right"),
    Criterion("external_id", _("External id"), Kind.TEXT, path="external_id", icon="hash"),
    *place_criteria("company", "contact"),
)
