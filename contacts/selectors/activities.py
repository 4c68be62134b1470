"""Tasks and next steps."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.models import Activity, ActivityLink, Company, Contact
from contacts.selectors.affiliations import may_see_who_belongs
from core.registries import records
from core.registries.records import RecordType
from core.scope.fields import conceal_all


@dataclass(frozen=True)
class TaskLists:
    """A person's open tasks, the soonest first in each list."""

    overdue: list[Activity]
    today: list[Activity]
    upcoming: list[Activity]

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.upcoming)


def open_tasks(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Those of the activities that are still to be done."""
    return rows.filter(due_at__isnull=False, done_at__isnull=True)


def tasks_of(user: Any, *, limit: int = 200) -> TaskLists:
    """What waits for `user`. One query."""
    rows = open_tasks(Activity.objects.visible_to(user)).filter(owner=user)
    tasks = list(rows.select_related("contact", "company").order_by("due_at", "pk")[:limit])
    conceal_all(tasks, user)
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=now.tzinfo)
    return TaskLists(
        [task for task in tasks if task.due_at and task.due_at < now],
        [task for task in tasks if task.due_at and now <= task.due_at < midnight],
        [task for task in tasks if task.due_at and task.due_at >= midnight],
    )


def due_tasks(user: Any) -> QuerySet[Activity]:
    """One's tasks that are due today or overdue: the number in the sidebar, at most 100."""
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=now.tzinfo)
    rows = open_tasks(Activity.objects.filter(owner=user)).filter(due_at__lt=midnight)
    return rows.order_by()[:100]


def first_tasks_about(record: Any, user: Any) -> list[Activity]:
    """The first eight open tasks about a record, read once for each instance of it: its page shows the very
    first as the next step and all of them beside."""
    known: dict[Any, list[Activity]] = record.__dict__.setdefault("_first_tasks", {})
    if user.pk not in known:
        known[user.pk] = list(tasks_about(record, user)[:8])
        conceal_all(known[user.pk], user)
    return known[user.pk]


def tasks_about(record: Any, user: Any) -> QuerySet[Activity]:
    """Open tasks of a contact, a company or a linked record, the soonest first."""
    rows = open_tasks(Activity.objects.visible_to(user))
    named = ["owner", "contact"]
    if isinstance(record, Contact):
        rows, named = rows.filter(contact=record), ["owner"]
    elif isinstance(record, Company):
        rows = rows.filter(company=record)
        if not may_see_who_belongs(user):
            rows = rows.filter(contact=None)
    else:
        linked = ActivityLink.objects.filter(record_type=record.record_type, object_id=record.pk)
        rows = rows.filter(Q(pk__in=linked.values("activity_id")))
    return rows.select_related(*named).order_by("due_at", "pk")


def linked_to(activity: Activity, user: Any) -> list[tuple[RecordType, Any, str]]:
    """The other records that it is about (a deal, a ticket), as far as `user` may see them: type, record, page."""
    found = []
    for key, pk in activity.links.order_by("pk").values_list("record_type", "object_id")[:20]:
        record = records.resolve(key, pk, user)
        if record is not None:
            found.append((records.get(key), record, records.get(key).url_of(pk)))
    return found
