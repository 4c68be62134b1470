"""Pipelines that every installation starts with."""

from typing import Any

from django.utils.translation import gettext as _

from core.services.base import service
from sales.enums import DealStatus
from sales.models import Pipeline, Stage

DEFAULT_STAGES = (
    ("Prospecting", 10, 30, DealStatus.OPEN),
    ("Engaging", 25, 30, DealStatus.OPEN),
    ("Proposal", 50, 21, DealStatus.OPEN),
    ("Negotiation", 75, 14, DealStatus.OPEN),
    ("Won", 100, None, DealStatus.WON),
    ("Lost", 0, None, DealStatus.LOST),
)
"""Name, probability in percent, days after which a deal rots, outcome."""


@service
def ensure_sales_defaults(*, actor: Any) -> Pipeline:
    """The default pipeline, created with its stages where there is no pipeline at all."""
    known = default_pipeline()
    if known is not None:
        return known
    pipeline = Pipeline.objects.create(name=_("Sales"), is_default=True)
    create_stages(actor=actor, pipeline=pipeline, stages=DEFAULT_STAGES)
    return pipeline


@service
def create_stages(
    *, actor: Any, pipeline: Pipeline, stages: tuple[tuple[str, int, int | None, DealStatus], ...]
) -> list[Stage]:
    """Give a new pipeline its stages, in order: (name, probability, rot days, outcome)."""
    return Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline,
            name=name,
            position=position,
            probability=probability,
            rot_days=rot_days,
            outcome=outcome,
        )
        for position, (name, probability, rot_days, outcome) in enumerate(stages)
    )


def default_pipeline() -> Pipeline | None:
    """The pipeline of deals that name none."""
    return Pipeline.objects.filter(is_active=True).order_by("-is_default", "position", "pk").first()
