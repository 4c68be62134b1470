from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analytics.enums import RunState
from analytics.lifetime_value import fit_bg_nbd, lifetime_value, summarise
from analytics.lifetime_value.gamma_gamma import fit as fit_gamma_gamma
from analytics.models import ModelRun
from analytics.selectors.purchases import day_of
from analytics.services import scoring
from analytics.services.scoring_start import start_scoring
from analytics.tests.factories import add_orders, make_buyer, make_buyers, make_buying_company
from contacts.enums import MetricStatus
from contacts.models import CustomerMetric
from core.enums import JobState
from core.jobs.running import claim, run
from core.models import Job
from core.services.base import NotAllowed
from core.tests.factories import make_user
from sales.models import Order

pytestmark = pytest.mark.django_db


def scored() -> Job:
    job = run(start_scoring(actor=None).pk)
    assert job is not None
    assert job.state == JobState.DONE, job.error
    return job


def test_scoring_writes_what_the_engines_say():
    buyers = make_buyers(120)
    scored()
    orders = Order.objects.filter(contact__isnull=False).values_list("contact_id", "ordered_at", "base_total")
    today = datetime.now(UTC).date()
    ids, days, totals = zip(*[(c, day_of(at.date()), float(t)) for c, at, t in orders], strict=True)
    summary = summarise(ids, days, totals, end_day=day_of(today))
    buying = fit_bg_nbd(summary)
    spending = fit_gamma_gamma(summary.purchases, summary.mean_spend)
    spend = spending.expected_spend(summary.purchases, summary.mean_spend)
    value = lifetime_value(buying, summary, spend)
    expected = buying.expected_purchases(summary.frequency, summary.recency, summary.age, 90.0)
    metrics = {metric.contact_id: metric for metric in CustomerMetric.objects.all()}
    assert set(metrics) == {buyer.pk for buyer in buyers}
    for at, customer in enumerate(summary.customer.tolist()):
        metric = metrics[customer]
        assert metric.orders == summary.purchases[at]
        assert float(metric.lifetime_value) == pytest.approx(value[at], abs=0.006)
        assert metric.churn == pytest.approx(np.exp(-expected[at]), rel=1e-9)
        assert float(metric.total_spend) == pytest.approx(summary.total[at], abs=0.006)
        known = MetricStatus.SCORED if summary.frequency[at] else MetricStatus.NOT_ENOUGH_DATA
        assert metric.status == known


def test_scoring_gives_the_models_reasons_strongest_first():
    make_buyers(120)
    scored()
    model_run = ModelRun.objects.get(population="contact")
    baseline = None
    for metric in CustomerMetric.objects.filter(status=MetricStatus.SCORED):
        *reasons, value = metric.reasons
        assert {reason["code"] for reason in reasons} == {"last_order", "usual_gap", "orders"}
        assert (value["code"], value["effect"]) == ("value", 0.0)
        effects = [reason["effect"] for reason in reasons]
        assert [abs(e) for e in effects] == sorted((abs(e) for e in effects), reverse=True)
        rest = np.log(metric.churn / (1 - metric.churn)) - sum(effects)
        baseline = rest if baseline is None else baseline
        assert rest == pytest.approx(baseline, abs=3e-4)
        own = {reason["code"]: reason["own"] for reason in metric.reasons}
        assert own["orders"] == metric.orders
    assert model_run.parameters["typical"]["frequency"] >= 1
    assert not CustomerMetric.objects.filter(status=MetricStatus.NOT_ENOUGH_DATA).exclude(reasons=[]).exists()


def test_scoring_keeps_a_model_run_with_its_back_test():
    make_buyers(200, days=500)
    job = scored()
    model_run = ModelRun.objects.get(population="contact")
    assert (model_run.state, model_run.scored, model_run.customers) == (RunState.DONE, 200, 200)
    assert model_run.job_id == job.pk
    assert model_run.as_of == datetime.now(UTC).date()
    assert {model["name"] for model in model_run.back_test["models"]} == {"bg_nbd", "pareto_nbd"}
    assert 0 < model_run.back_test["churn"]["log_loss"] < 1
    assert CustomerMetric.objects.filter(run_id=model_run.pk).count() == 200
    assert job.result["scored"] == 200
    assert job.result["runs"]["company"]["state"] == "not_enough"


