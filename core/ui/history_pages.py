"""A record's history: every change, or those of one field, and the way back to what was there before."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.custom_fields.cache import visible_definitions
from core.custom_fields.history import custom_changes
from core.custom_fields.names import PREFIX, is_custom, key_of
from core.enums import Action
from core.history.selectors import Entry, FieldChange, history_of
from core.registries import editing, records
from core.scope.access import profile_for
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView, is_fragment, safe_next
from core.ui.records import Field, label_of, may_edit
from core.ui.toasts import done, say
from core.ui.undo import undo_url

SHOWN = 60
SHOWN_AT_MOST = 1000
UNINTERESTING = frozenset({"id", "version", "updated_at", "created_at", "sort_name", "custom"})
CUSTOM_COLUMN = "custom."


@dataclass(frozen=True)
class ShownEntry:
    """A change ready to be shown. `put_back` are the names of the fields that can get their old value again."""

    entry: Entry
    cause: str
    fields: list[tuple[str, str, str]]
    put_back: tuple[str, ...]


class HistoryView(RecordTypeView):
    """A record's changes, newest first, with the fields that the viewer may see; `?field=` narrows to one."""

    def get(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.find(pk)
        name, shown = request.GET.get("field", ""), _number(request.GET.get("shown")) or SHOWN
        entries, more = self.entries(record, name, min(shown, SHOWN_AT_MOST))
        context = {
            "title": _("History of %(name)s") % {"name": record},
            "record": record,
            "type": self.type,
            "entries": entries,
            "field": name,
            "field_names": self.field_names(record),
            "older": shown + SHOWN if more and shown < SHOWN_AT_MOST else 0,
            "back_url": self.type.url_of(pk),
            "back_label": str(record),
        }
        return render(request, "ui/_history.html" if is_fragment(request) else "ui/history.html", context)

    def entries(self, record: Any, name: str, shown: int) -> tuple[list[ShownEntry], bool]:
        """The newest `shown` changes, and whether there are older ones."""
        hidden = profile_for(self.request.user).hidden_fields(self.type.key)
        columns = _columns_of(record, name) if name else None
        found = history_of(record, limit=SHOWN_AT_MOST if name else shown + 1, fields=columns)
        may_change = _may_change(record, self.request.user)
        lines = []
        for entry in found[:shown]:
            words = shown_fields(record, entry, hidden, self.request.user)
            words += custom_changes(record, entry, self.request.user)
            old = old_values(record, entry, self.request.user) if may_change else {}
            if words or (entry.op != "U" and not name):
                lines.append(ShownEntry(entry, cause_words(entry.cause), words, tuple(old)))
        return lines, len(found) > shown

    def field_names(self, record: Any) -> list[tuple[str, str]]:
        """The fields that the history can be narrowed to, by label."""
        profile = profile_for(self.request.user)
        hidden = profile.hidden_fields(self.type.key) | UNINTERESTING
        names = [
            (field.name, label_of(record, Field(field.name)))
            for field in record._meta.concrete_fields
            if field.name not in hidden and field.editable
        ]
        own = visible_definitions(self.type.key, profile).values() if hasattr(record, "custom") else ()
        names += [(one.name, str(one.label)) for one in own]
        return sorted(names, key=lambda pair: pair[1].casefold())


class PutBackView(RecordTypeView):
    """Gives the fields of one change (or the one named by `field`) the values that they had before it."""

    required_action = Action.CHANGE

    def post(self, request: HttpRequest, record_type: str, pk: int, change: int) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        editor = editing.get(self.type.key)
        entry = next((one for one in history_of(record, limit=SHOWN_AT_MOST) if one.id == change), None)
        old = old_values(record, entry, request.user) if entry is not None else {}
        only = request.POST.get("field", "")
        values = {name: value for name, value in old.items() if not only or name == only}
        if editor is None or not values:
            raise Http404
        back = safe_next(request, reverse("core:history", args=[self.type.key, pk]))
        try:
            editor.update(
                actor=request.user,
                record=record,
                values=_gathered(values),
                expected_version=_number(request.POST.get("version")),
            )
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, back)
        except StaleRecord as stale:
            say(request, _("%(why)s Nothing was put back.") % {"why": stale}, tone="error")
            return done(request, back)
        return done(request, back, _("The values from before are back"), undo_url=undo_url(request))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _may_change(record: Any, user: Any) -> bool:
    profile = profile_for(user)
    allowed = profile.allows(record.record_type, Action.CHANGE)
    return allowed and bool(type(record).scope.covers(record, profile, Action.CHANGE))


