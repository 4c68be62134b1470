"""How many people a rule holds while it is being written: exact where that is quick, else from a sample."""

from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from contacts.models import Contact
from contacts.segmentation.definitions import definitions
from contacts.segmentation.plan import Plan, expand_node
from contacts.segmentation.statement import Builder
from core.conditions.compile import usable_criteria
from core.conditions.tree import Node

SMALL = 50_000
SAMPLE = 10_000
TIMEOUT = 800
"""Milliseconds that an exact count may take."""
RARE = 100
"""With fewer hits than this in the sample an exact count is tried: the sample says too little."""
FIRST = 8


@dataclass(frozen=True)
class Estimate:
    """`first` are ids of some of them: the first by name where the count is exact, else of the sample."""

    count: int
    is_exact: bool
    first: list[int]


def estimate(rule: Node, matching: QuerySet[Contact], user: Any) -> Estimate:
    """Count the people in the asker's scope who meet the rule (`matching` are they). Raises ConditionError."""
    people = _people()
    if people > SMALL:
        found, sampled = _in_sample(rule, user)
        if len(found) >= RARE:
            return Estimate(round(len(found) / sampled * people), False, found[:FIRST])
        exact = _exactly(matching, TIMEOUT)
        if exact is not None:
            return exact
        return Estimate(round(len(found) / max(sampled, 1) * people), False, found[:FIRST])
    exact = _exactly(matching, None)
    assert exact is not None
    return exact


def _people() -> int:
    """About how many contacts there are, live or not, by the planner's statistics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'contacts_contact'::regclass")
        return int(cursor.fetchone()[0])


def _in_sample(rule: Node, user: Any) -> tuple[list[int], int]:
    """Who of a sample of all rows meets the rule and is in scope, and how large the sample was."""
    plan = Plan()
    plan.add(0, expand_node(rule, definitions(user)))
    statement = Builder(plan, usable_criteria("contact", user), timezone.now(), user=user).build()
    share = min(100.0, 110.0 * SAMPLE / max(_people(), 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM contacts_contact TABLESAMPLE SYSTEM (%s) REPEATABLE (7) LIMIT %s", [share, SAMPLE]
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        # judged first, chosen then: told both at once the planner expects a handful and joins them row by row
        sql = (
            f"WITH judged AS MATERIALIZED ({statement.sql})"  # noqa: S608 - l0, l1…
            f" SELECT id FROM judged WHERE alive AND {plan.boolean(0)}"
        )
        cursor.execute(sql, [ids, *statement.params])
        found = [pk for (pk,) in cursor.fetchall()]
    if user is not None:
        seen = Contact.objects.visible_to(user).filter(pk__in=found)
        found = list(seen.values_list("pk", flat=True))
    return sorted(found), len(ids)


def _exactly(matching: QuerySet[Contact], timeout: int | None) -> Estimate | None:
    """The exact count and the first by name; None where that took longer than `timeout` ms."""
    try:
        with transaction.atomic():
            if timeout is not None:
                _limit(timeout)
            count = matching.order_by().count()
            first = list(matching.order_by("sort_name", "pk").values_list("pk", flat=True)[:FIRST])
            if timeout is not None:
                _limit(0)
            return Estimate(count, True, first)
    except OperationalError as error:  # the server cancelled it
        if timeout is None or "statement timeout" not in str(error):
            raise
        return None


def _limit(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
