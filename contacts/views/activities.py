"""Tasks and the list of all activities."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Activity
from contacts.selectors.activities import tasks_of
from contacts.services.activities import complete_activity, reopen_activity
from core.enums import Action
from core.ui.access import RecordTypeView, safe_next
from core.ui.lists import ListPage
from core.ui.toasts import done
from core.ui.undo import undo_url


class ActivityList(ListPage):
    record_type = "activity"
    default_sort = "-subject"
    empty_text = gettext_lazy("Nothing has been logged yet.")


class TaskView(RecordTypeView):
    """What waits for the person signed in."""

    record_type = "activity"

    def get(self, request: HttpRequest) -> HttpResponse:
        tasks = tasks_of(request.user)
        lists = [
            (_("Overdue"), tasks.overdue, "late"),
            (_("Today"), tasks.today, ""),
            (_("Upcoming"), tasks.upcoming, ""),
        ]
        context = {"title": _("Tasks"), "page_icon": "checkbox", "lists": lists, "count": tasks.count}
        return render(request, "contacts/task_list.html", context)


class CompleteView(RecordTypeView):
    """Ticks a task off; the toast takes it back."""

    record_type = "activity"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        activity: Any = self.find(pk, Action.CHANGE)
        complete_activity(actor=request.user, activity=activity)
        text = _("“%(task)s” done") % {"task": activity}
        return done(request, safe_next(request, "/contacts/tasks/"), text, undo_url=undo_url(request))


class ReopenView(RecordTypeView):
    record_type = "activity"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        activity: Activity = self.find(pk, Action.CHANGE)
        reopen_activity(actor=request.user, activity=activity)
        return done(
            request,
            safe_next(request, "/contacts/tasks/"),
            _("“%(task)s” is open again") % {"task": activity},
        )