def _gathered(values: dict[str, Any]) -> dict[str, Any]:
    """What a service gets: custom values by key under `custom`."""
    plain = {name: value for name, value in values.items() if not is_custom(name)}
    custom = {key_of(name): value for name, value in values.items() if is_custom(name)}
    return {**plain, "custom": custom} if custom else plain


def old_values(record: Any, entry: Entry, user: Any) -> dict[str, Any]:
    """The values before a change, by field name, of those that `user` may write, that are another one now
    and that still exist: a company that is gone or out of sight can't be put back."""
    if entry.op != "U":
        return {}
    profile, by_column = profile_for(user), {field.column: field for field in record._meta.concrete_fields}
    values: dict[str, Any] = {}
    for change in entry.fields:
        field = by_column.get(change.field)
        custom = change.field.startswith(CUSTOM_COLUMN)
        name = f"{PREFIX}{change.field.removeprefix(CUSTOM_COLUMN)}" if custom else getattr(field, "name", "")
        if not name or not may_edit(record.record_type, name, profile):
            continue
        try:
            value = change.before if custom else _python(field, change, user)
        except (ObjectDoesNotExist, ValidationError):
            continue
        if value != (record.custom.get(key_of(name)) if custom else getattr(record, name)):
            values[name] = value
    return values


def _python(field: Any, change: FieldChange, user: Any) -> Any:
    """The value of a column as Python has it; a link as the record, if `user` may see that."""
    if not field.is_relation or change.before is None:
        return "" if change.before is None and not field.null else field.to_python(change.before)
    return _visible(field.related_model, user).get(pk=change.before)


def _visible(model: Any, user: Any) -> Any:
    return (
        model.objects.visible_to(user) if records.known(getattr(model, "record_type", "")) else model.objects
    )


def _named(model: Any, user: Any) -> Any:
    """The records whose names may be said: of what has pages only those in scope; colleagues and stages always."""
    key = getattr(model, "record_type", "")
    has_pages = records.known(key) and records.get(key).detail_url
    return model.objects.visible_to(user) if has_pages else model._base_manager


def _columns_of(record: Any, name: str) -> list[str]:
    if is_custom(name):
        return [f"{CUSTOM_COLUMN}{key_of(name)}"]
    names = {field.name: field.column for field in record._meta.concrete_fields}
    return [names[name]] if name in names else [name]


def shown_fields(record: Any, entry: Entry, hidden: frozenset[str], user: Any) -> list[tuple[str, str, str]]:
    """(label, before, after) of a change's fields in words."""
    by_column = {field.column: field for field in record._meta.concrete_fields}
    lines = []
    for change in entry.fields:
        field = by_column.get(change.field)
        if field is None or field.name in UNINTERESTING or field.name in hidden:
            continue
        label = label_of(record, Field(field.name))
        lines.append((label, _in_words(field, change.before, user), _in_words(field, change.after, user)))
    return lines


def _in_words(field: Any, value: Any, user: Any) -> str:
    if value is None or value == "":
        return "—"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        found = _named(field.related_model, user).filter(pk=value).first()
        return str(found) if found is not None else _("a record that is gone or not shown to you")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def cause_words(cause: str) -> str:
    """Why a change was made, in words."""
    kind, _colon, number = cause.partition(":")
    words = {
        "page": _("on a page"),
        "api": _("through the API"),
        "job": _("by job %(number)s") % {"number": number},
        "import": _("by import %(number)s") % {"number": number},
        "undo": _("by undoing"),
        "merge": _("by merging"),
        "export": _("exported rows (%(type)s)") % {"type": number},
        "service": _("by the system"),
        "command": _("by the command %(name)s") % {"name": number},
        "seed": _("with the demonstration data"),
    }
    return words.get(kind, cause)
