"""The managers' dashboard; the period is in the URL."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from analytics.dashboard.kept import dashboard_for
from analytics.dashboard.page import dashboard_url, period_tabs
from analytics.periods import period_of
from core.enums import Action
from core.ui.access import SignedInView


class DashboardView(SignedInView):
    """`?period=month|quarter|year&at=2026-10-01`; without them the current quarter. `&fresh=1` reckons anew."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.profile.allows("dashboard", Action.VIEW):
            raise PermissionDenied(_("Your role does not allow this."))
        period = period_of(request.GET.get("period", ""), request.GET.get("at", ""))
        kept = dashboard_for(request.user, period, fresh=request.GET.get("fresh") == "1")
        context = {
            "title": _("Dashboard"),
            "page_icon": "chart-bar",
            "dashboard": kept.dashboard,
            "kept_at": kept.at,
            "fresh_url": f"{dashboard_url(period)}&fresh=1",
            "days_left": period.days_left(),
            "tabs": period_tabs(period),
            "previous_url": dashboard_url(period.previous),
            "next_url": dashboard_url(period.following),
        }
        return render(request, "analytics/dashboard.html", context)
