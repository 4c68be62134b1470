"""The night batch: learn from all orders, then write a metric for every customer.

A run is a job. It first fits and keeps the parameters in a ModelRun, then writes customers in ascending order
of id, each portion in one transaction with the checkpoint behind it: a killed worker's successor goes on with
the same model after the last portion that was committed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.churn import why_not_fitted
from analytics.enums import Population, RunState
from analytics.lifetime_value import RfmSummary, summarise
from analytics.lifetime_value.quintiles import RfmScores, rfm_scores
from analytics.lifetime_value.rfm import IntArray
from analytics.models import ModelRun
from analytics.scoring import FittedModels, back_test, fit_models, score
from analytics.scoring.fitting import VERSION
from analytics.selectors.purchases import (
    Purchases,
    date_of,
    day_of,
    end_of_observation,
    purchases_of,
)
from analytics.services.metric_rows import metric_without_model, metrics_of
from contacts.models import Company, Contact, CustomerMetric
from core.jobs.running import JobRun
from core.money import base_currency

HORIZON_DAYS = 90
PORTION = 2_000


def run_scoring(run: JobRun) -> None:
    """The job's work; may be called again after a crash. Its result holds the counts by population."""
    as_of = _as_of(run)
    for population in Population:
        if run.checkpoint.get(population) != "done":
            score_population(run, population, as_of)
            run.save_checkpoint(**{population: "done", "after": 0, "run": None})
    runs = ModelRun.objects.filter(job=run.job).order_by("pk")
    run.finish_with(
        as_of=as_of.isoformat(),
        scored=sum(one.scored for one in runs),
        runs={one.population: {"run": one.pk, "state": one.state, "scored": one.scored} for one in runs},
    )


def score_population(run: JobRun, population: Population, as_of: date) -> ModelRun:
    """Fit (or take up the fit of an interrupted attempt), then write every customer."""
    bought = purchases_of(population, until=as_of)
    summary = summarise(bought.customer, bought.day, bought.amount, end_day=day_of(as_of))
    model_run = _fitted_run(run, population, bought, summary, as_of)
    batch = _Batch(model_run, _living(population, np.unique(bought.customer)), summary)
    after = int(run.checkpoint.get("after", 0))
    for ids, metrics in batch.portions(after):
        with transaction.atomic():
            _write(population, metrics)
            run.job.done = int(np.searchsorted(batch.ids, ids[-1], side="right"))
            run.job.total = len(batch.ids)
            run.save_checkpoint(after=int(ids[-1]), run=model_run.pk)
        run.progress(run.job.done, run.job.total, str(population.label))
    _close(model_run, population, len(batch.ids))
    return model_run


def _as_of(run: JobRun) -> date:
    """Fixed by the first attempt, so that a resumed run asks for the same orders."""
    if "as_of" not in run.checkpoint:
        given = run.params.get("as_of")
        day = date.fromisoformat(given) if given else end_of_observation()
        run.save_checkpoint(as_of=day.isoformat())
    return date.fromisoformat(run.checkpoint["as_of"])


def _fitted_run(
    run: JobRun, population: Population, bought: Purchases, summary: RfmSummary, as_of: date
) -> ModelRun:
    if run.checkpoint.get("run"):
        return ModelRun.objects.get(pk=run.checkpoint["run"])
    run.progress(0, None, _("Learning from the orders"))
    reason = why_not_fitted(summary) if len(summary) else "no_orders"
    models = None if reason else fit_models(summary)
    tested = (
        {}
        if reason
        else back_test(bought.customer, bought.day, bought.amount, end_day=day_of(as_of), days=HORIZON_DAYS)
    )
    with transaction.atomic():
        model_run = ModelRun.objects.create(
            population=population,
            state=RunState.FITTED,
            version=VERSION,
            job=run.job,
            as_of=as_of,
            horizon_days=HORIZON_DAYS,
            currency=base_currency(),
            orders=len(bought.customer),
            customers=len(summary),
            repeat_customers=int((summary.frequency > 0).sum()),
            first_order_on=date_of(int(bought.day.min())) if len(bought.day) else None,
            parameters=models.to_json() if models else {},
            back_test=tested,
            reason=reason,
        )
        run.save_checkpoint(run=model_run.pk, after=0)
    return model_run


@dataclass(frozen=True)
class _Batch:
    """Everybody with an order, and the summary of those whose orders were not all cancelled."""

    model_run: ModelRun
    ids: IntArray
    summary: RfmSummary

    def portions(self, after: int) -> Iterator[tuple[IntArray, list[CustomerMetric]]]:
        """Customers with an id above `after`, with their metrics, in portions by ascending id."""
        models = FittedModels.from_json(self.model_run.parameters) if self.model_run.parameters else None
        grades = rfm_scores(self.summary)
        first = int(np.searchsorted(self.ids, after, side="right"))
        for start in range(first, len(self.ids), PORTION):
            ids = self.ids[start : start + PORTION]
            yield ids, self._metrics(ids, models, grades)

    def _metrics(self, ids: IntArray, models: FittedModels | None, grades: RfmScores) -> list[CustomerMetric]:
        low = int(np.searchsorted(self.summary.customer, ids[0], side="left"))
        high = int(np.searchsorted(self.summary.customer, ids[-1], side="right"))
        some = slice(low, high)
        summary, part = self.summary.rows(some), grades.rows(some)
        horizon = self.model_run.horizon_days
        scores = score(models, summary, horizon_days=horizon) if models and len(summary) else None
        typical = models.typical if models else None
        wanted = set(ids.tolist())
        known = [
            metric
            for metric in metrics_of(self.model_run, summary, part, scores, typical)
            if _customer(metric) in wanted
        ]
        missing = wanted - {_customer(metric) for metric in known}
        return known + [metric_without_model(self.model_run, customer) for customer in sorted(missing)]


def _customer(metric: CustomerMetric) -> int:
    return metric.contact_id or metric.company_id or 0


def _living(population: Population, ids: IntArray) -> IntArray:
    """Without customers in the recycle bin, who keep whatever metric they had."""
    model = Contact if population == Population.CONTACT else Company
    gone = np.fromiter(
        model.all_objects.filter(deleted_at__isnull=False).values_list("pk", flat=True), dtype=np.int64
    )
    return np.setdiff1d(ids, gone, assume_unique=True)


def _write(population: Population, metrics: list[CustomerMetric]) -> None:
    kept = {"id", "created_at", "contact", "company"}
    fields = [field.name for field in CustomerMetric._meta.concrete_fields if field.name not in kept]
    CustomerMetric.objects.bulk_create(
        metrics, update_conflicts=True, unique_fields=[population.value], update_fields=fields
    )


@transaction.atomic
def _close(model_run: ModelRun, population: Population, scored: int) -> None:
    """Drop the metrics of customers who have no orders any more, and mark the run as done."""
    mine = CustomerMetric.objects.filter(**{f"{population.value}__isnull": False})
    mine.exclude(run_id=model_run.pk).filter(**{f"{population.value}__deleted_at__isnull": True}).delete()
    model_run.state = RunState.NOT_ENOUGH_DATA if model_run.reason else RunState.DONE
    model_run.scored = scored
    model_run.finished_at = timezone.now()
    model_run.save(update_fields=["state", "scored", "finished_at", "updated_at"])
