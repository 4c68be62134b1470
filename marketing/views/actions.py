"""What people do with a campaign: test, launch, pause, resume, stop, copy, and decide about lines in doubt."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import Action
from core.ui.access import RecordTypeView, in_dialog, is_fragment
from core.ui.form_pages import add_errors
from core.ui.toasts import done, say, trigger
from marketing.enums import CampaignState
from marketing.forms.campaigns import LaunchForm, TestMailForm
from marketing.models import Campaign
from marketing.selectors.audience import count_audience, people_of
from marketing.selectors.permissions import purpose_of
from marketing.selectors.results import recipients_of
from marketing.sending.smtp import SmtpError
from marketing.services import control
from marketing.services.campaigns import copy_campaign
from marketing.services.launch import launch_campaign
from marketing.services.messages import send_test


class CampaignAction(RecordTypeView):
    """A button: POST does it and goes back to the campaign; a refusal is said there and changes nothing."""

    record_type = "campaign"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk, self.required_action)
        url = reverse("marketing:campaign_detail", args=[pk])
        try:
            return done(request, url, self.act(campaign))
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)

    def act(self, campaign: Campaign) -> str:
        raise TypeError(f"{type(self).__name__} does not say what it does")


AT_ONCE = 100
"""As many get a mail by one click; for more the number is asked."""


class Launch(CampaignAction):
    """Sends the campaign. Where many get it, their number is asked first: nothing takes a mail back."""

    capability = "send_campaigns"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk, self.required_action)
        people = self._people(campaign)
        if people > AT_ONCE:
            form = LaunchForm(request.POST if "number" in request.POST else None, people=people)
            if not form.is_valid():
                return self._ask(campaign, form)
        return super().post(request, pk)

    def _people(self, campaign: Campaign) -> int:
        """How many would get it; none where it can't be launched as it is, which the launch itself says."""
        if campaign.state != CampaignState.DRAFT or campaign.segment is None:
            return 0
        people = people_of(campaign.segment, self.request.user)
        purpose = purpose_of(campaign)
        return count_audience(people, purpose=purpose, consent_needed=campaign.consent_needed).sendable

    def _ask(self, campaign: Campaign, form: LaunchForm) -> HttpResponse:
        context = {
            "form": form,
            "campaign": campaign,
            "people": form.people,
            "title": _("Send “%(name)s”?") % {"name": campaign},
            "submit_label": _("Send"),
            "draft_key": f"launch-{campaign.pk}",
            "action": self.request.get_full_path(),
            "back_url": reverse("marketing:campaign_detail", args=[campaign.pk]),
            "back_label": campaign.name,
        }
        status = 422 if form.is_bound else 200
        return render(self.request, "marketing/campaign_launch.html", context, status=status)

    def act(self, campaign: Campaign) -> str:
        number = launch_campaign(actor=self.request.user, campaign=campaign)
        return ngettext("Sending to %(n)d person", "Sending to %(n)d people", number) % {"n": number}


class Pause(CampaignAction):
    def act(self, campaign: Campaign) -> str:
        control.pause_campaign(actor=self.request.user, campaign=campaign)
        return _("Paused")


class Resume(CampaignAction):
    capability = "send_campaigns"

    def act(self, campaign: Campaign) -> str:
        control.resume_campaign(actor=self.request.user, campaign=campaign)
        return _("Sending goes on")


class Stop(CampaignAction):
    def act(self, campaign: Campaign) -> str:
        number = control.stop_campaign(actor=self.request.user, campaign=campaign)
        return ngettext("Stopped; %(n)d person is left out", "Stopped; %(n)d people are left out", number) % {
            "n": number
        }


class Copy(RecordTypeView):
    record_type = "campaign"
    required_action = Action.ADD
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        copy = copy_campaign(actor=request.user, campaign=self.find(pk))
        return done(request, reverse("marketing:campaign_detail", args=[copy.pk]), _("Copied as a draft"))


class Resolve(RecordTypeView):
    """A person's word on a line in doubt: `answer` is `sent` or `again`."""

    record_type = "campaign"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
        campaign = self.find(pk, Action.CHANGE)
        recipient = recipients_of(campaign, request.user).filter(pk=recipient_pk).first()
        answer = request.POST.get("answer")
        if recipient is None or answer not in ("sent", "again"):
            raise Http404
        url = reverse("marketing:campaign_recipients", args=[pk]) + "?state=unknown"
        try:
            control.resolve_unknown(actor=request.user, recipient=recipient, was_sent=answer == "sent")
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)
        return done(request, url, _("Counted as sent") if answer == "sent" else _("Waits to be sent again"))


class TestMail(RecordTypeView):
    """Sends one copy to an address of the person's choice, in a dialog or on a page."""

    record_type = "campaign"
    required_action = Action.CHANGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk, Action.CHANGE)
        return self._answer(campaign, TestMailForm(initial={"address": getattr(request.user, "email", "")}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk, Action.CHANGE)
        form = TestMailForm(request.POST)
        if not form.is_valid() or not self._send(campaign, form):
            return self._answer(campaign, form, status=422)
        text = _("Test mail sent to %(address)s") % {"address": form.cleaned_data["address"]}
        if in_dialog(request):
            return trigger(HttpResponse(status=204), saved={}, toast={"text": text, "tone": "success"})
        return done(request, reverse("marketing:campaign_detail", args=[pk]), text)

    def _send(self, campaign: Campaign, form: TestMailForm) -> bool:
        try:
            send_test(actor=self.request.user, campaign=campaign, address=form.cleaned_data["address"])
        except ValidationError as error:
            add_errors(form, error)
            return False
        except SmtpError as error:
            form.add_error(None, str(error))
            return False
        return True

    def _answer(self, campaign: Campaign, form: TestMailForm, *, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "title": _("Send a test mail"),
            "submit_label": _("Send"),
            "draft_key": f"test-mail-{campaign.pk}",
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": reverse("marketing:campaign_detail", args=[campaign.pk]),
            "back_label": campaign.name,
        }
        template = "ui/_form_dialog.html" if is_fragment(self.request) else "ui/form.html"
        return render(self.request, template, context, status=status)
