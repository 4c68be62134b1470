"""Reading the kept bits: who is in a segment, where the bits answer what the asker may ask."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from contacts.enums import SegmentKind
from contacts.models import KeptSegment, Segment
from contacts.segmentation.bits import in_slot
from contacts.segmentation.definitions import every_leaf, rule_of
from contacts.segmentation.plan import FIXED, fingerprint, mentions_segments
from contacts.segmentation.upkeep import pending
from core.conditions.compile import usable_criteria
from core.conditions.criteria import Criterion
from core.conditions.tree import Node, parse
from core.enums import AccessLevel, Action
from core.registries import records
from core.scope.access import profile_for
from core.scope.rules import OwnerOrParentScope


def kept_condition(segment: Segment, user: Any, *, fresh: bool = False) -> Q | None:
    """Membership by the kept bits, or None where they don't answer for this asker: the segment is being
    filled, its rule has just changed, or it asks by something that is hidden from or out of sight of them.
    With `fresh` also where somebody still waits to be judged. Raises ConditionError."""
    row = kept_row(segment, user)
    if row is None or (fresh and pending()):
        return None
    return Q(pk__in=in_slot(row.slot).values("contact_id"))


def kept_row(segment: Segment, user: Any) -> KeptSegment | None:
    """The kept segment, if its bits are whole, up to its rule and true for this asker. Raises ConditionError."""
    if segment.pk is None:
        return None
    row = KeptSegment.objects.filter(segment_id=segment.pk, filled_to__isnull=True, problem="").first()
    if row is None:
        return None
    rule = rule_of(segment)
    whole = row.fingerprint == fingerprint(rule) and sees_alike(rule, user)
    return row if whole and _sees_segments_of(segment, rule, user) else None


def _sees_segments_of(segment: Segment, rule: Node, user: Any) -> bool:
    """Whether no segment inside this one is out of the asker's sight: to them its people are nobody."""
    if user is None or segment.kind == SegmentKind.STATIC or not mentions_segments(parse(segment.rule)):
        return True
    return fingerprint(rule_of(segment, user)) == fingerprint(rule)


def sees_alike(rule: Node, user: Any, usable: Mapping[str, Criterion] | None = None) -> bool:
    """Whether the asker would get the system's answer for every contact in their sight: no field of the rule
    is hidden from them, and all rows that it reads are in their scope wherever the contact is."""
    if user is None:
        return True
    if usable is None:
        usable = usable_criteria("contact", user)
    for leaf in every_leaf(rule):
        if leaf.field == FIXED:
            continue
        criterion = usable.get(leaf.field)
        if criterion is None or not all(_sees_all_of(one, user) for one in criterion.reads):
            return False
        if leaf.where is not None and criterion.figure is not None:
            rows = criterion.figure.collection.usable_narrow(user)
            if not all(inner.field in rows for inner in every_leaf(leaf.where)):
                return False
    return True


def _sees_all_of(record_type: str, user: Any) -> bool:
    profile = profile_for(user)
    level = profile.level(record_type, Action.VIEW)
    if level in (AccessLevel.ALL, AccessLevel.NONE):
        return level == AccessLevel.ALL
    scope = records.get(record_type).model.scope if records.known(record_type) else None  # type: ignore[attr-defined]
    return isinstance(scope, OwnerOrParentScope) and "contact" in scope.parents
