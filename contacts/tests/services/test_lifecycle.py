"""Lifecycle rules: what may be moved by hand, what moves by itself, and that every move is logged."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, LifecycleChange, LifecycleRule
from contacts.selectors.lifecycle import stays_of
from contacts.services.activities import log_activity
from contacts.services.lifecycle import apply_lifecycle_rules, create_lifecycle_rule
from contacts.services.parties import update_contact
from contacts.tests.factories import make_contact
from core.history.context import acting
from core.outbox.dispatcher import drain
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
IN_LEEDS = {"all": [{"field": "city", "op": "is", "value": "Leeds"}]}


def rule(before: str, after: str, condition: Any = None, *, automatic: bool = False) -> LifecycleRule:
    return create_lifecycle_rule(
        actor=None, name=f"{before} → {after}", from_stage=before, to_stage=after, rule=condition or {},
        is_automatic=automatic,
    )  # fmt: skip


def move(contact: Contact, stage: str, actor: Any) -> None:
    update_contact(actor=actor, contact=contact, changes={"lifecycle_stage": stage})


def test_without_rules_every_move_is_free_and_logged_with_its_cause() -> None:
    contact, actor = make_contact(lifecycle_stage="lead"), make_user("marketing")
    with acting(actor, cause="api:7"):
        move(contact, "customer", actor)
    Contact.objects.filter(pk=contact.pk).update(lifecycle_stage="former")  # a bulk write is not missed
    lines = LifecycleChange.objects.order_by("pk").values_list("before", "after", "actor", "cause")
    assert list(lines) == [("lead", "customer", actor.pk, "api:7"), ("customer", "former", None, "unknown")]
    assert [stay.stage for stay in stays_of(contact)] == ["Former customer", "Customer", "Lead"]


def test_rules_say_which_moves_by_hand_are_allowed() -> None:
    rule("lead", "opportunity", IN_LEEDS)
    contact, actor = make_contact(lifecycle_stage="lead"), make_user("marketing")
    with pytest.raises(ValidationError, match="may now move to: nowhere"):
        move(contact, "opportunity", actor)
    contact.refresh_from_db()
    assert (contact.lifecycle_stage, LifecycleChange.objects.count()) == ("lead", 0)
    changes = {"lifecycle_stage": "opportunity", "city": "Leeds"}
    update_contact(actor=actor, contact=contact, changes=changes)
    move(contact, "customer", actor)  # no rule starts from «opportunity»
    assert contact.lifecycle_stage == "customer"


def test_automatic_rules_follow_each_other_once_when_somebody_changes() -> None:
    first, second = (
        rule("lead", "opportunity", IN_LEEDS, automatic=True),
        rule("opportunity", "lead", automatic=True),
    )
    contact, other = make_contact(lifecycle_stage="lead"), make_contact(lifecycle_stage="lead")
    update_contact(actor=None, contact=contact, changes={"city": "Leeds"})
    LifecycleChange.objects.all().delete()
    drain()
    lines = LifecycleChange.objects.order_by("pk").values_list("contact", "after", "cause")
    assert list(lines) == [(contact.pk, "opportunity", f"lifecycle:{first.pk}")]
    other.refresh_from_db()
    assert other.lifecycle_stage == "lead"
    assert second.to_stage == "lead"
    contact.refresh_from_db()
    assert stays_of(contact)[0].why == "rule “lead → opportunity”"


def test_sweep_moves_everybody_whom_time_or_others_made_fit() -> None:
    rule("", "former", {"all": [{"field": "last_activity", "op": "empty"}]}, automatic=True)
    quiet, busy = make_contact(), make_contact()
    log_activity(actor=None, kind="call", contact=busy, body="x")
    assert apply_lifecycle_rules(actor=None) == 1
    assert apply_lifecycle_rules(actor=None) == 0
    stages = dict(Contact.objects.values_list("pk", "lifecycle_stage"))
    assert stages == {quiet.pk: "former", busy.pk: "lead"}


def test_rule_is_written_on_its_page_with_the_builder() -> None:
    client = Client()
    client.force_login(make_user("manager"))
    data = {
        "name": "Leeds first", "from_stage": "lead", "to_stage": "opportunity", "is_active": "on",
        "c.mode": "all", "c-0.field": "city", "c-0.op": "is", "c-0.value": "Leeds",
    }  # fmt: skip
    same = client.post(reverse("contacts:lifecycle_rule_create"), {**data, "to_stage": "lead"})
    assert same.status_code == 422
    assert client.post(reverse("contacts:lifecycle_rule_create"), data).status_code == 303
    made = LifecycleRule.objects.get()
    assert made.rule == IN_LEEDS
    page = client.get(reverse("contacts:lifecycle_rule_list")).content.decode()
    assert "City is Leeds" in page
    edit = client.get(reverse("contacts:lifecycle_rule_update", args=[made.pk])).content.decode()
    assert 'value="Leeds"' in edit
