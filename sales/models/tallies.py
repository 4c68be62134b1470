"""Kept sums of deals: what boards and dashboards read instead of adding up every deal anew."""

from typing import ClassVar

from django.db import models

from core.models import ScopedManager
from core.privacy.classes import classify
from core.scope.rules import OwnerScope
from sales.models.pipelines import Pipeline, Stage


class DealTally(models.Model):
    """A change of the sums of one (stage, team, owner); their sum is the state now.

    Written by statement-level triggers on the deals' table in the writer's own transaction, so imports by
    COPY count too; rows are only added, so that no two writers wait for each other, and melted together
    by `sales.services.tallies.compact_tallies`. Deleted deals don't count. `weighted_percent` is the sum of
    amount × probability in percent.
    """

    pipeline = models.ForeignKey(Pipeline, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    team = models.ForeignKey(
        "core.Team", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    deals = models.BigIntegerField()
    base_amount = models.DecimalField(max_digits=24, decimal_places=2)
    weighted_percent = models.DecimalField(max_digits=26, decimal_places=2)

    history = False  # derived from the deals, whose own history is kept
    objects = ScopedManager()
    record_type: ClassVar[str] = "deal"
    scope = OwnerScope()
    privacy = classify(technical="id pipeline stage team owner deals base_amount weighted_percent", base=())

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.deals}"
