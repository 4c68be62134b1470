"""What a policy finds, and doing it, one record a transaction, resumed where a killed worker stopped."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core.conditions.compile import compile_tree
from core.conditions.filters import filterset_for
from core.conditions.tree import ConditionError, Group, Node, parse
from core.conditions.words import sentence
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.models import RetentionPolicy, RetentionRun
from core.registries import records, retention
from core.registries.retention import Held

logger = logging.getLogger("crm.retention")
BATCH = 200
EVERYTHING: Node = Group("all", ())


def tree_of(policy: RetentionPolicy) -> Node:
    """The policy's condition; without one, every record of the type. Raises ConditionError."""
    return parse(policy.condition) if policy.condition else EVERYTHING


def due_records(policy: RetentionPolicy, *, now: datetime | None = None) -> QuerySet[Any]:
    """What the policy would deal with at this moment. Raises ConditionError."""
    target = retention.get(policy.applies_to)
    if target is None or policy.moment not in target.moments:
        raise ConditionError(_("This kind of record knows no such moment."))
    moment = now or timezone.now()
    rows = target.rows().filter(compile_tree(tree_of(policy), policy.applies_to, None, now=moment))
    return rows.filter(**{f"{policy.moment}__lt": moment - timedelta(days=policy.days)}).order_by("pk")


def condition_from_list(record_type: str, text: str, user: Any) -> dict[str, Any]:
    """The condition tree of a filtered list's address (or of the part after its `?`). Raises ValidationError for
    filters that mean nothing, so that no typing error widens a policy."""
    query = QueryDict(text.strip().partition("?")[2] or text.strip().lstrip("?"))
    wanted = {
        name: value for name, value in query.items() if name not in ("sort", "columns", "cursor", "view")
    }
    if not wanted:
        return {}
    filters = filterset_for(record_type)(
        wanted, records.get(record_type).model._default_manager.all(), user=user
    )
    node = filters.tree()
    if filters.unknown() or filters.problems or not (isinstance(node, Group) and node.children):
        raise ValidationError({"query": _("This is no address of a filtered list of these records.")})
    return node.to_json()


def policy_sentence(policy: RetentionPolicy) -> str:
    """The policy read aloud."""
    kind, target = records.get(policy.applies_to), retention.get(policy.applies_to)
    try:
        which = sentence(tree_of(policy), policy.applies_to, None) if policy.condition else _("all of them")
    except ConditionError as error:
        which = str(error)
    return _("%(records)s (%(which)s), %(days)d days after %(moment)s: %(action)s") % {
        "records": kind.plural,
        "which": which,
        "days": policy.days,
        "moment": str(target.moments.get(policy.moment, policy.moment)).lower() if target else policy.moment,
        "action": policy.get_action_display(),
    }


def policy_words() -> dict[str, list[str]]:
    """Active policies by record type, in words: for the record of processing."""
    found: dict[str, list[str]] = {}
    for policy in RetentionPolicy.objects.filter(is_active=True).order_by("pk"):
        if records.known(policy.applies_to):
            found.setdefault(policy.applies_to, []).append(policy_sentence(policy))
    return found


def apply_policy(policy: RetentionPolicy, *, run: JobRun | None = None) -> RetentionRun:
    """Deal with everything that is due now; what fails or is held is counted, and the rest goes on."""
    target = retention.get(policy.applies_to)
    report = RetentionRun(policy=policy)
    try:
        due = list(due_records(policy).values_list("pk", flat=True))
    except ConditionError as error:
        logger.warning("policy can't be read", extra={"policy": policy.pk, "error": str(error)})
        due, report.failed = [], 1
    report.matched = len(due)
    act = target.actions.get(policy.action) if target else None
    for number, pk in enumerate(due if act is not None else ()):
        assert target is not None
        assert act is not None
        _deal_with(target.rows().filter(pk=pk), act, policy, report)
        if run is not None:
            run.progress(number + 1, len(due), policy.name)
    report.save()
    return report


def _deal_with(rows: QuerySet[Any], act: Any, policy: RetentionPolicy, report: RetentionRun) -> None:
    try:
        with transaction.atomic():
            record = rows.first()
            report.done += int(record is not None and act(record, policy))
    except Held:
        report.held += 1
    except Exception as error:  # one record that can't be dealt with keeps none of the others from it
        logger.exception("retention failed", extra={"policy": policy.pk, "error": type(error).__name__})
        report.failed += 1


def _called(params: Mapping[str, Any]) -> str:
    """The policy as it was called, or the night's run of all of them."""
    return str(params["name"]) if params.get("policy") else _("Retention")


@job_kind("core.retention", title=_called)
def run_retention(run: JobRun) -> None:
    """Every active policy (or the one asked for), then the chores. A killed worker's successor leaves out the
    policies that are through."""
    through = set(run.checkpoint.get("policies", []))
    totals = {"matched": 0, "done": 0, "held": 0, "failed": 0}
    for policy in _wanted(run):
        if policy.pk in through:
            continue
        report = apply_policy(policy, run=run)
        for name in totals:
            totals[name] += getattr(report, name)
        through.add(policy.pk)
        run.save_checkpoint(policies=sorted(through))
    chores = {} if run.params.get("policy") else {name: chore() for name, chore in retention.chores().items()}
    run.finish_with(**totals, chores=chores)


def _wanted(run: JobRun) -> Iterator[RetentionPolicy]:
    rows = RetentionPolicy.objects.order_by("pk")
    only = run.params.get("policy")
    yield from rows.filter(pk=only) if only else rows.filter(is_active=True)