def test_scoring_scores_contacts_and_companies_apart():
    make_buyers(60)
    company = make_buying_company()
    add_orders(company, 30, 10)
    scored()
    metric = CustomerMetric.objects.get(company=company)
    assert (metric.status, metric.orders, metric.churn) == (MetricStatus.NOT_ENOUGH_DATA, 2, None)
    assert ModelRun.objects.get(population="company").reason == "few_repeat_customers"
    assert CustomerMetric.objects.filter(contact__isnull=False).count() == 60


def test_scoring_says_not_enough_data_where_every_order_was_cancelled():
    buyer = make_buyer()
    add_orders(buyer, 5, total=50)
    add_orders(buyer, 5, total=-50)
    scored()
    metric = CustomerMetric.objects.get(contact=buyer)
    assert (metric.status, metric.orders, metric.lifetime_value) == (MetricStatus.NOT_ENOUGH_DATA, 0, None)


def test_scoring_again_replaces_the_metrics_and_drops_who_has_no_orders():
    buyers = make_buyers(50)
    scored()
    Order.objects.filter(contact=buyers[0]).delete()
    add_orders(buyers[1], 0, total=10)
    before = CustomerMetric.objects.get(contact=buyers[1])
    scored()
    assert not CustomerMetric.objects.filter(contact=buyers[0]).exists()
    after = CustomerMetric.objects.get(contact=buyers[1])
    assert (after.pk, after.orders) == (before.pk, before.orders + 1)
    assert after.run_id > before.run_id
    assert CustomerMetric.objects.count() == 49


def test_scoring_leaves_contacts_in_the_recycle_bin_alone():
    buyers = make_buyers(40)
    type(buyers[0]).objects.filter(pk=buyers[0].pk).update(deleted_at=datetime.now(UTC))
    scored()
    assert CustomerMetric.objects.count() == 39


def test_scoring_goes_on_after_a_crash_with_the_same_model(monkeypatch):
    make_buyers(50)
    monkeypatch.setattr(scoring, "PORTION", 20)
    job = start_scoring(actor=None)
    real, calls = scoring._write, []

    def dies_at_the_second_portion(population, metrics):
        calls.append(len(metrics))
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(population, metrics)

    monkeypatch.setattr(scoring, "_write", dies_at_the_second_portion)
    with pytest.raises(KeyboardInterrupt):
        run(job.pk)
    assert CustomerMetric.objects.count() == 20
    Job.objects.filter(pk=job.pk).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    finished = run(job.pk)
    assert finished is not None
    assert finished.state == JobState.DONE
    assert calls == [20, 20, 20, 10]
    assert CustomerMetric.objects.count() == 50
    assert ModelRun.objects.filter(population="contact").count() == 1
    assert CustomerMetric.objects.values_list("run_id", flat=True).distinct().count() == 1


def test_start_scoring_gives_the_run_that_is_under_way():
    first = start_scoring(actor=None)
    assert start_scoring(actor=None).pk == first.pk
    claim(first.pk)
    assert start_scoring(actor=None).pk == first.pk


def test_start_scoring_needs_the_capability():
    with pytest.raises(NotAllowed):
        start_scoring(actor=make_user("readonly"))
    assert not Job.objects.exists()
    assert start_scoring(actor=make_user("manager")).pk


def test_score_customers_command_ends_with_one_json_line():
    make_buyers(40)
    out = StringIO()
    call_command("score_customers", stdout=out)
    line = json.loads(out.getvalue().splitlines()[-1])
    assert (line["state"], line["scored"], line["error"]) == ("done", 40, "")
    assert line["runs"]["contact"]["state"] == "done"


def test_score_customers_command_names_a_wrong_date():
    with pytest.raises(CommandError, match="“yesterday” is not a date"):
        call_command("score_customers", as_of="yesterday")


def test_score_customers_leaves_later_orders_out():
    buyer = make_buyer()
    add_orders(buyer, 10, 300)
    out = StringIO()
    day = datetime.now(UTC).date() - timedelta(days=100)
    call_command("score_customers", as_of=day.isoformat(), stdout=out)
    metric = CustomerMetric.objects.get(contact=buyer)
    assert (metric.orders, metric.as_of.date()) == (1, day)
