"""A draft dressed for the page: choices, operators in words, and the right inputs for the values."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.segmentation.draft import ROOT, DraftGroup, DraftRow
from core.conditions.compile import usable_criteria
from core.conditions.criteria import VALUELESS, Criterion, Kind
from core.conditions.words import OPERATOR_WORDS
from core.registries import aliases, records

DEEPEST = 3
DAYS = ("in_last", "not_in_last", "in_next")


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A condition as the page shows it. `widget` is text, number, date, days, pair, choice, record, yes or none."""

    path: str
    fields: list[tuple[str, list[Choice]]]
    operators: list[Choice]
    widget: str
    input_type: str
    values: list[str]
    choices: list[Choice]
    url: str
    label: str
    is_new: bool = False
    has_window: bool = False
    last: str = ""
    may_narrow: bool = False
    narrow: list["ShownRow"] = field(default_factory=list)
    is_row: bool = True
    hint: str = ""


@dataclass(frozen=True)
class ShownGroup:
    """A group as the page shows it."""

    path: str
    mode: str
    may_nest: bool
    is_root: bool
    is_new: bool = False
    children: list["ShownRow | ShownGroup"] = field(default_factory=list)
    is_row: bool = False


def show(draft: DraftGroup, user: Any) -> ShownGroup:
    """The draft with everything that the template needs; references read in the viewer's scope."""
    return _group(draft, ROOT, usable_criteria("contact", user), user)


def tidy(draft: DraftGroup, user: Any) -> None:
    """Take away what only suited the field that a condition was about before."""
    _tidy(draft, usable_criteria("contact", user))


def _tidy(group: DraftGroup, criteria: dict[str, Criterion]) -> None:
    for child in group.children:
        if isinstance(child, DraftGroup):
            _tidy(child, criteria)
            continue
        criterion = criteria.get(child.field)
        figure = criterion.figure if criterion is not None else None
        if figure is None or not figure.collection.at:
            child.last = ""
        known = {c.key for c in figure.collection.narrow} if figure is not None else set()
        child.narrow = [row for row in child.narrow if row.field in known or (known and not row.field)]


def _group(draft: DraftGroup, path: str, criteria: dict[str, Criterion], user: Any) -> ShownGroup:
    children: list[ShownRow | ShownGroup] = []
    for number, child in enumerate(draft.children):
        inner = f"{path}-{number}"
        if isinstance(child, DraftRow):
            children.append(_row(child, inner, criteria, user))
        else:
            children.append(_group(child, inner, criteria, user))
    depth = path.count("-")
    return ShownGroup(path, draft.mode, depth < DEEPEST - 1, path == ROOT, draft.is_new, children)


def _row(row: DraftRow, path: str, criteria: dict[str, Criterion], user: Any, heading: str = "") -> ShownRow:
    heading = heading or _("Contact")
    criterion = criteria.get(row.field)
    if criterion is None:
        return ShownRow(path, _fields(criteria, "", heading), [], "none", "", [], [], "", "", row.is_new)
    offered = criterion.offered(row.op)
    op = row.op if row.op in offered else offered[0]
    widget, input_type = _widget(criterion, op)
    values = [*row.values, "", ""][:2] if widget == "pair" else row.values or [""]
    url = reverse("core:options", args=[criterion.ref_type]) if widget == "record" else ""
    return ShownRow(
        path,
        _fields(criteria, row.field, heading),
        [Choice(one, str(OPERATOR_WORDS.get(one, one)), one == op) for one in offered],
        widget,
        input_type,
        values,
        _choices(criterion, widget, row.values, user),
        url,
        str(criterion.label),
        row.is_new,
        hint=str(criterion.hint),
        **_of_figure(row, path, criterion, user),
    )


def _of_figure(row: DraftRow, path: str, criterion: Criterion, user: Any) -> dict[str, Any]:
    """The window of a count or a sum, and which rows it counts."""
    if criterion.figure is None:
        return {}
    collection = criterion.figure.collection
    inner = collection.usable_narrow(user)
    return {
        "has_window": bool(collection.at),
        "last": row.last,
        "may_narrow": bool(inner),
        "narrow": [
            _row(one, f"{path}-{n}", inner, user, str(criterion.label)) for n, one in enumerate(row.narrow)
        ],
    }


def _fields(criteria: dict[str, Criterion], chosen: str, heading: str) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for key, criterion in criteria.items():
        group = str(criterion.group) or heading
        groups.setdefault(group, []).append(Choice(key, str(criterion.label), key == chosen))
    return list(groups.items())


def _widget(criterion: Criterion, op: str) -> tuple[str, str]:
    plain = {Kind.NUMBER: "number", Kind.DATE: "date"}.get(criterion.kind, "text")
    if op in VALUELESS:
        return "none", ""
    if op in DAYS:
        return "days", "number"
    if op == "between":
        return "pair", plain
    if criterion.kind == Kind.BOOL:
        return "yes", ""
    if criterion.kind == Kind.REF:
        return "record", ""
    if criterion.kind == Kind.CHOICE:
        return "choice", ""
    return plain, plain


def _choices(criterion: Criterion, widget: str, values: list[str], user: Any) -> list[Choice]:
    if widget == "yes":
        no = bool(values) and values[0].lower() in ("false", "0", "no")
        return [Choice("true", _("yes"), not no), Choice("false", _("no"), no)]
    if widget == "choice" and criterion.choices is not None:
        chosen = values if criterion.spelt is None else [criterion.spelt(value) for value in values]
        return [Choice(str(key), str(label), str(key) in chosen) for key, label in criterion.choices()]
    if widget == "record" and records.known(criterion.ref_type):
        ids = [int(value) for value in values if value.isascii() and value.isdigit()][:100]
        ids = aliases.current_ids(criterion.ref_type, ids)
        found = records.get(criterion.ref_type).visible_to(user).filter(pk__in=ids) if ids else []
        return [Choice(str(record.pk), str(record), True) for record in found]
    return []
