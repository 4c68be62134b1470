"""Pages of merging: records side by side, the list of merges, and one of them with its undoing."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.merging.running import model_of
from contacts.models import MergeLog
from contacts.selectors.merge_choice import others_for
from contacts.selectors.merge_pages import compare, mergeable
from contacts.selectors.merges import live_ids, merges_for, names_of
from contacts.selectors.since_merge import changed_since, edited_since, written_since
from contacts.services.merging import (
    AlreadyMerged,
    CantUndo,
    check_undoable,
    may_undo,
    merge_records,
    preview_unmerge,
    unmerge,
)
from core.enums import Action
from core.registries import records
from core.services.base import NotAllowed
from core.ui.access import RecordTypeView, SignedInView, is_fragment
from core.ui.markup import mid_sentence
from core.ui.toasts import done, say

MOST = 10
"""How many records stand side by side."""
PAGE = 50


class MergePage(RecordTypeView):
    """`?ids=1,2,3`: the records side by side. Each value can be chosen; POST makes them one."""

    required_action = Action.DELETE
    url_name: ClassVar[str] = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.CHANGE)
        found = self.chosen()
        if len(found) == 1:
            return self.choose(found[0])
        if not 2 <= len(found) <= MOST:
            text = _("Choose from two to %(n)d records to merge.") % {"n": MOST}
            return done(request, reverse(self.type.list_url), text)
        return self.answer(found)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.CHANGE)
        found = self.chosen()
        if not 2 <= len(found) <= MOST:
            return self.get(request)
        if self.has_changed(found):
            text = _("Somebody has changed one of the records since you opened this page. Look again.")
            return self.answer(found, error=text, status=409)
        survivor = self.number("survivor") or found[0].pk
        ids = sorted((one.pk for one in found), key=lambda pk: pk != survivor)
        try:
            log = merge_records(
                actor=request.user, record_type=self.type.key, ids=ids, choices=self.choices(found)
            )
        except AlreadyMerged as error:
            say(request, str(error), tone="warn")
            return done(request, self.url_for(error.live))
        except ValidationError as error:
            return self.answer(found, error=" ".join(error.messages), status=422)
        text = ngettext("%(n)d record is one now", "%(n)d records are one now", len(ids)) % {"n": len(ids)}
        undo_url = reverse("contacts:merge_detail", args=[log.pk])
        return done(request, self.type.url_of(log.survivor_id), text, undo_url=undo_url)

    def choose(self, record: Any) -> HttpResponse:
        """Which other record: those that look like it, or what `?q=` finds."""
        text = self.request.GET.get("q", "").strip()[:200]
        context = {
            "title": _("Merge %(name)s with…") % {"name": record},
            "back_url": self.type.url_of(record.pk),
            "back_label": str(record),
            "record": record,
            "text": text,
            "others": others_for(record, self.request.user, text),
        }
        template = "_choose_found.html" if is_fragment(self.request) else "choose.html"
        return render(self.request, f"contacts/merging/{template}", context)

    def chosen(self) -> list[Any]:
        """The records of the URL (old ids lead to the live ones): 404 where one may not be seen, 403 where one
        may not be merged."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        texts = ",".join(data.getlist("ids")).split(",")
        numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
        live = live_ids(self.type.key, numbers)
        ids = list(dict.fromkeys(live.get(pk, pk) for pk in numbers))[: MOST + 1]
        found = mergeable(self.type.model, ids, self.request.user)
        if len(found) < len(ids):
            seen = self.type.visible_to(self.request.user).filter(pk__in=ids).count()
            if seen < len(ids):
                raise Http404
            raise PermissionDenied(_("Your role does not allow this for this record."))
        return found

    def answer(self, found: list[Any], *, error: str = "", status: int = 200) -> HttpResponse:
        data = self.request.POST
        chosen = {name.removeprefix("field-"): data[name] for name in data if name.startswith("field-")}
        context = {
            "title": _("Merge %(type)s") % {"type": mid_sentence(self.type.plural)},
            "back_url": reverse(self.type.list_url),
            "back_label": self.type.plural,
            "type": self.type,
            "comparison": compare(found, self.request.user, survivor=self.number("survivor"), choices=chosen),
            "ids": ",".join(str(one.pk) for one in found),
            "versions": versions_of(found),
            "error": error,
        }
        return render(self.request, "contacts/merging/merge.html", context, status=status)

    def choices(self, found: list[Any]) -> dict[str, int]:
        """What was chosen; a text of which all are wanted has no choice."""
        data = self.request.POST
        return {
            name.removeprefix("field-"): int(data[name])
            for name in data
            if name.startswith("field-") and data[name].isascii() and data[name].isdigit()
        }

    def has_changed(self, found: list[Any]) -> bool:
        return self.request.POST.get("versions", "") not in ("", versions_of(found))

    def number(self, name: str) -> int | None:
        text = self.request.POST.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else None

    def url_for(self, ids: list[int]) -> str:
        """Where to go on after somebody else merged some of them."""
        if len(ids) < 2:
            return self.type.url_of(ids[0])
        return f"{reverse(self.url_name)}?ids={','.join(map(str, ids))}"


