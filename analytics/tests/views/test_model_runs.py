from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from analytics.models import ModelRun
from analytics.services.scoring_start import KIND, start_scoring
from analytics.tests.factories import make_buyers
from core.jobs.running import run
from core.models import Job
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db
URL = "/analytics/models/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_model_runs_show_parameters_and_back_test():
    make_buyers(150, days=500)
    run(start_scoring(actor=None).pk)
    response = client_of(make_user("analyst")).get(URL)
    html = response.content.decode()
    assert response.status_code == 200
    assert "BG/NBD" in html
    assert "Gamma-Gamma" in html
    assert "Learned without the last 90 days" in html
    assert "Score customers now" in html


def test_model_runs_page_without_runs_says_what_comes():
    html = client_of(make_user("readonly")).get(URL).content.decode()
    assert "No run yet" in html
    assert "Score customers now" not in html


def test_the_button_queues_a_run():
    client = client_of(make_user("manager"))
    response = client.post(URL)
    job = Job.objects.get(kind=KIND)
    assert response.status_code == 302
    assert response["Location"] == reverse("core:job", args=[job.pk])


def test_model_runs_need_the_capability():
    client = client_of(make_user(make_role(contact="view:all")))
    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code == 403
    assert client_of(make_user("readonly")).post(URL).status_code == 403
    assert not Job.objects.exists()
    assert not ModelRun.objects.exists()
