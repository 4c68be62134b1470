"""Why somebody is in a segment or not: the rule condition by condition, with the values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contacts.models import Contact, Segment
from contacts.segmentation.definitions import definitions, rule_of
from contacts.segmentation.plan import FIXED, Plan
from contacts.segmentation.statement import Builder
from core.conditions.compile import usable_criteria
from core.conditions.criteria import Criterion
from core.conditions.tree import Group, Leaf, Node, Not
from core.conditions.words import leaf_in_words
from core.registries import records


@dataclass(frozen=True)
class Reason:
    """One condition (or group) of the rule and whether the person meets it. `value` is what the data say."""

    words: str
    met: bool
    value: str = ""
    mode: str = ""  # all, any, none; empty for a single condition
    parts: list["Reason"] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"condition": self.words, "met": self.met}
        if self.mode:
            return {"group": self.mode, "met": self.met, "parts": [one.to_json() for one in self.parts]}
        return {**plain, "value": self.value}


def why(segment: Segment, contact: Contact, user: Any, now: datetime | None = None) -> Reason:
    """The rule judged now for one contact, with the fields and in the scope of `user`. The caller has made sure
    that they may see both. Raises ConditionError, also for a field that is hidden from them."""
    rule = rule_of(segment, user)
    plan = Plan()
    plan.add(0, rule)
    criteria = usable_criteria("contact", user)
    statement = Builder(plan, criteria, now or timezone.now(), user=user, values=True).build()
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, [[contact.pk], *statement.params])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    return _Reader(plan, criteria, user, row).read(rule)


@dataclass
class _Reader:
    plan: Plan
    criteria: dict[str, Criterion]
    user: Any
    row: dict[str, Any]

    def read(self, node: Node) -> Reason:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Not):
            child = node.child
            parts = child.children if isinstance(child, Group) and child.mode == "any" else (child,)
            read = [self.read(part) for part in parts]
            return Reason(_("none of these"), not any(part.met for part in read), mode="none", parts=read)
        read = [self.read(part) for part in node.children]
        if node.mode == "all":
            return Reason(_("all of these"), all(part.met for part in read), mode="all", parts=read)
        return Reason(_("any of these"), any(part.met for part in read), mode="any", parts=read)

    def _leaf(self, leaf: Leaf) -> Reason:
        number = self.plan.number_of(leaf)
        met = bool(self.row["alive"]) and bool(self.row[f"l{number}"])
        if leaf.field == FIXED:
            known = definitions(self.user).get(leaf.value)
            return Reason(_("Is a member of “%(name)s”") % {"name": known.name if known else "–"}, met)
        criterion = self.criteria[leaf.field]
        name = f"v{number}"
        value = self._shown(criterion, self.row[name]) or _("nothing") if name in self.row else ""
        return Reason(leaf_in_words(criterion, leaf, self.user), met, value)

    def _shown(self, criterion: Criterion, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return formats.date_format(timezone.localtime(value), "j M Y, H:i")
        if isinstance(value, date):
            return formats.date_format(value, "j M Y")
        if isinstance(value, Decimal | float):
            return formats.number_format(value, 2 if value != int(value) else 0, force_grouping=True)
        if criterion.ref_type and records.known(criterion.ref_type) and isinstance(value, int):
            seen = records.get(criterion.ref_type).visible_to(self.user).filter(pk=value).first()
            return str(seen) if seen is not None else _("something out of your sight")
        if criterion.choices is not None:
            return {str(key): str(label) for key, label in criterion.choices()}.get(str(value), str(value))
        return str(value)
