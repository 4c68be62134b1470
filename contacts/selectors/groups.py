"""Segments: who is in them, counted and sampled in the asker's scope."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contacts.enums import SegmentKind
from contacts.models import Contact, Segment, SegmentMember
from contacts.segmentation.estimate import estimate
from contacts.segmentation.members import kept_condition, kept_row
from core.conditions.compile import compile_tree
from core.conditions.tree import EVERYTHING, ConditionError, Group, Leaf, Node, parse
from core.conditions.words import Outline, outline, sentence
from core.scope.fields import conceal_all

SAMPLE = 8
_open: ContextVar[frozenset[int]] = ContextVar("open_segments", default=frozenset())


@dataclass(frozen=True)
class Preview:
    """What a rule selects: how many people, the first of them, and the rule read aloud."""

    count: int
    is_exact: bool
    sample: list[Contact]
    words: str
    outline: Outline | None = None


def members(
    segment: Segment, user: Any, action: str = "view", *, fresh: bool = False, live: bool = False
) -> QuerySet[Contact]:
    """The members that `user` may see. `user=None` is the system: everybody, for sending.

    Answered by the kept bits, which follow changes within seconds, where they hold for the asker; with
    `fresh` only if nobody waits to be judged, and with `live` never. Raises
    ConditionError when a rule can no longer be used (a field of it has gone or is hidden, or the segment
    contains itself).
    """
    rows: QuerySet[Contact] = (
        Contact.objects.all() if user is None else Contact.objects.visible_to(user, action)
    )
    return rows.filter(member_condition(segment, user, fresh=fresh, live=live))


def member_condition(segment: Segment, user: Any, *, fresh: bool = False, live: bool = False) -> Q:
    """The condition on contacts that members meet, with the fields that `user` may ask by."""
    if segment.kind == SegmentKind.STATIC:
        return Q(pk__in=SegmentMember.objects.filter(segment=segment).values("contact_id"))
    if not live and not _open.get() and (kept := kept_condition(segment, user, fresh=fresh)) is not None:
        return kept
    outer = _open.get()
    if segment.pk in outer:
        raise ConditionError(_("The segment “%(name)s” contains itself."), name=segment.name)
    token = _open.set(outer | {segment.pk} if segment.pk else outer)
    try:
        return compile_tree(parse(segment.rule) if segment.rule else EVERYTHING, "contact", user)
    finally:
        _open.reset(token)


def in_segments(op: str, value: list[int], user: Any) -> Q:
    """Members of any of the segments that the asker may see: what the criterion «segment» means."""
    visible = Segment.objects.all() if user is None else Segment.objects.visible_to(user)
    found = Q(pk__in=[])
    for segment in visible.filter(pk__in=value):
        found |= member_condition(segment, user)
    return ~found if op == "not_in" else found


def matching_rule(rows: QuerySet[Contact], rule: Node, user: Any) -> QuerySet[Contact]:
    """Those of `rows` for which the rule is true."""
    return rows.filter(compile_tree(rule, "contact", user))


def preview_of(rule: Node, user: Any) -> Preview:
    """What a person sees while building a rule. Raises ConditionError."""
    found = estimate(rule, matching_rule(Contact.objects.visible_to(user), rule, user), user)
    return Preview(found.count, found.is_exact, _people(found.first, user), sentence(rule, "contact", user))


def preview_of_segment(segment: Segment, user: Any) -> Preview:
    """The same for a saved segment, fixed ones included. Raises ConditionError."""
    rule = parse(segment.rule) if segment.rule else EVERYTHING
    words = "" if segment.kind == SegmentKind.STATIC else sentence(rule, "contact", user)
    told = outline(rule, "contact", user) if words and _is_long(rule) else None
    rows = members(segment, user)
    if segment.kind == SegmentKind.STATIC or kept_row(segment, user) is not None:
        first = list(rows.order_by("sort_name", "pk").values_list("pk", flat=True)[:SAMPLE])
        return Preview(rows.count(), True, _people(first, user), words, told)
    found = estimate(rule, rows, user)
    return Preview(found.count, found.is_exact, _people(found.first, user), words, told)


def _is_long(rule: Node) -> bool:
    """Whether a rule is easier to read as a list than as a sentence: groups inside groups, or many conditions."""
    children = rule.children if isinstance(rule, Group) else ()
    return len(children) > 3 or any(not isinstance(child, Leaf) for child in children)


def _people(ids: list[int], user: Any) -> list[Contact]:
    rows = Contact.objects.filter(pk__in=ids).select_related("company")
    return conceal_all(rows.order_by("sort_name", "pk"), user)
