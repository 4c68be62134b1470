"""Segments: who is in them, counted and sampled in the asker's scope."""

from typing import Any

from django.db.models import QuerySet

from contacts.enums import SegmentKind
from contacts.models import Contact, Segment, SegmentMember
from core.conditions.compile import compile_tree
from core.conditions.tree import Node, parse
from core.paging import count_of


def members(segment: Segment, user: Any, action: str = "view") -> QuerySet[Contact]:
    """The members that `user` may see. `user=None` is the system: everybody, for sending.

    Raises ConditionError when a rule can no longer be used (a field of it has gone or is hidden).
    """
    rows: QuerySet[Contact] = (
        Contact.objects.all() if user is None else Contact.objects.visible_to(user, action)
    )
    if segment.kind == SegmentKind.STATIC:
        return rows.filter(pk__in=SegmentMember.objects.filter(segment=segment).values("contact_id"))
    return matching_rule(rows, parse(segment.rule or {"all": []}), user)


def matching_rule(rows: QuerySet[Contact], rule: Node, user: Any) -> QuerySet[Contact]:
    """Those of `rows` for which the rule is true."""
    return rows.filter(compile_tree(rule, "contact", user))


def count_and_sample(rule: Node, user: Any, *, size: int = 5) -> tuple[int, bool, list[Contact]]:
    """(count, whether it is exact, some members): what a person sees while building a segment."""
    rows = matching_rule(Contact.objects.visible_to(user), rule, user)
    count, exact = count_of(rows)
    return count, exact, list(rows.select_related("company").order_by("sort_name", "pk")[:size])
