"""The start page: one's own tasks, and the first steps that concern people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.models import Activity, Contact
from contacts.selectors.activities import tasks_of
from core.models import SavedView
from core.registries import home
from core.registries.home import FirstStep, HomeSection
from core.scope.access import profile_for

SHOWN = 8


def _tasks(user: Any) -> dict[str, Any] | None:
    if not profile_for(user).allows("activity", "view"):
        return None
    lists = tasks_of(user)
    return {"tasks": [*lists.overdue, *lists.today, *lists.upcoming][:SHOWN], "count": lists.count}


home.register(
    HomeSection(
        "tasks",
        _("My tasks"),
        icon="checkbox",
        template="contacts/_home_tasks.html",
        context=_tasks,
        url_name="contacts:task_list",
        order=10,
    )
)
home.register_steps(
    FirstStep(
        "contacts",
        _("Bring your contacts"),
        _("Import a file, or add the first person by hand."),
        "contacts:contact_list",
        lambda user: Contact.objects.visible_to(user).exists(),
        lambda profile: profile.allows("contact", "add"),
        order=10,
    ),
    FirstStep(
        "activity",
        _("Log a call"),
        _("On a contact's page: press L, choose how it went, and plan the follow-up."),
        "contacts:contact_list",
        lambda user: Activity.objects.filter(owner=user).exists(),
        lambda profile: profile.allows("activity", "add"),
        order=30,
    ),
    FirstStep(
        "view",
        _("Save a view"),
        _("Filter a list, then keep it as a tab for yourself or your team."),
        "contacts:contact_list",
        lambda user: SavedView.objects.filter(owner=user).exists(),
        order=40,
    ),
)
