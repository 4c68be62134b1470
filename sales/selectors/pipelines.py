"""Pipelines and their stages."""

from typing import Any

from sales.enums import DealStatus
from sales.models import Pipeline, Stage


def pipelines_for(user: Any) -> list[Pipeline]:
    """The active pipelines, the default one first."""
    rows = Pipeline.objects.visible_to(user).filter(is_active=True)
    return list(rows.order_by("-is_default", "position", "pk"))


def stages_of(pipeline: Pipeline) -> list[Stage]:
    """A pipeline's stages in order, the decided ones last."""
    order = list(DealStatus.values)
    rows = Stage.objects.filter(pipeline=pipeline).order_by("position", "pk")
    return sorted(rows, key=lambda stage: (order.index(stage.outcome), stage.position, stage.pk))


def stage_choices() -> list[tuple[str, str]]:
    """(id, label) of every stage of active pipelines, with the pipeline's name where there are several."""
    stages = list(
        Stage.objects.filter(pipeline__is_active=True)
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__position", "pipeline_id", "position", "pk")
    )
    several = len({stage.pipeline_id for stage in stages}) > 1
    return [(str(s.pk), f"{s.pipeline} · {s}" if several else str(s)) for s in stages]


def pipeline_choices() -> list[tuple[str, str]]:
    """(id, name) of the active pipelines."""
    rows = Pipeline.objects.filter(is_active=True).order_by("-is_default", "position", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]
