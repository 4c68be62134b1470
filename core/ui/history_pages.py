"""A record's history: every change, or those of one field, and the way back to what was there before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.custom_fields.cache import visible_definitions
from core.custom_fields.history import custom_changes
from core.custom_fields.names import is_custom, key_of
from core.enums import Action
from core.history.selectors import Entry, history_of
from core.registries import editing
from core.scope.access import profile_for
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView, is_fragment, safe_next
from core.ui.linked_records import LinkedRecords, links_of, named
from core.ui.putting_back import CUSTOM_COLUMN, NOTHING, before_in, old_values, put_back
from core.ui.records import Field, label_of
from core.ui.toasts import done, say
from core.ui.undo import undo_url

SHOWN = 60
SHOWN_AT_MOST = 1000
UNINTERESTING = frozenset({"id", "version", "updated_at", "created_at", "sort_name", "custom"})


@dataclass(frozen=True)
class ShownEntry:
    """A change ready to be shown. `put_back` are the names of the fields that can get their old value again,
    `not_back` says of others why they can't."""

    entry: Entry
    cause: str
    fields: list[tuple[str, str, str]]
    put_back: tuple[str, ...]
    not_back: tuple[str, ...] = ()


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
        page, user, lines = found[:shown], self.request.user, []
        names, own = names_in(record, page, hidden, user), custom_changes(record, page, user)
        there = before_in(record, page, user) if may_change else None
        for entry in page:
            words = shown_fields(record, entry, hidden, names) + own.get(entry.id, [])
            old = old_values(record, entry, user, there) if there is not None else NOTHING
            if words or (entry.op != "U" and not name):
                why = tuple(old.why_not) if not name or name in old.step_names else ()
                lines.append(ShownEntry(entry, cause_words(entry.cause), words, old.names, why))
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
        old = old_values(record, entry, request.user) if entry is not None else NOTHING
        wanted = old.only(request.POST.get("field", ""))
        if editor is None or not wanted.names:
            raise Http404
        back = safe_next(request, reverse("core:history", args=[self.type.key, pk]))
        try:
            put_back(request.user, record, wanted, _number(request.POST.get("version")))
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


def _columns_of(record: Any, name: str) -> list[str]:
    if is_custom(name):
        return [f"{CUSTOM_COLUMN}{key_of(name)}"]
    names = {field.name: field.column for field in record._meta.concrete_fields}
    return [names[name]] if name in names else [name]


def names_in(record: Any, entries: list[Entry], hidden: frozenset[str], user: Any) -> LinkedRecords:
    """The records that the changes name, before and after, fetched together."""
    links = links_of(record, entries)
    shown = [(model, change) for column, model, change in links if column.name not in hidden]
    return named(user).load(
        (model, value) for model, change in shown for value in (change.before, change.after)
    )


def shown_fields(
    record: Any, entry: Entry, hidden: frozenset[str], names: LinkedRecords
) -> list[tuple[str, str, str]]:
    """(label, before, after) of a change's fields in words."""
    by_column = {field.column: field for field in record._meta.concrete_fields}
    lines = []
    for change in entry.fields:
        field = by_column.get(change.field)
        if field is None or field.name in UNINTERESTING or field.name in hidden:
            continue
        label = label_of(record, Field(field.name))
        lines.append((label, _in_words(field, change.before, names), _in_words(field, change.after, names)))
    return lines


def _in_words(field: Any, value: Any, names: LinkedRecords) -> str:
    if value is None or value == "":
        return "—"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        found = names.get(field.related_model, value)
        return str(found) if found is not None else _("a record that is gone or not shown to you")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DateField):  # and moments, which are one
        return _day_or_moment(field, value)
    return str(value)


def _day_or_moment(field: models.DateField, value: Any) -> str:
    """A day, or a moment to the minute on the viewer's clock; as it was written where it is neither."""
    try:
        found = field.to_python(value)
    except ValidationError:
        return str(value)
    if isinstance(found, datetime):
        return date_format(timezone.localtime(found), "j M Y, H:i")
    return date_format(found, "j M Y")


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
