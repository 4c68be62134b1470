"""Pipelines in the settings: whole ones alone, and no stage taken from under its deals."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.tests.accounts.test_admin import fields_of
from core.tests.factories import make_user
from sales.models import Pipeline, Stage
from sales.tests.factories import make_deal, make_pipeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user("admin", is_staff=True, is_superuser=True))
    return client


def change(client: Client, pipeline: Pipeline, stage: str, **changes: Any) -> Any:
    """The pipeline's page sent with one stage changed."""
    page = reverse("admin:sales_pipeline_change", args=[pipeline.pk])
    form = fields_of(client.get(page))
    prefix = next(name for name, value in form.items() if name.endswith("-name") and value == stage)
    return client.post(
        page, {**form, **{prefix.replace("-name", f"-{key}"): one for key, one in changes.items()}}
    )


def test_a_stage_with_deals_keeps_its_meaning_and_stays(administrator: Client) -> None:
    pipeline = make_pipeline()
    make_deal("Proposal")
    answer = change(administrator, pipeline, "Proposal", outcome="won")
    assert "1 deal stands here, the recycle bin included: move it" in answer.content.decode()
    assert change(administrator, pipeline, "Proposal", DELETE="on").status_code == 302  # the box is shut
    assert pipeline.stages.get(name="Proposal").outcome == "open"


def test_an_empty_stage_goes_though_others_have_deals(administrator: Client) -> None:
    pipeline = make_pipeline()
    make_deal("Proposal")
    assert change(administrator, pipeline, "Negotiation", DELETE="on").status_code == 302
    assert not pipeline.stages.filter(name="Negotiation").exists()


def test_a_pipeline_without_an_end_is_refused(administrator: Client) -> None:
    pipeline = make_pipeline()
    answer = change(administrator, pipeline, "Lost", DELETE="on")
    assert "Missing: Lost." in answer.content.decode()
    assert pipeline.stages.filter(name="Lost").exists()


def test_a_new_pipeline_begins_with_the_usual_stages_and_may_become_the_default(
    administrator: Client,
) -> None:
    old = make_pipeline()
    page = reverse("admin:sales_pipeline_add")
    form = {**fields_of(administrator.get(page)), "name": "Renewals", "is_default": "on"}
    answer = administrator.post(page, form)
    assert answer.status_code == 302, answer.context["errors"]
    assert Stage.objects.filter(pipeline__name="Renewals").count() == 6
    assert Pipeline.objects.get(is_default=True).name == "Renewals"
    assert not Pipeline.objects.get(pk=old.pk).is_default