def versions_of(found: list[Any]) -> str:
    return ",".join(f"{one.pk}:{one.version}" for one in found)


class ContactMerge(MergePage):
    record_type = "contact"
    url_name = "contacts:contact_merge"


class CompanyMerge(MergePage):
    record_type = "company"
    url_name = "contacts:company_merge"


class MergeList(RecordTypeView):
    """Merges in the person's scope, newest first."""

    record_type = "contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = request.GET.get("before", "")
        rows = merges_for(request.user)
        if before.isascii() and before.isdigit():
            rows = rows.filter(pk__lt=int(before[:18]))
        logs = list(rows[: PAGE + 1])
        context = {
            "title": _("Merges"),
            "page_icon": "arrow-merge",
            "rows": [(log, names_of(log, names)) for names in [_names(logs[:PAGE])] for log in logs[:PAGE]],
            "older": logs[PAGE - 1].pk if len(logs) > PAGE else None,
        }
        return render(request, "contacts/merging/merge_list.html", context)


class MergeView(SignedInView):
    """One merge: what became what, and what undoing it would keep. POST undoes it."""

    def log(self, pk: int) -> MergeLog:
        found = merges_for(self.request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.log(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        log = self.log(pk)
        try:
            outcome = unmerge(actor=request.user, log=log, fields=self.fields(), rows=self.rows())
        except CantUndo as error:
            return self.answer(log, error=str(error), later=error.first, status=409)
        except ValidationError as error:
            return self.answer(log, error=" ".join(error.messages), status=422)
        number = len(log.merged_ids) + 1
        text = ngettext("%(n)d record again", "%(n)d records again", number) % {"n": number}
        if outcome.kept:
            text += ". " + _("What was changed since was kept.")
        return done(request, reverse("contacts:merge_detail", args=[log.pk]), text)

    def fields(self) -> dict[str, str]:
        data = self.request.POST
        return {name.removeprefix("field-"): data[name] for name in data if name.startswith("field-")}

    def rows(self) -> dict[tuple[str, int], int]:
        """Rows written since that were given to another record."""
        given: dict[tuple[str, int], int] = {}
        for name, value in self.request.POST.items():
            label, _colon, pk = name.removeprefix("row-").rpartition(":")
            if not isinstance(value, str):  # a name without any value
                continue
            if name.startswith("row-") and value.isdecimal() and pk.isdecimal():
                given[label, int(pk)] = int(value)
        return given

    def answer(
        self, log: MergeLog, *, error: str = "", later: int | None = None, status: int = 200
    ) -> HttpResponse:
        record_type = records.get(log.record_type)
        names = _names([log])
        context: dict[str, Any] = {
            "title": _("Merged into %(name)s")
            % {"name": names.get((log.record_type, log.survivor_id)) or log.survivor_id},
            "back_url": reverse("contacts:merge_list"),
            "back_label": _("Merges"),
            "log": log,
            "type": record_type,
            "survivor": (log.survivor_id, names.get((log.record_type, log.survivor_id), "")),
            "merged": [(pk, names.get((log.record_type, pk), "")) for pk in log.merged_ids],
            "live_url": record_type.url_of(getattr(log, f"{log.record_type}_id")),
            "error": error,
            "later": later,
            **self.undoing(log),
        }
        if log.undone_at:
            context["urls"] = [(record_type.url_of(pk), name) for pk, name in context["merged"]]
        return render(self.request, "contacts/merging/merge_detail.html", context, status=status)

    def undoing(self, log: MergeLog) -> dict[str, Any]:
        """What the form of undoing shows, or why there is none."""
        try:
            check_undoable(log)
        except CantUndo as problem:
            return {"problem": "" if log.undone_at else str(problem), "first": problem.first}
        if not may_undo(self.request.user, log):
            return {"problem": ""}
        try:
            outcome = preview_unmerge(actor=self.request.user, log=log)
        except (CantUndo, NotAllowed):  # somebody was faster
            return {"problem": ""}
        changed = changed_since(log, outcome, self.request.user)
        return {
            "may_undo": True,
            "changed": changed,
            "edited": edited_since(log, changed, self.request.user),
            "written": written_since(log, self.request.user),
        }


def _names(logs: list[MergeLog]) -> dict[tuple[str, int], str]:
    """The names of all records of the merges, two queries. They are the live record's own past."""
    found: dict[tuple[str, int], str] = {}
    for record_type in ("contact", "company"):
        ids = {
            pk for log in logs if log.record_type == record_type for pk in (log.survivor_id, *log.merged_ids)
        }
        for one in model_of(record_type).all_objects.filter(pk__in=ids) if ids else ():
            found[record_type, one.pk] = str(one)
    return found
