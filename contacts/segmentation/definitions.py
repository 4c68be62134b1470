"""What segments there are and which of them are kept: their rules against what their bits answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from contacts.enums import SegmentKind
from contacts.models import Contact, KeptSegment, Segment, SegmentMember
from contacts.segmentation.plan import FIXED, Definition, expand, fingerprint, mentions_segments
from contacts.segmentation.statement import unkept_reason
from core.conditions.compile import compile_with
from core.conditions.criteria import Criterion, criteria_for
from core.conditions.references import followed
from core.conditions.sources import tables_of
from core.conditions.tree import ConditionError, Leaf, Node, Not, parse


@dataclass(frozen=True)
class Kept:
    """A segment that is kept, with its expanded rule."""

    row: KeptSegment
    rule: Node

    @property
    def is_filled(self) -> bool:
        return self.row.filled_to is None


def definitions(user: Any = None) -> dict[int, Definition]:
    """Every live segment that `user` may see; None is the system."""
    seen = Segment.objects.all() if user is None else Segment.objects.visible_to(user)
    rows = seen.values_list("pk", "name", "kind", "rule")
    return {pk: Definition(pk, name, kind == SegmentKind.STATIC, rule) for pk, name, kind, rule in rows}


def rule_of(segment: Segment, user: Any = None) -> Node:
    """A segment's rule without mention of other segments, those that `user` may not see counting as nobody.
    Raises ConditionError."""
    own = Definition(segment.pk or 0, segment.name, segment.kind == SegmentKind.STATIC, segment.rule)
    nested = not own.is_fixed and bool(own.rule) and mentions_segments(parse(own.rule))
    return expand(own, definitions(user) if nested else {})


def synchronise(now: Any = None, *, thorough: bool = True) -> list[Kept]:
    """Bring the list of kept segments in line with the segments' rules and return those that can be judged.

    A segment whose rule has changed by whatever way (a page, an undo, raw SQL, a segment inside it) begins
    to be filled anew; one that has gone gives its place back. Unless `thorough`, rules that could be used
    before are not compiled again: enough to learn that there is nothing to do.
    """
    known = definitions()
    rows = {row.segment_id: row for row in KeptSegment.objects.all()}
    gone = set(rows) - set(known)
    if gone:
        KeptSegment.objects.filter(segment_id__in=gone).delete()
    taken = {row.slot for pk, row in rows.items() if pk not in gone}
    criteria = criteria_for("contact")
    kept = []
    for pk, definition in sorted(known.items()):
        row = rows.get(pk)
        rule, problem = _judged(definition, known, criteria, None if thorough else row)
        print_ = fingerprint(rule) if rule is not None else ""
        if row is None:
            slot = next(n for n in range(len(taken) + 1) if n not in taken)
            taken.add(slot)
            row = KeptSegment.objects.create(
                segment_id=pk, slot=slot, fingerprint=print_, problem=problem, since=now or timezone.now()
            )
        elif (row.fingerprint, row.problem) != (print_, problem):
            _begin_again(row, print_, problem, now or timezone.now())
        if rule is not None and not problem:
            kept.append(Kept(row, rule))
    return kept


def _begin_again(row: KeptSegment, print_: str, problem: str, now: Any) -> None:
    row.fingerprint, row.problem, row.filled_to, row.filled_at = print_, problem, 0, None
    row.revision, row.since = row.revision + 1, now
    row.save()


def _judged(
    definition: Definition,
    known: dict[int, Definition],
    criteria: dict[str, Criterion],
    before: KeptSegment | None,
) -> tuple[Node | None, str]:
    """The expanded rule, and why it can't be kept; found without compiling where it is as it was `before`."""
    try:
        rule = followed(expand(definition, known), criteria)
        as_before = before is not None and not before.problem and before.fingerprint == fingerprint(rule)
        if as_before and all(leaf.field == FIXED or leaf.field in criteria for leaf in every_leaf(rule)):
            return rule, ""
        return rule, problem_of(rule, criteria)
    except ConditionError as error:
        return None, str(error)[:300]


def problem_of(rule: Node, criteria: dict[str, Criterion]) -> str:
    """Why a rule can't be kept; an empty string where it can. Raises ConditionError for one that can't be used."""
    now = timezone.now()
    for leaf in every_leaf(rule):
        if leaf.field == FIXED:
            continue
        compile_with(leaf, criteria, None, now)
        if reason := unkept_reason(leaf, criteria[leaf.field]):
            return reason[:300]
    return ""


def tables_of_rules(rules: Iterable[Node]) -> frozenset[str]:
    """The tables whose change may move somebody into or out of any of the rules."""
    criteria = criteria_for("contact")
    tables = {Contact._meta.db_table}
    for leaf in (leaf for rule in rules for leaf in every_leaf(rule)):
        if leaf.field == FIXED:
            tables.add(SegmentMember._meta.db_table)
        elif (criterion := criteria.get(leaf.field)) is not None:
            tables |= tables_of(criterion, Contact)
    return frozenset(tables)


def every_leaf(node: Node) -> list[Leaf]:
    if isinstance(node, Leaf):
        return [node]
    children: Iterable[Node] = (node.child,) if isinstance(node, Not) else node.children
    return [leaf for child in children for leaf in every_leaf(child)]
