"""Moving people between lifecycle stages by rules: what a person may do by hand, and what happens by itself."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import LifecycleStage
from contacts.events import LifecycleChanged
from contacts.models import Contact, LifecycleChange, LifecycleRule
from contacts.services.timeline import Happening, record_timeline
from core.conditions.compile import compile_tree
from core.conditions.tree import EVERYTHING, ConditionError, parse
from core.enums import Action
from core.events import publish
from core.history.context import acting, current
from core.services.base import require, require_on, save_changes, service

BATCH = 500
STEPS = len(LifecycleStage.values)
NO_RETURN = timedelta(days=1)


@service
def create_lifecycle_rule(*, actor: Any, **values: Any) -> LifecycleRule:
    """Write a rule. Raises ValidationError by field (also for a condition that can't be used), NotAllowed."""
    require(actor, "lifecycle_rule", Action.ADD)
    rule = LifecycleRule(**values)
    _check(rule)
    rule.full_clean()
    rule.save()
    return rule


@service
def update_lifecycle_rule(
    *, actor: Any, rule: LifecycleRule, changes: dict[str, Any], expected_version: int | None = None
) -> LifecycleRule:
    """Change a rule. Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, rule, Action.CHANGE)
    _check(LifecycleRule(**{"rule": changes.get("rule", rule.rule)}))
    save_changes(rule, changes, expected_version=expected_version)
    return rule


def check_move(contact: Contact, before: str) -> None:
    """Demand that a rule allows the move that a person has just made by hand; the caller's transaction is
    undone by the ValidationError, which says what would be allowed."""
    rules = list(_rules().filter(Q(from_stage=before) | Q(from_stage="")))
    if not rules:
        return
    fitting = [rule for rule in rules if _is_met(rule, contact)]
    if any(rule.to_stage == contact.lifecycle_stage for rule in fitting):
        return
    stages = dict(LifecycleStage.choices)
    allowed = ", ".join(
        dict.fromkeys(str(stages[rule.to_stage]) for rule in fitting if rule.to_stage != before)
    )
    text = _("From “%(stage)s” this person may now move to: %(allowed)s.")
    words = {"stage": stages.get(before, before), "allowed": allowed or _("nowhere")}
    raise ValidationError({"lifecycle_stage": text % words})


@service
def apply_lifecycle_rules(*, actor: Any, contact_ids: Iterable[int] | None = None) -> int:
    """Move everybody (or those of `contact_ids`) for whom an automatic rule is true; returns how many moves.
    Rules follow each other, but within a day nobody is led back to a stage that a rule led them out of."""
    only = None if contact_ids is None else list(contact_ids)
    moved = 0
    for _step in range(STEPS):
        moved_now = sum(_apply(rule, only) for rule in _rules().filter(is_automatic=True))
        moved += moved_now
        if not moved_now:
            break
    return moved


def _rules() -> Any:
    return LifecycleRule.objects.filter(is_active=True).order_by("pk")


def _check(rule: LifecycleRule) -> None:
    try:
        compile_tree(parse(rule.rule) if rule.rule else EVERYTHING, "contact", None)
    except ConditionError as error:
        raise ValidationError({"rule": str(error)}) from error


def _condition(rule: LifecycleRule) -> Q:
    return compile_tree(parse(rule.rule) if rule.rule else EVERYTHING, "contact", None)


def _is_met(rule: LifecycleRule, contact: Contact) -> bool:
    try:
        return bool(Contact.objects.filter(_condition(rule), pk=contact.pk).exists())
    except ConditionError:  # a field of it has gone: such a rule allows nothing
        return False


def _apply(rule: LifecycleRule, only: list[int] | None) -> int:
    """Move everybody whom one rule fits, in batches."""
    rows = Contact.objects.exclude(lifecycle_stage=rule.to_stage)
    rows = rows.filter(lifecycle_stage=rule.from_stage) if rule.from_stage else rows
    rows = rows.filter(pk__in=only) if only is not None else rows
    try:
        rows = rows.filter(_condition(rule))
    except ConditionError:
        return 0
    led_out = LifecycleChange.objects.filter(
        contact=OuterRef("pk"),
        before=rule.to_stage,
        cause__startswith="lifecycle:",
        at__gt=timezone.now() - NO_RETURN,
    )
    waiting = list(rows.exclude(Exists(led_out)).order_by("pk").values_list("pk", flat=True))
    before_us = current()
    with acting(before_us.actor_id if before_us else None, cause=f"lifecycle:{rule.pk}"):
        return sum(_move(waiting[at : at + BATCH], rule) for at in range(0, len(waiting), BATCH))


def _move(ids: list[int], rule: LifecycleRule) -> int:
    stages = dict(
        Contact.objects.select_for_update()
        .filter(pk__in=ids)
        .exclude(lifecycle_stage=rule.to_stage)
        .order_by("pk")
        .values_list("pk", "lifecycle_stage")
    )
    now = timezone.now()
    Contact.all_objects.filter(pk__in=list(stages)).update(
        lifecycle_stage=rule.to_stage, version=F("version") + 1, updated_at=now
    )
    happenings = []
    for pk, before in stages.items():
        happenings.append(
            Happening(
                kind="contact.lifecycle",
                occurred_at=now,
                dedupe_key=f"contact:{pk}:lifecycle:rule:{rule.pk}:{now.timestamp():.6f}",
                contact_id=pk,
                data={"from": before, "to": rule.to_stage, "rule": rule.name},
                counts_as_activity=False,
            )
        )
        publish(LifecycleChanged(contact_id=pk, before=before, after=rule.to_stage))
    record_timeline(actor=None, happenings=happenings)
    return len(stages)
