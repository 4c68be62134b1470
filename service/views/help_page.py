"""The public help page: no account, a limit for each address of the network, nothing told about who is known."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.views import View
from django.views.decorators.cache import never_cache

from core.limits import client_address, within_limit
from core.ui.form_pages import add_errors
from service.enums import Direction, TicketStatus
from service.forms.help import HelpForm
from service.models import Ticket
from service.services.help_form import submit_help_request

REQUESTS_PER_HOUR = 10
LOOKS_PER_MINUTE = 60


@method_decorator(never_cache, name="dispatch")
class HelpFormView(View):
    """Write to us. Too many requests from one place are 429, with everything typed still there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(HelpForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = HelpForm(request.POST)
        if form.is_trapped:
            return HttpResponseRedirect(reverse("help:sent"))
        if not form.is_valid():
            return self.answer(form, status=422)
        if not within_limit("help", client_address(request), REQUESTS_PER_HOUR, 3600):
            form.add_error(None, _t("There were many requests from where you are. Try again in an hour."))
            return self.answer(form, status=429)
        values = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        try:
            ticket = submit_help_request(actor=None, **values)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, status=422)
        return HttpResponseRedirect(reverse("help:status", args=[ticket.token]) + "?sent=1")

    def answer(self, form: HelpForm, status: int = 200) -> HttpResponse:
        return render(self.request, "service/help_form.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class HelpSentView(View):
    """Thanks, for those who filled in what people don't see."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "service/help_status.html", {})


@method_decorator(never_cache, name="dispatch")
class HelpStatusView(View):
    """How a request stands, for whoever has its random link: number, subject and state, no names, no words."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if not within_limit("help-look", client_address(request), LOOKS_PER_MINUTE, 60):
            return HttpResponse(_t("Too many requests; try again in a minute."), status=429)
        ticket = Ticket.objects.filter(token=token).first()
        if ticket is None:
            raise Http404
        return render(request, "service/help_status.html", _status_context(ticket, request))


def _status_context(ticket: Ticket, request: HttpRequest) -> dict[str, Any]:
    words = {
        TicketStatus.NEW: _t("We have it and will look at it."),
        TicketStatus.OPEN: _t("We are working on it."),
        TicketStatus.WAITING: _t("We have answered by e-mail and wait for you."),
        TicketStatus.SOLVED: _t("It is solved. If it is not, reply to our last e-mail."),
        TicketStatus.CLOSED: _t("It is closed. If you need us again, reply to our last e-mail."),
    }
    confirmed = ticket.messages.filter(direction=Direction.OUT, is_automatic=True).exists()
    return {
        "ticket": ticket,
        "state": words[TicketStatus(ticket.status)],
        "just_sent": request.GET.get("sent") == "1",
        "confirmed": confirmed,
    }
