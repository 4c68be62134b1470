"""Columns of the deal list."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.registries import columns
from core.registries.columns import Column, joined
from core.ui import markup
from core.ui.cells import badge, date_cell, link, money, muted, person, when
from sales.enums import DealStatus
from sales.models import Deal
from sales.registrations.links import record_url

TONES = {DealStatus.OPEN: "info", DealStatus.WON: "ok", DealStatus.LOST: "bad"}


def status_badge(deal: Deal) -> SafeString:
    """Open, won or lost, in words and colour."""
    return badge(deal.get_status_display(), TONES[DealStatus(deal.status)])


def stage_badge(deal: Deal) -> SafeString:
    """The stage in the colour of what it means."""
    return badge(deal.stage.name, TONES[DealStatus(deal.status)])


def next_step_cell(deal: Deal) -> SafeString:
    """When the next step is due and what it is; for open deals without one, that there is none."""
    if deal.next_step_at is None:
        if deal.status != DealStatus.OPEN:
            return muted(markup.EMPTY)
        return format_html(
            '<span class="next-action none">{}{}</span>', markup.icon("alert-triangle"), _t("No next step")
        )
    what = f" · {deal.next_step}" if deal.next_step is not None else ""
    return format_html(
        '<span class="next-action {}">{}{}</span>',
        markup.due_tone(deal.next_step_at),
        markup.due_text(deal.next_step_at),
        what,
    )


def _title(deal: Deal) -> SafeString:
    name = deal.company.name if deal.company is not None else deal.name
    return format_html('{}<span class="cut">{}</span>', markup.avatar(name, "square"), deal.name)


columns.register(
    "deal",
    Column(
        "name",
        _("Deal"),
        _title,
        export=lambda d: d.name,
        sort=("sort_name",),
        select=joined("company"),
        field="name",
        order=10,
    ),
    Column(
        "company",
        _("Company"),
        lambda d: link(record_url("company", d.company_id), d.company),
        export=lambda d: str(d.company or ""),
        select=joined("company"),
        field="company",
        order=20,
    ),
    Column(
        "stage",
        _("Stage"),
        stage_badge,
        export=lambda d: d.stage.name,
        select=joined("stage"),
        field="stage",
        order=30,
    ),
    Column(
        "amount",
        _("Amount"),
        lambda d: money(d.amount, d.currency),
        export=lambda d: d.amount,
        sort=("base_amount",),
        field="amount",
        editable=True,
        align="end",
        order=40,
    ),
    Column(
        "expected_close",
        _("Expected close"),
        lambda d: date_cell(d.expected_close),
        export=lambda d: d.expected_close,
        sort=("close_key",),
        field="expected_close",
        editable=True,
        order=50,
    ),
    Column(
        "next_step",
        _("Next step"),
        next_step_cell,
        export=lambda d: d.next_step_at.isoformat() if d.next_step_at else "",
        select=joined("next_step"),
        order=60,
    ),
    Column(
        "owner",
        _("Owner"),
        lambda d: person(d.owner.name if d.owner else ""),
        export=lambda d: str(d.owner or ""),
        select=joined("owner"),
        field="owner",
        editable=True,
        order=70,
    ),
    Column(
        "status",
        _("Status"),
        status_badge,
        export=lambda d: d.status,
        field="status",
        default=False,
        order=80,
    ),
    Column(
        "probability",
        _("Probability"),
        lambda d: f"{d.probability} %",
        export=lambda d: d.probability,
        field="probability",
        editable=True,
        default=False,
        align="end",
        order=90,
    ),
    Column("currency", _("Currency"), lambda d: d.currency, field="currency", default=False, order=95),
    Column(
        "base_amount",
        _("Amount in base currency"),
        lambda d: money(d.base_amount),
        export=lambda d: d.base_amount,
        sort=("base_amount",),
        field="amount",
        default=False,
        align="end",
        order=100,
    ),
    Column(
        "pipeline",
        _("Pipeline"),
        lambda d: d.pipeline.name,
        select=joined("pipeline"),
        field="pipeline",
        default=False,
        order=110,
    ),
    Column(
        "contact",
        _("Contact"),
        lambda d: link(record_url("contact", d.contact_id), d.contact),
        export=lambda d: str(d.contact or ""),
        select=joined("contact"),
        field="contact",
        default=False,
        order=120,
    ),
    Column(
        "team",
        _("Team"),
        lambda d: str(d.team or ""),
        select=joined("team"),
        field="team",
        default=False,
        order=130,
    ),
    Column(
        "tags",
        _("Tags"),
        lambda d: [str(tag) for tag in d.tags.all()],
        select=lambda rows: rows.prefetch_related("tags"),
        field="tags",
        default=False,
        order=140,
    ),
    Column(
        "source", _("Source"), lambda d: d.source, field="source", default=False, editable=True, order=150
    ),
    Column(
        "opened",
        _("Opened"),
        lambda d: when(d.opened_at),
        export=lambda d: d.opened_at.isoformat(),
        field="opened_at",
        default=False,
        order=160,
    ),
    Column(
        "closed",
        _("Closed"),
        lambda d: when(d.closed_at),
        export=lambda d: d.closed_at.isoformat() if d.closed_at else "",
        field="closed_at",
        default=False,
        order=170,
    ),
    Column(
        "created",
        _("Created"),
        lambda d: when(d.created_at),
        export=lambda d: d.created_at.isoformat(),
        sort=("created_at",),
        default=False,
        order=180,
    ),
)
