"""What can be done with any record: mark it, delete and restore it, ask who sees it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import Action
from core.models import Record, User
from core.registries import aliases, records
from core.registries.records import RecordType
from core.scope.access import profile_for
from core.scope.explain import explain, who_sees
from core.services.marks import MARKS, toggle_mark
from core.services.trash import delete_record, restore_record
from core.ui.access import RecordTypeView, SignedInView, is_fragment, safe_next
from core.ui.toasts import done
from core.ui.undo import undo_url

TRASH_SHOWN = 200
EXPLAINED = 100
"""People whose access is worked out when nobody is asked about: some queries each."""


class MarkView(RecordTypeView):
    """Star or follow a record, or stop it."""

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record, mark = self.find(pk), request.POST.get("mark", "")
        if mark not in MARKS:
            raise Http404
        value = toggle_mark(actor=request.user, record=record, mark=mark)
        if not is_fragment(request):
            return done(request, safe_next(request, self.type.url_of(pk) or "/"))
        template = "ui/_star.html" if mark == "starred" else "ui/_follow.html"
        return render(request, template, {"type": self.type, "record": record, mark: value})


class DeleteView(RecordTypeView):
    """Move a record to the recycle bin; the toast takes it out again."""

    required_action = Action.DELETE

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.find(pk, Action.DELETE)
        if not isinstance(record, Record) or not self.type.restorable:
            raise PermissionDenied(_("Records of this type can't be deleted here."))
        delete_record(actor=request.user, record=record)
        target = reverse(self.type.list_url) if self.type.list_url else "/"
        text = _("“%(name)s” is in the recycle bin") % {"name": record}
        return done(request, safe_next(request, target), text, undo_url=undo_url(request))


class RestoreView(RecordTypeView):
    """Take a record out of the recycle bin."""

    required_action = Action.DELETE

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        if not issubclass(self.type.model, Record):
            raise Http404
        rows = self.type.model.all_objects.visible_to(request.user, Action.DELETE)
        rows = aliases.without_merged(self.type.key, rows)
        record = rows.filter(pk=pk, deleted_at__isnull=False).first()
        if record is None:
            raise Http404
        restore_record(actor=request.user, record=record)
        text = _("“%(name)s” is back") % {"name": record}
        return done(request, safe_next(request, self.type.url_of(pk) or reverse("core:trash")), text)


class TrashView(SignedInView):
    """The recycle bin: what was deleted in one's scope, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows: list[tuple[RecordType, Any]] = []
        for record_type in records.all_types():
            if not issubclass(record_type.model, Record) or not record_type.restorable:
                continue
            if not profile_for(request.user).allows(record_type.key, Action.DELETE):
                continue
            manager = record_type.model.all_objects
            deleted = manager.visible_to(request.user, Action.DELETE).filter(deleted_at__isnull=False)
            deleted = aliases.without_merged(record_type.key, deleted)
            rows += [(record_type, record) for record in deleted.order_by("-deleted_at", "-pk")[:TRASH_SHOWN]]
        rows.sort(key=lambda pair: pair[1].deleted_at, reverse=True)
        context = {"title": _("Recycle bin"), "page_icon": "trash", "rows": rows[:TRASH_SHOWN]}
        return render(request, "ui/trash.html", context)


class ExplainView(RecordTypeView):
    """«Who can see this, and why?» for those who see the audit."""

    capability = "see_audit"

    def get(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.find(pk)
        people = (
            User.objects.filter(is_active=True, email__isnull=False).select_related("team").order_by("name")
        )
        chosen = request.GET.get("user", "")
        asked = people.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() else None
        context = {
            "title": _("Who can see “%(name)s”?") % {"name": record},
            "record": record,
            "people": people[:500],
            "asked": asked,
            "answers": [(action, explain(asked, record, action)) for action in Action] if asked else [],
            "seen_by": who_sees(record, people[:EXPLAINED]) if asked is None else [],
            "explained": min(len(people), EXPLAINED) if asked is None else 0,
            "back_url": self.type.url_of(pk),
            "back_label": str(record),
        }
        return render(request, "ui/explain.html", context)
