"""Record pages. An app writes:

    class ContactPage(RecordPage):
        record_type = "contact"
        template_name = "contacts/contact_detail.html"      # extends "ui/record.html"
        groups = (FieldGroup(_("About"), ("job_title", "owner", "language")),)

Panels beside the record come from the registry; the timeline and the composer are blocks of the template.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.custom_fields.names import is_custom
from core.enums import Action
from core.paging import place_of
from core.places import place
from core.registries import editing, panels, records
from core.registries.panels import Panel
from core.scope.access import AccessProfile, profile_for
from core.scope.fields import conceal
from core.selectors.favourites import marks_for_page, starred_records
from core.ui.access import RecordTypeView, is_fragment
from core.ui.cells import cell, link
from core.ui.list_query import ListQuery
from core.ui.lists import page_for
from core.ui.pages import register_record_page


@dataclass(frozen=True)
class Field:
    """A line of the details. `value(record)` replaces the model field's own display."""

    name: str
    label: Any = ""
    value: Callable[[Any], Any] | None = None
    editable: bool = True
    copy: bool = False


@dataclass(frozen=True)
class FieldGroup:
    """Fields under a heading that folds."""

    label: Any
    fields: tuple[str | Field, ...]
    open: bool = True


@dataclass(frozen=True)
class FieldRow:
    """A line ready to be shown."""

    name: str
    label: str
    html: SafeString
    is_empty: bool
    edit_url: str


@dataclass(frozen=True)
class ShownPanel:
    """A panel with its fragment."""

    key: str
    label: str
    icon: str
    count: int | None
    open: bool
    html: SafeString
    add_url: str
    load_url: str = ""
    """Where a lazy panel that is still closed gets its content."""


@dataclass(frozen=True)
class Neighbours:
    """The records before and after this one in the list it was opened from."""

    previous_url: str
    next_url: str
    position: int | None
    total: int
    total_is_exact: bool
    list_url: str


BESIDE = ("previous", "next")
FIRST_PANELS = 6
"""As many cards as a large screen shows before somebody scrolls."""
LATER = "*"


