"""The start page: what waits for the person signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.models import Notification
from core.registries import home as registry
from core.scope.access import profile_for
from core.services.users import set_preference
from core.ui.access import SignedInView
from core.ui.toasts import done

CHECKLIST_HIDDEN = "first_steps_hidden"
NOTIFICATIONS_SHOWN = 5


@dataclass(frozen=True)
class ShownSection:
    """A section with its fragment."""

    section: registry.HomeSection
    count: int | None
    html: SafeString


class HomeView(SignedInView):
    """Sections in the viewer's scope, unread notifications, and the first steps until they are taken."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        unread = Notification.objects.filter(user=user, read_at__isnull=True).order_by("-pk")
        context = {
            "title": _("Today"),
            "page_icon": "home",
            "greeting": greeting(timezone.localtime().hour, user.get_short_name()),
            "today": timezone.localdate(),
            "sections": self.sections(user),
            "unread": unread[:NOTIFICATIONS_SHOWN],
            "steps": self.steps(user),
        }
        return render(request, "core/home.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put the checklist away."""
        set_preference(actor=request.user, name=CHECKLIST_HIDDEN, value=True)
        return done(request, request.path)

    def sections(self, user: Any) -> list[ShownSection]:
        shown = []
        for section in registry.sections():
            context = section.context(user)
            if context is not None:
                html = render_to_string(section.template, context, request=self.request)
                shown.append(ShownSection(section, context.get("count"), html))
        return shown

    def steps(self, user: Any) -> list[tuple[registry.FirstStep, bool]]:
        """The checklist with what is done; nothing once all of it is, or it was put away."""
        if user.preferences.get(CHECKLIST_HIDDEN):
            return []
        steps = [(step, step.done(user)) for step in registry.first_steps(profile_for(user))]
        return [] if all(is_done for _step, is_done in steps) else steps


def greeting(hour: int, name: str) -> str:
    """Words for the time of day."""
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s") % {"name": name}
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return _("Good afternoon, %(name)s") % {"name": name}


home = HomeView.as_view()
