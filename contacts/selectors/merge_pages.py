"""What the pages of merging show: records side by side, and what undoing a merge would keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
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
from contacts.merging.undoing import TakenBack
from contacts.models import Company, MergeLog, TimelineEntry
from contacts.selectors.belongings import belongings_of
from core.enums import Action
from core.models import CustomField
from core.registries import records as record_types
from core.registries import relinkers
from core.scope.access import profile_for

ROWS_SHOWN = 50
TECHNICAL = frozenset(
    {
        "last_activity_at",
        "activity_at",
        "deleted_at",
        "name",
        "sort_name",
        "company_id",
        "team_id",
        "parent_id",
    }
)
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
    rules, closed = rules_for(model), _closed(model, user)
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
    closed = _closed(model, user)
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


def _closed(model: Any, user: Any) -> frozenset[str]:
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


@dataclass(frozen=True)
class ChangedSince:
    """A field of the survivor that was changed after the merge."""

    name: str
    label: str
    before: str
    merged: str
    now: str


@dataclass(frozen=True)
class WrittenSince:
    """A row that was hung on the survivor after the merge."""

    key: str
    kind: str
    title: str
    url: str


def changed_since(log: MergeLog, outcome: TakenBack, user: Any) -> list[ChangedSince]:
    """The survivor's fields that undoing would keep as they are now, those that the role may change."""
    model: Any = apps.get_model("contacts", log.record_type)
    label = model._meta.label
    closed = _closed(model, user)
    columns = [
        name
        for kept in outcome.kept
        if kept.label == label and kept.ids == (log.survivor_id,) and kept.why == "changed"
        for name in kept.columns
    ]
    steps = list(log.steps.filter(label=label, kind="U", ids=[log.survivor_id]).order_by("pk"))
    record = model.all_objects.get(pk=log.survivor_id)
    found = []
    for column in dict.fromkeys(columns):
        name, _dot, key = column.partition(".")
        step = next((one for one in steps if name in (one.before or ())), None)
        if step is None or column in TECHNICAL or closed & {name, column, key, name.removesuffix("_id")}:
            continue
        assert step.before is not None and step.after is not None  # a change keeps both
        values = [source[name].get(key) if key else source[name] for source in (step.before, step.after)]
        now = record.custom.get(key) if key else getattr(record, name)
        words = [_in_words(model, name, value) for value in (*values, now)]
        found.append(ChangedSince(column, key or _label(model, name), *words))
    return found


def _label(model: Any, column: str) -> str:
    text = str(next(one.verbose_name for one in model._meta.concrete_fields if one.column == column))
    return text[:1].upper() + text[1:]


def _in_words(model: Any, column: str, value: Any) -> str:
    one = next(one for one in model._meta.concrete_fields if one.column == column)
    if value is not None and one.related_model is not None:
        return str(one.related_model._base_manager.filter(pk=value).first() or "")
    return str(dict(one.flatchoices).get(value, "" if value is None else value))


def written_since(log: MergeLog, user: Any) -> list[WrittenSince]:
    """Rows that were hung on the survivor since, in the person's scope, newest first of each kind."""
    model: Any = apps.get_model("contacts", log.record_type)
    found: list[WrittenSince] = []
    for relinker in relinkers.relinkers_of(model):
        row_model: Any = relinker.model
        label = row_model._meta.label
        if not _is_given(row_model) or label not in log.marks or len(found) >= ROWS_SHOWN:
            continue
        link = row_model._meta.get_field(relinker.field).attname
        rows = row_model.objects.visible_to(user, Action.CHANGE).filter(
            pk__gt=log.marks[label], **{link: log.survivor_id}
        )
        if relinker.type_field:
            rows = rows.filter(**{relinker.type_field: log.record_type})
        kind = str(row_model._meta.verbose_name)
        for row in rows.order_by("-pk")[: ROWS_SHOWN - len(found)]:
            found.append(WrittenSince(f"{label}:{row.pk}", kind, str(row), _url(row)))
    return found


def _is_given(model: Any) -> bool:
    """Rows that people know as such; lines of the timeline follow theirs, marks and metrics stay."""
    own = model is not TimelineEntry and not model._meta.auto_created
    return own and getattr(model, "history", True) and not hasattr(model, "main_contacts")


def _url(row: Any) -> str:
    key = getattr(row, "record_type", "")
    return record_types.get(key).url_of(row.pk) if record_types.known(key) else ""
