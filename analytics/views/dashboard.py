"""The managers' dashboard; the period is in the URL."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from analytics.dashboard.page import dashboard_of, dashboard_url, period_tabs
from analytics.periods import period_of
from core.enums import Action
from core.ui.access import SignedInView


class DashboardView(SignedInView):
    """`?period=month|quarter|year&at=2026-10-01`; without them the current quarter."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.profile.allows("dashboard", Action.VIEW):
            raise PermissionDenied(_("Your role does not allow this."))
        period = period_of(request.GET.get("period", ""), request.GET.get("at", ""))
        context = {
            "title": _("Dashboard"),
            "page_icon": "chart-bar",
            "dashboard": dashboard_of(request.user, period),
            "days_left": period.days_left(),
            "tabs": period_tabs(period),
            "previous_url": dashboard_url(period.previous),
            "next_url": dashboard_url(period.following),
        }
        return render(request, "analytics/dashboard.html", context)