class RecordPage(RecordTypeView):
    """One record. `?peek=1` (or the header `X-Peek`) gives the short variant for the drawer. `?panel=files`
    gives one panel's content to htmx (`?panel=*` all that are further down), and to others the whole page with
    all cards, that panel open."""

    template_name: ClassVar[str] = "ui/record.html"
    peek_template_name: ClassVar[str] = "ui/_peek.html"
    groups: ClassVar[tuple[FieldGroup, ...]] = ()
    edit_url_name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.record_type:
            register_record_page(cls.record_type, cls)

    def get_queryset(self) -> QuerySet[Any]:
        """The records in scope, with the joins that the page reads."""
        return self.type.visible_to(self.request.user)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.get_queryset().filter(pk=pk).first()
        if record is None:
            raise self.missing(pk)
        if "panel" in request.GET and is_fragment(request):
            return self.answer_panel(record, request.GET["panel"])
        if request.GET.get("beside") in BESIDE:
            return self.step_aside(record, request.GET["beside"])
        peek = request.GET.get("peek") == "1" or request.headers.get("X-Peek") == "1"
        context = self.context(record, peek=peek)
        return render(request, self.peek_template_name if peek else self.template_name, context)

    def context(self, record: Any, *, peek: bool) -> dict[str, Any]:
        """Everything the template shows; the short variant leaves out neighbours and panels."""
        from core.custom_fields.pages import groups_for  # it is made of this module's fields

        user: Any = self.request.user
        profile = profile_for(user)
        may_change = profile.allows(self.type.key, "change") and self._in_scope(record, Action.CHANGE)
        may_delete = profile.allows(self.type.key, "delete") and self._in_scope(record, Action.DELETE)
        mark, starred = marks_for_page(user, record)
        conceal(record, user)
        now, later = ([], []) if peek else self._chosen()
        groups = [
            (group, self.field_rows(group, record, profile, may_change))
            for group in (*self.groups, *groups_for(self.type.key, user))
        ]
        return {
            "title": str(record),
            "record": record,
            "type": self.type,
            "record_key": f"{self.type.key}:{record.pk}",
            "groups": groups,
            "empty_count": sum(row.is_empty for _group, rows in groups for row in rows),
            "may_change": may_change,
            "may_delete": may_delete,
            "merge_url": self.type.merge_url_of(record.pk) if may_delete and may_change else "",
            "edit_url": reverse(self.edit_url_name, args=[record.pk])
            if may_change and self.edit_url_name
            else "",
            "favourites": [] if peek else starred_records(user, starred),
            "starred": bool(mark and mark.starred),
            "following": bool(mark and mark.following),
            "peek": peek,
            "neighbours": None if peek else self.neighbours(record),
            "panels": self.panels(record, now),
            "later_url": self._panel_url(LATER) if later else "",
            "record_url": self.type.url_of(record.pk),
            **self.extra_context(record),
        }

    def extra_context(self, record: Any) -> dict[str, Any]:
        return {}

    def _in_scope(self, record: Any, action: Action) -> bool:
        profile = profile_for(self.request.user)
        return bool(type(record).scope.covers(record, profile, action))

    def field_rows(
        self, group: FieldGroup, record: Any, profile: AccessProfile, may_change: bool
    ) -> list[FieldRow]:
        """The group's lines, those that the role hides left out."""
        hidden = profile.hidden_fields(self.type.key)
        fields = [field if isinstance(field, Field) else Field(field) for field in group.fields]
        return [
            field_row(field, record, self.type.key, profile, may_change)
            for field in fields
            if field.name not in hidden
        ]

    def panels(self, record: Any, chosen: Sequence[Panel]) -> list[ShownPanel]:
        """The cards beside the record, each in the viewer's scope."""
        wanted = self.request.GET.getlist("panel")
        shown = []
        for panel in chosen:
            if panel.lazy and panel.key not in wanted:
                shown.append(self._closed_panel(panel))
            elif (found := self._read_panel(panel, record, is_open=panel.open or panel.lazy)) is not None:
                shown.append(found)
        return shown

    def _chosen(self) -> tuple[list[Panel], list[Panel]]:
        """The panels that this person may see: those read with the page, and those below the first screen, which
        are read when somebody comes there. Whoever asks for a panel by name gets all with the page."""
        profile = profile_for(self.request.user)
        mine = [
            one
            for one in panels.panels_for(self.type.key)
            if not one.needs or profile.allows(one.needs, Action.VIEW)
        ]
        first, rest = mine[:FIRST_PANELS], mine[FIRST_PANELS:]
        if "panel" in self.request.GET or all(one.lazy for one in rest):
            return mine, []
        return first, rest

    def answer_panel(self, record: Any, key: str) -> HttpResponse:
        """The content of one panel: 404 where there is none for this person. `*`: the cards further down."""
        if key == LATER:
            mine, _later = self._chosen()
            shown = self.panels(record, mine[FIRST_PANELS:])
            return render(self.request, "ui/_panels.html", {"panels": shown})
        panel = panels.get(self.type.key, key)
        profile = profile_for(self.request.user)
        if panel is None or (panel.needs and not profile.allows(panel.needs, Action.VIEW)):
            raise Http404
        found = self._read_panel(panel, record, is_open=True)
        return render(self.request, "ui/_panel_body.html", {"panel": found})

    def _panel_url(self, key: str) -> str:
        params = self.request.GET.copy()
        params["panel"] = key
        return f"?{params.urlencode(safe=LATER)}"

    def _closed_panel(self, panel: Panel) -> ShownPanel:
        url = self._panel_url(panel.key)
        return ShownPanel(panel.key, str(panel.label), panel.icon, None, False, SafeString(""), "", url)

    def _read_panel(self, panel: Panel, record: Any, *, is_open: bool) -> ShownPanel | None:
        context = panel.context(conceal(record, self.request.user), self.request.user)
        if context is None:
            return None
        html = render_to_string(panel.template, {"record": record, **context}, request=self.request)
        return ShownPanel(
            panel.key,
            str(panel.label),
            panel.icon,
            context.get("count"),
            is_open,
            html,
            context.get("add_url", ""),
        )

    def neighbours(self, record: Any) -> Neighbours | None:
        """Previous and next in the order of the list that the link came from (`?in=`). Who came from no list gets
        links that look the neighbour up among all records when they are followed, see `step_aside`."""
        page = page_for(self.type.key)
        if page is None or not self.type.list_url:
            return None
        place_text = self.request.GET.get("in", "")[:2000]
        list_url = reverse(self.type.list_url)
        if not place_text:
            previous, following = (f"{self.type.url_of(record.pk)}?beside={side}" for side in BESIDE)
            return Neighbours(previous, following, None, 0, True, list_url)
        query = ListQuery(page, self.request.user, QueryDict(place_text))
        found = place_of(query.ordered(), query.keys, record.pk, descending=query.sort[1])
        if found is None:
            return None
        return Neighbours(
            self._neighbour_url(found.previous, place_text),
            self._neighbour_url(found.next, place_text),
            found.position,
            *query.count,
            f"{list_url}?{place_text}",
        )

    def step_aside(self, record: Any, side: str) -> HttpResponse:
        """To the record before or after this one among all; at the end of them the record itself, and a word."""
        page = page_for(self.type.key)
        if page is None:
            raise Http404
        query = ListQuery(page, self.request.user, QueryDict())
        found = place_of(query.ordered(), query.keys, record.pk, descending=query.sort[1], held=record)
        other = getattr(found, side, None)
        if other is None:
            messages.info(self.request, _("There is no other record in that direction."))
        return redirect(self.type.url_of(other or record.pk))

    def _neighbour_url(self, pk: int | None, place: str) -> str:
        if pk is None:
            return ""
        params = QueryDict(mutable=True)
        if place:
            params["in"] = place
        return self.type.url_of(pk) + (f"?{params.urlencode()}" if place else "")


