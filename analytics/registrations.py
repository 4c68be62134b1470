"""What analytics hands to core's registries."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics import jobs  # noqa: F401  (registering the job kinds is the import's purpose)
from analytics.api.metrics import MetricRecords
from analytics.dashboard.kept import forget_kept
from analytics.enums import ChurnBand
from analytics.profile.answers import forecast_answers
from analytics.selectors.bands import band_of, in_band
from analytics.selectors.metrics import metric_card
from analytics.words import BAND_TONES
from contacts.enums import MetricStatus
from contacts.models import Company, Contact, CustomerMetric
from core.api.router import register as register_api
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.privacy import elsewhere
from core.registries import columns, grants, navigation, panels, privacy, profile
from core.registries.columns import Column
from core.registries.grants import FULL, READ, A, N
from core.registries.navigation import NavEntry
from core.registries.panels import Panel
from core.registries.privacy import PersonalRows
from core.registries.profile import Answerer
from core.scope.access import profile_for
from core.ui.cells import badge, join, money, muted, number
from core.ui.markup import percent

grants.register("model_run", manager=(A, A, N, N, N), sales=READ, marketing=READ, analyst=FULL, readonly=READ)
grants.register("metric", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ)

grants.register(
    "dashboard",
    _("Dashboard"),
    manager=READ,
    sales=READ,
    marketing=READ,
    service=READ,
    analyst=READ,
    readonly=READ,
)

VALUES = _("Value and risk")
SCALES = {
    "is": "",
    "gte": "__gte",
    "lte": "__lte",
    "gt": "__gt",
    "lt": "__lt",
}


def _percentage(path: str) -> Callable[[str, Any, Any], Q]:
    """People write percent, the column holds a share of one."""

    def build(op: str, value: Any, user: Any) -> Q:
        if op in ("empty", "not_empty"):
            return Q(**{f"{path}__isnull": op == "empty"})
        if op == "between":
            return Q(**{f"{path}__gte": float(value[0]) / 100, f"{path}__lte": float(value[1]) / 100})
        return Q(**{f"{path}{SCALES[op]}": float(value) / 100})

    return build


def _bands(prefix: str) -> Callable[[str, Any, Any], Q]:
    def build(op: str, value: Any, user: Any) -> Q:
        if op in ("empty", "not_empty"):
            return Q(**{f"{prefix}status__isnull": op == "empty"})
        chosen = Q(pk__in=[])
        for band in value:
            chosen |= in_band(band, prefix)
        return ~chosen if op == "not_in" else chosen

    return build


def _metric_criteria(prefix: str) -> tuple[Criterion, ...]:
    """What may be asked of a metric at the ORM path `prefix`."""
    shared: dict[str, Any] = {"field": "metric", "group": VALUES, "icon": "chart-line"}
    built: dict[str, Any] = {**shared, "moved_by": (CustomerMetric._meta.db_table,)}
    numbers = (
        ("lifetime_value", _("Value of the next 12 months")),
        ("expected_orders", _("Expected orders")),
        ("recency_score", _("Recency score (1–5)")),
        ("frequency_score", _("Frequency score (1–5)")),
        ("monetary_score", _("Monetary score (1–5)")),
    )
    return (
        Criterion("churn", _("Churn risk (%)"), Kind.NUMBER, build=_percentage(f"{prefix}churn"), **built),
        Criterion(
            "churn_band",
            _("Churn risk"),
            Kind.CHOICE,
            build=_bands(prefix),
            choices=lambda: ChurnBand.choices,
            **built,
        ),
        *(Criterion(key, label, Kind.NUMBER, path=f"{prefix}{key}", **shared) for key, label in numbers),
    )


def _with_metric(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("metric")


def _metric(record: Any) -> CustomerMetric | None:
    return getattr(record, "metric", None)


def _value_cell(record: Any) -> Any:
    metric = _metric(record)
    return (
        money(metric.lifetime_value, metric.currency)
        if metric and metric.lifetime_value is not None
        else None
    )


def _churn_cell(record: Any) -> Any:
    metric = _metric(record)
    if metric is None:
        return None
    band = band_of(metric)
    if band == ChurnBand.UNKNOWN:
        return muted(band.label)
    return join([badge(band.label, BAND_TONES[band]), muted(percent(metric.churn))])


def _expected_cell(record: Any) -> Any:
    expected = _plain("expected_orders")(record)
    return None if expected is None else number(round(expected, 1), 1)


def _rfm(record: Any) -> str | None:
    metric = _metric(record)
    if metric is None or metric.recency_score is None:
        return None
    return f"{metric.recency_score}-{metric.frequency_score}-{metric.monetary_score}"


def _plain(name: str) -> Callable[[Any], Any]:
    def value(record: Any) -> Any:
        return getattr(_metric(record), name, None)

    return value


def _metric_columns() -> tuple[Column, ...]:
    shared: dict[str, Any] = {"select": _with_metric, "field": "metric", "default": False}
    return (
        Column(
            "lifetime_value",
            _("Value, 12 months"),
            _value_cell,
            export=_plain("lifetime_value"),
            align="end",
            order=310,
            **shared,
        ),
        Column("churn", _("Churn risk"), _churn_cell, export=_plain("churn"), order=320, **shared),
        Column("rfm", _("RFM"), _rfm, order=330, **shared),
        Column(
            "expected_orders",
            _("Expected orders"),
            _expected_cell,
            export=_plain("expected_orders"),
            align="end",
            order=340,
            **shared,
        ),
    )


def _panel_context(record: Contact | Company, user: Any) -> dict[str, Any] | None:
    card = metric_card(record, user)
    if card is None:
        return None
    return {"card": card, "may_see_runs": profile_for(user).allows("model_run", "view")}


for record_type in ("contact", "company"):
    columns.register(record_type, *_metric_columns())
    criteria.register(record_type, *_metric_criteria("metric__"))
    panels.register(
        Panel(
            f"{record_type}-metric",
            record_type,
            _("Value and risk"),
            icon="chart-line",
            template="analytics/_metric_panel.html",
            context=_panel_context,
            order=30,
        )
    )

criteria.register(
    "metric",
    *_metric_criteria(""),
    Criterion("contact", _("Contact"), Kind.REF, path="contact", ref_type="contact"),
    Criterion("company", _("Company"), Kind.REF, path="company", ref_type="company"),
    Criterion("status", _("Status"), Kind.CHOICE, path="status", choices=lambda: MetricStatus.choices),
)
profile.register(Answerer("analytics.forecast", forecast_answers, order=70))
register_api("metrics", MetricRecords, "metric")
privacy.register(
    PersonalRows(CustomerMetric, rows=lambda contact_id: CustomerMetric.objects.filter(contact_id=contact_id))
)
navigation.register(
    NavEntry(
        "dashboard",
        _("Dashboard"),
        icon="chart-bar",
        url_name="analytics:dashboard",
        section="work",
        order=50,
        allowed=lambda profile: profile.allows("dashboard", "view"),
        shortcut="g b",
    )
)
navigation.register(
    NavEntry(
        "model-runs",
        _("Forecast models"),
        icon="chart-line",
        url_name="analytics:model_run_list",
        section="settings",
        order=60,
        allowed=lambda profile: profile.allows("model_run", "view"),
    )
)
elsewhere.register("kept dashboards", forget_kept)
