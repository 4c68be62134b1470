"""What was done to a record since others were merged into it, and stays when the merge is undone."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from contacts.merging.undoing import TakenBack, parents_of
from contacts.models import MergeLog, TimelineEntry
from contacts.selectors.merge_pages import closed_fields
from core.enums import Action
from core.history.selectors import Entry, history_of
from core.models import CustomField
from core.registries import records as record_types
from core.registries import relinkers

ROWS_SHOWN = 50
ENTRIES_READ = 500
TECHNICAL = frozenset(
    {
        "version",
        "updated_at",
        "custom",
        "latitude",
        "longitude",
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
    closed = closed_fields(model, user)
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
        label = _custom_label(model, key) if key else _label(model, name)
        found.append(ChangedSince(column, label, *words))
    return found


def edited_since(log: MergeLog, decided: list[ChangedSince], user: Any) -> list[ChangedSince]:
    """The survivor's other fields that people edited after the merge, which had left them alone: undoing leaves them
    too. `decided` are those that `changed_since` lists."""
    model: Any = apps.get_model("contacts", log.record_type)
    closed, listed = closed_fields(model, user), {one.name for one in decided}
    record = model.all_objects.get(pk=log.survivor_id)
    before: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for entry in _entries_since(log, record):
        for change in entry.fields:
            before[change.field] = change.before  # the oldest is read last
            now.setdefault(change.field, change.after)
    found = []
    for column, old in before.items():
        name, _dot, key = column.partition(".")
        if {column, name} & TECHNICAL - {"custom" if key else ""} or column in listed or old == now[column]:
            continue
        if not closed & {name, column, key, name.removesuffix("_id")}:
            words = [_plain(value) if key else _in_words(model, name, value) for value in (old, now[column])]
            label = _custom_label(model, key) if key else _label(model, name)
            found.append(ChangedSince(column, label, words[0], words[0], words[1]))
    return found


def _entries_since(log: MergeLog, record: Any) -> list[Entry]:
    """People's changes of the record after the merge, newest first: up to what the merge itself wrote."""
    entries = history_of(record, limit=ENTRIES_READ)
    own = [place for place, one in enumerate(entries) if one.cause == "merge" and one.at <= log.at]
    since = entries[: own[0]] if own else [one for one in entries if one.at > log.at]
    return [one for one in since if one.op == "U" and one.cause != "merge"]


def _custom_label(model: Any, key: str) -> str:
    field = CustomField.objects.filter(record_type=model.record_type, key=key).first()
    return field.label if field is not None else key


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


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
        rows = _without_parts(rows, log)
        if relinker.type_field:
            rows = rows.filter(**{relinker.type_field: log.record_type})
        kind = str(row_model._meta.verbose_name)
        for row in rows.order_by("-pk")[: ROWS_SHOWN - len(found)]:
            found.append(WrittenSince(f"{label}:{row.pk}", kind, str(row), _url(row)))
    return found


def _without_parts(rows: QuerySet[Any], log: MergeLog) -> QuerySet[Any]:
    """Rows without those that follow a listed one, such as the people of a deal that was made since."""
    for link, parent in parents_of(rows.model):
        if parent._meta.label in log.marks:
            rows = rows.exclude(**{f"{link.attname}__gt": log.marks[parent._meta.label]})
    return rows


def _is_given(model: Any) -> bool:
    """Rows that people know as such; lines of the timeline follow theirs, marks and metrics stay."""
    own = model is not TimelineEntry and not model._meta.auto_created
    return own and getattr(model, "history", True) and not hasattr(model, "main_contacts")


def _url(row: Any) -> str:
    key = getattr(row, "record_type", "")
    return record_types.get(key).url_of(row.pk) if record_types.known(key) else ""
