"""Tasks, the list of all activities, and the page of one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.activities import ActivityForm
from contacts.models import Activity
from contacts.selectors.activities import linked_to, tasks_of
from contacts.services.activities import complete_activity, reopen_activity, update_activity
from core.enums import Action
from core.ui.access import RecordTypeView, safe_next
from core.ui.form_pages import EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from core.ui.toasts import done
from core.ui.undo import undo_url


class ActivityList(ListPage):
    record_type = "activity"
    default_sort = "-subject"
    empty_text = gettext_lazy("Nothing has been logged yet.")


class ActivityPage(RecordPage):
    """What was logged or is planned: its words, whom it is about, and what it can be changed to."""

    record_type = "activity"
    template_name = "contacts/activity_detail.html"
    edit_url_name = "contacts:activity_update"
    groups = (
        FieldGroup(
            gettext_lazy("About"),
            (
                Field("kind", editable=False),
                "subject",
                Field("contact", editable=False),
                Field("company", editable=False),
                "outcome",
                "direction",
                "duration_minutes",
                "due_at",
                Field("done_at", editable=False),
                "occurred_at",
                "owner",
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("contact", "company", "owner", "team")

    def extra_context(self, record: Activity) -> dict[str, Any]:
        return {
            "is_planned": record.due_at is not None and record.done_at is None,
            "linked": linked_to(record, self.request.user),
        }


class ActivityEdit(EditPage):
    """Mend what was logged, or put off what is planned."""

    record_type = "activity"
    form_class = ActivityForm
    title = gettext_lazy("Edit")

    def save(self, form: RecordForm) -> Any:
        return update_activity(
            actor=self.request.user,
            activity=self.fresh(),
            changes=form.changes,
            expected_version=form.expected_version,
        )


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
