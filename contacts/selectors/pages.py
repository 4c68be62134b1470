"""What the pages of people and companies read."""

from typing import Any

from django.db.models import QuerySet

from contacts.models import Contact
from contacts.selectors.activities import first_tasks_about
from contacts.selectors.permissions import consents_of
from contacts.selectors.timeline import GROUPS, timeline_of
from core.scope.access import profile_for


def contact_for_page(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("owner", "company", "team").prefetch_related("points", "tags")


def company_for_page(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("owner", "parent", "team").prefetch_related("points", "tags")


def record_context(record: Any, user: Any) -> dict[str, Any]:
    """Timeline, next step, consent and what may be composed, for the page of a contact, company or deal."""
    context: dict[str, Any] = {
        "timeline": timeline_of(record, user),
        "timeline_groups": GROUPS,
        "next_step": next(iter(first_tasks_about(record, user)), None),
        "may_compose": profile_for(user).allows("activity", "add"),
    }
    if isinstance(record, Contact):
        context["consent"] = consents_of([record.pk]).get(record.pk, "")
    return context
