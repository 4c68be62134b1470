"""What the page of merging shows: records side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contacts.enums import MergePolicy, PointKind
from contacts.merging.fields import (
    CUSTOM,
    FIELDS,
    is_anonymous,
    proposed_order,
    rules_for,
    source_of,
    survivors_first,
)
from contacts.models import Company
from contacts.selectors.belongings import belongings_of
from core.enums import Action
from core.models import CustomField
from core.registries import records as record_types
from core.scope.access import profile_for

POINTS = {"email": PointKind.EMAIL, "phone": PointKind.PHONE, "mobile": PointKind.MOBILE}


@dataclass(frozen=True)
class Option:
    """One record's value of a field."""

    record: Any
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class FieldRow:
    """A field with each record's value; `together` offers all of them."""

    name: str
    label: str
    options: tuple[Option, ...]
    differs: bool
    together: bool = False
    together_chosen: bool = False


@dataclass(frozen=True)
class Column:
    """A record at the head of its column."""

    record: Any
    url: str
    chosen: bool
    anonymous: bool
    points: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    belongings: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Several records side by side, the proposed survivor first."""

    columns: list[Column]
    rows: list[FieldRow]
    same: list[FieldRow]
    withdrawn: bool


def mergeable(model: Any, ids: Sequence[int], user: Any) -> list[Any]:
    """Those of the records that the person may merge, in the order of `ids`."""
    rows = model.objects.visible_to(user, Action.CHANGE).filter(pk__in=ids)
    deletable: Any = model.objects.visible_to(user, Action.DELETE).values("pk")
    found = rows.filter(pk__in=deletable).select_related("owner", "team").prefetch_related("points", "tags")
    by_id = {one.pk: one for one in found}
    return [by_id[pk] for pk in ids if pk in by_id]


def compare(
    found: Sequence[Any], user: Any, *, survivor: int | None = None, choices: Mapping[str, str] | None = None
) -> Comparison:
    """The records side by side, with what is proposed or was chosen. A fixed number of queries."""
    ordered = proposed_order(found)
    if survivor is not None:
        ordered.sort(key=lambda one: one.pk != survivor)
    ordered = survivors_first(ordered)
    rows = [
        row
        for row in (*_field_rows(ordered, user, choices or {}), *_custom_rows(ordered, user, choices or {}))
        if any(option.text for option in row.options)
    ]
    record_type = record_types.of(ordered[0])
    hidden = profile_for(user).hidden_fields(record_type.key)
    belongings = belongings_of(ordered, user)
    columns = [
        Column(
            one,
            record_type.url_of(one.pk),
            place == 0,
            is_anonymous(one),
            [] if {"points", "email", "phone"} & hidden else [point.value for point in one.points.all()],
            [] if "tags" in hidden else sorted(tag.name for tag in one.tags.all()),
            belongings[one.pk],
        )
        for place, one in enumerate(ordered)
    ]
    quiet = any(getattr(one, "do_not_contact", False) for one in ordered)
    return Comparison(
        columns,
        [row for row in rows if row.differs],
        [row for row in rows if not row.differs],
        quiet and "do_not_contact" not in hidden,
    )


def _field_rows(ordered: Sequence[Any], user: Any, choices: Mapping[str, str]) -> list[FieldRow]:
    model = ordered[0].__class__
    rules, closed = rules_for(model), closed_fields(model, user)
    rows = []
    for one in FIELDS[model]:
        if not one.asked or closed & {one.name, *one.parts}:
            continue
        policy = rules[one.name]
        texts = [(record, shown(record, one.name)) for record in ordered]
        together = policy == MergePolicy.TOGETHER
        proposed = "" if together else str(source_of(one, policy, ordered).pk)
        rows.append(_row(one.name, one.label, texts, choices.get(one.name, proposed), together=together))
    for name, label in (
        ("email", _("Main e-mail")),
        ("phone", _("Main phone")),
        ("mobile", _("Main mobile")),
    ):
        if not closed & {name, "points"} and (name != "mobile" or model.record_type == "contact"):
            texts = [(record, _primary(record, POINTS[name])) for record in ordered]
            rows.append(_row(name, label, texts, choices.get(name, _first_filled(texts))))
    if model.record_type == "contact" and "company" not in closed:
        ids = {record.company_id for record in ordered if record.company_id}
        seen = Company.objects.visible_to(user).in_bulk(ids) if ids else {}
        texts = [(record, str(seen.get(record.company_id, ""))) for record in ordered]
        rows.append(_row("company", _("Main company"), texts, choices.get("company", _first_filled(texts))))
    return rows


def _custom_rows(ordered: Sequence[Any], user: Any, choices: Mapping[str, str]) -> list[FieldRow]:
    keys = {key for record in ordered for key in record.custom}
    if not keys:
        return []
    model = ordered[0].__class__
    closed = closed_fields(model, user)
    rows = []
    for one in CustomField.objects.filter(record_type=model.record_type, key__in=keys, archived_at=None):
        if closed & {one.key, CUSTOM + one.key, "custom"} or one.ref_type:
            continue
        texts = [(record, _plain(record.custom.get(one.key))) for record in ordered]
        name = CUSTOM + one.key
        rows.append(_row(name, one.label, texts, choices.get(name, _first_filled(texts))))
    return rows


def _row(
    name: str, label: Any, texts: Sequence[tuple[Any, str]], chosen: str, *, together: bool = False
) -> FieldRow:
    options = tuple(Option(record, text, str(record.pk) == chosen) for record, text in texts)
    filled = {text for _record, text in texts if text}
    differs = len(filled) > 1
    label = str(label)
    return FieldRow(
        name, label[:1].upper() + label[1:], options, differs, together and differs, together and chosen == ""
    )


def closed_fields(model: Any, user: Any) -> frozenset[str]:
    profile = profile_for(user)
    return profile.hidden_fields(model.record_type) | profile.read_only_fields(model.record_type)


def shown(record: Any, name: str) -> str:
    """A field's value in words; nothing for an empty one."""
    chooser = getattr(record, f"get_{name}_display", None)
    value = chooser() if chooser is not None else getattr(record, name)
    if name == "annual_revenue" and value is not None:
        return f"{value} {record.currency}".strip()
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _primary(record: Any, kind: str) -> str:
    return next((p.value for p in record.points.all() if p.kind == kind and p.is_primary), "")


def _first_filled(texts: Sequence[tuple[Any, str]]) -> str:
    return next((str(record.pk) for record, text in texts if text), "")
