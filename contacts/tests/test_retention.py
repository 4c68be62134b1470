"""Retention policies: what is due, what is done with it, what is held, and who may say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from contacts.models import Activity, Contact
from contacts.services.holds import place_hold
from contacts.services.retention import save_policy
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Job, RetentionPolicy, RetentionRun
from core.retention.policies import apply_policy, condition_from_list, due_records, policy_sentence
from core.services.base import NotAllowed
from core.services.jobs import enqueue_job
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def aged(days: int, **values: Any) -> Contact:
    contact = make_contact(**values)
    Contact.objects.filter(pk=contact.pk).update(activity_at=timezone.now() - timedelta(days=days))
    return contact


def policy(action: str = "anonymise", **values: Any) -> RetentionPolicy:
    values = {
        "name": "Old leads", "applies_to": "contact", "moment": "activity_at", "days": 730, "is_active": True,
        "condition": condition_from_list("contact", "/contacts/?lifecycle=lead&sort=name", None), **values,
    }  # fmt: skip
    return save_policy(actor=None, action=action, **values)


def test_only_what_fulfils_the_condition_is_due() -> None:
    old, young = aged(800, first_name="Old"), aged(700)
    customer = aged(800, lifecycle_stage="customer")
    made = policy()
    assert list(due_records(made)) == [old]
    assert policy_sentence(made) == (
        "Contacts (Lifecycle is any of Lead), 730 days after last activity: Erase the person"
    )
    report = apply_policy(made)
    assert (report.matched, report.done, report.held, report.failed) == (1, 1, 0, 0)
    for contact, name in ((old, ""), (young, young.name), (customer, customer.name)):
        contact.refresh_from_db()
        assert contact.name == name
    assert apply_policy(made).matched == 0


def test_held_record_is_kept_and_the_rest_goes_on() -> None:
    held, free = aged(800), aged(800)
    place_hold(actor=None, contact=held, reason="Lawsuit")
    report = apply_policy(policy())
    assert (report.matched, report.done, report.held) == (2, 1, 1)
    held.refresh_from_db()
    free.refresh_from_db()
    assert held.name
    assert not free.name


def test_review_asks_once_and_delete_is_the_recycle_bin() -> None:
    contact = aged(800)
    asking = policy("review")
    apply_policy(asking)
    Contact.objects.filter(pk=contact.pk).update(activity_at=timezone.now() - timedelta(days=800))
    apply_policy(asking)
    assert Activity.objects.filter(kind="task", contact=contact).count() == 1
    Contact.objects.filter(pk=contact.pk).update(activity_at=timezone.now() - timedelta(days=800))
    apply_policy(policy("delete"))
    contact.refresh_from_db()
    assert contact.deleted_at is not None
    assert contact.name


@pytest.mark.parametrize("query", ["?nonsense=1", "lifecycle=wrong&x=y", "?where={"])
def test_typing_error_never_widens_a_policy(query: str) -> None:
    with pytest.raises(ValidationError):
        condition_from_list("contact", query, None)


def test_night_runs_active_policies_once_and_tidies_up() -> None:
    aged(800)
    policy()
    policy("review", name="Off", is_active=False)
    job = run(enqueue_job(actor=None, kind="core.retention", wake=False).pk)
    assert job is not None
    assert job.result == {
        "matched": 1, "done": 1, "held": 0, "failed": 0,
        "chores": {"unconfirmed opt-ins": 0, "legal holds that ended": 0, "export files older than a week": 0},
    }  # fmt: skip
    assert RetentionRun.objects.count() == 1


def test_page_writes_previews_and_starts(client: Client) -> None:
    client.force_login(make_user("admin"))
    aged(800, first_name="Zoe")
    url = "/contacts/privacy/retention/"
    form = {
        "name": "Old",
        "applies_to": "contact",
        "moment": "activity_at",
        "days": "730",
        "action": "review",
    }
    assert client.post(url, {**form, "query": "?bad=1"}).status_code == 422
    assert client.post(url, {**form, "query": "?lifecycle=lead"}).status_code == 303
    page = client.get(url).content.decode()
    assert "It would deal with 1 record now." in page
    made = RetentionPolicy.objects.get()
    client.post(f"{url}{made.pk}/", {"do": "run"})
    assert Job.objects.get().params == {"policy": made.pk, "name": "Old"}
    client.post(f"{url}{made.pk}/", {"do": "switch"})
    made.refresh_from_db()
    assert made.is_active


def test_only_privacy_officers_write_policies() -> None:
    with pytest.raises(NotAllowed):
        save_policy(actor=make_user("manager"), name="x")
