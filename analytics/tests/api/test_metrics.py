from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from analytics.tests.factories import make_buyer
from analytics.tests.selectors.test_metrics import REASONS, make_metric
from contacts.models import CustomerMetric
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_metrics_are_listed_with_band_and_reasons():
    contact = make_buyer()
    metric = make_metric(contact, 0.7, reasons=REASONS)
    body = client_of(make_user("analyst")).get("/api/v1/metrics/").json()
    assert (body["count"], body["count_is_exact"], body["next"]) == (1, True, None)
    row = body["results"][0]
    assert (row["id"], row["contact"], row["band"], row["churn"]) == (metric.pk, contact.pk, "at_risk", 0.7)
    assert (row["lifetime_value"], row["currency"]) == ("123.40", "EUR")
    assert row["reasons"][0] == REASONS[0]


def test_metrics_follow_the_scope_of_the_contact():
    mine, other = make_team(), make_team()
    make_metric(make_buyer("Mine", team=mine))
    metric = make_metric(make_buyer("Other", team=other))
    client = client_of(make_user("manager", team=mine))
    body = client.get("/api/v1/metrics/").json()
    assert body["count"] == 1
    assert client.get(f"/api/v1/metrics/{metric.pk}/").status_code == 404


def test_metrics_can_be_filtered_and_not_written():
    contact = make_buyer()
    make_metric(contact, 0.7)
    make_metric(make_buyer("Safe"), 0.1)
    client = client_of(make_user(is_superuser=True))
    body = client.get("/api/v1/metrics/?churn_band=at_risk").json()
    assert [row["contact"] for row in body["results"]] == [contact.pk]
    assert client.get("/api/v1/metrics/?lucky=1").status_code == 400
    assert client.post("/api/v1/metrics/", {"contact": contact.pk}, format="json").status_code == 405
    assert CustomerMetric.objects.count() == 2