def field_row(
    field: Field, record: Any, record_type: str, profile: AccessProfile, may_change: bool
) -> FieldRow:
    """One line: its value as people read it, and where it is edited."""
    value = field.value(record) if field.value is not None else display(record, field.name)
    is_empty = value is None or value == "" or value == []
    edit_url = ""
    if may_change and field.editable and may_edit(record_type, field.name, profile):
        edit_url = _edit_url(record_type, record.pk, field.name)
    return FieldRow(field.name, label_of(record, field), cell(value), is_empty, edit_url)


def _edit_url(record_type: str, pk: int, name: str) -> str:
    """Where a field is edited in place: worked out once for a type, as a page has two dozen of them."""
    head, _slash, tail = place("core:field", record_type, 0, "one-field").partition("/0/")
    return f"{head}/{pk}/{tail.replace('one-field', name)}"


def may_edit(record_type: str, name: str, profile: AccessProfile) -> bool:
    """Whether a field of the type can be edited in place by this person."""
    editor = editing.get(record_type)
    if (
        editor is None
        or name == "version"
        or name in profile.read_only_fields(record_type) | profile.hidden_fields(record_type)
    ):
        return False
    form = editor.form()
    if is_custom(name):
        from core.custom_fields.pages import is_editable

        return bool(form.custom_fields) and is_editable(record_type, name)
    return name in (editor.fields or tuple(form.base_fields))


def label_of(record: Any, field: Field) -> str:
    if field.label:
        return str(field.label)
    try:
        text = str(record._meta.get_field(field.name).verbose_name)
    except FieldDoesNotExist:
        text = field.name.replace("_", " ")
    return text[:1].upper() + text[1:]


def display(record: Any, name: str) -> Any:
    """A model field's value: labels of choices, records as links, tags as a list."""
    chooser = getattr(record, f"get_{name}_display", None)
    if chooser is not None:
        return chooser()
    value = getattr(record, name, None)
    try:
        field = record._meta.get_field(name)
    except FieldDoesNotExist:
        return value
    if isinstance(field, ForeignKey) and value is not None:
        key = getattr(type(value), "record_type", "")
        url = records.get(key).url_of(value.pk) if records.known(key) else ""
        return link(url, str(value))
    if field.many_to_many and value is not None:
        return [str(item) for item in value.all()]
    return value
