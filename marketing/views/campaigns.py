"""Pages of campaigns."""

import re
from typing import Any

from csp.decorators import csp
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.enums import Action
from core.mail.parser import parse
from core.paging import BadCursor, keyset_page
from core.ui.access import RecordTypeView, is_fragment
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from marketing.enums import CampaignState, EngagementKind, LeftOut, RecipientState
from marketing.forms.campaigns import CampaignForm, LaunchedCampaignForm
from marketing.models import Campaign, Recipient, Variant
from marketing.selectors.audience import AudienceCount, count_audience, people_of
from marketing.selectors.permissions import purpose_of
from marketing.selectors.results import (
    clicks_by_link,
    left_out_of,
    progress_of,
    recipients_of,
    results_of,
)
from marketing.services.campaigns import create_campaign, update_campaign
from marketing.services.messages import compile_variant, preview

RESULTS_SHOWN = (
    EngagementKind.OPEN,
    EngagementKind.CLICK,
    EngagementKind.UNSUBSCRIBE,
    EngagementKind.BOUNCE,
)


class CampaignList(ListPage):
    record_type = "campaign"
    default_sort = "-created"
    empty_text = gettext_lazy("No campaigns yet. Make a segment, then write to it.")


class CampaignCreate(CreatePage):
    record_type = "campaign"
    form_class = CampaignForm
    title = gettext_lazy("New campaign")

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        return {"from_name": str(user), "from_address": user.email, "owner": user.pk, **super().get_initial()}  # type: ignore[union-attr]

    def save(self, form: RecordForm) -> Campaign:
        return create_campaign(actor=self.request.user, **form.values)


class CampaignEdit(EditPage):
    record_type = "campaign"
    title = gettext_lazy("Edit campaign")

    def get_form(self, data: Any = None, files: Any = None) -> RecordForm:
        kwargs = self.form_kwargs()
        draft = kwargs["instance"].state == CampaignState.DRAFT
        form_class = CampaignForm if draft else LaunchedCampaignForm
        return form_class(data, files, user=self.request.user, **kwargs)

    def save(self, form: RecordForm) -> Campaign:
        campaign: Campaign = self.fresh()
        update_campaign(
            actor=self.request.user,
            campaign=campaign,
            expected_version=form.expected_version,
            **form.changes,
        )
        return campaign


class CampaignPage(RecordPage):
    record_type = "campaign"
    template_name = "marketing/campaign_detail.html"
    edit_url_name = "marketing:campaign_update"
    groups = (
        FieldGroup(gettext_lazy("Audience"), ("segment", "topic", "consent_needed")),
        FieldGroup(gettext_lazy("Sender"), ("from_name", "from_address", "reply_to")),
        FieldGroup(
            gettext_lazy("Campaign"),
            ("owner", "track", Field("launched_at", editable=False), Field("finished_at", editable=False)),
        ),
    )

    def get_queryset(self) -> QuerySet[Campaign]:
        rows: QuerySet[Campaign] = super().get_queryset()
        return rows.select_related("segment", "topic", "owner")

    def extra_context(self, record: Campaign) -> dict[str, Any]:
        words = record.variants.get()
        context: dict[str, Any] = {
            "words": words,
            "subject": subject_of(record, words),
            "is_draft": record.state == CampaignState.DRAFT,
            "may_send": self.profile.can("send_campaigns"),
        }
        if record.state == CampaignState.DRAFT:
            audience = self._audience(record)
            left_out = audience.left_out.items() if audience else ()
            context |= {
                "problems": problems_of(record),
                "audience": audience,
                "left_out_now": [(LeftOut(reason).label, number) for reason, number in left_out],
            }
            return context
        return {**context, **progress_context(record), **results_context(record)}

    def _audience(self, record: Campaign) -> AudienceCount | None:
        if record.segment is None:
            return None
        people = people_of(record.segment, self.request.user)
        return count_audience(people, purpose=purpose_of(record), consent_needed=record.consent_needed)


def subject_of(campaign: Campaign, words: Variant) -> str:
    """The subject as a made-up recipient reads it; as it was typed where a field in it is wrong."""
    try:
        return preview(campaign, words, None)[0]
    except ValidationError:
        return words.subject


def problems_of(campaign: Campaign) -> list[str]:
    """What must be mended before the launch, in words."""
    found = []
    if campaign.segment_id is None:
        found.append(_("Choose the segment to write to."))
    try:
        compile_variant(campaign, campaign.variants.get())
    except ValidationError as error:
        found += error.messages
    return found


def progress_context(campaign: Campaign) -> dict[str, Any]:
    progress = progress_of(campaign)
    url = reverse("marketing:campaign_recipients", args=[campaign.pk])
    states = [
        (state.label, getattr(progress, state.value), f"{url}?state={state.value}", state.value)
        for state in RecipientState
        if getattr(progress, state.value)
    ]
    return {
        "record": campaign,
        "progress": progress,
        "states": states,
        "is_open": campaign.state == CampaignState.SENDING,
        "unknown_url": f"{url}?state={RecipientState.UNKNOWN.value}",
    }


def results_context(campaign: Campaign) -> dict[str, Any]:
    results, sent = results_of(campaign), progress_of(campaign).sent
    return {
        "results": [
            (kind.label, results[kind.value], results[kind.value].people / sent if sent else None)
            for kind in RESULTS_SHOWN
        ],
        "clicks": clicks_by_link(campaign)[:50],
        "left_out": [(LeftOut(reason).label, number) for reason, number in left_out_of(campaign)],
    }


class CampaignProgress(RecordTypeView):
    """The live part of a launched campaign's page; asked for again while it sends. Once it no longer does, the state
    in the page's head and the buttons come along."""

    record_type = "campaign"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk)
        if campaign.state == CampaignState.DRAFT:
            raise Http404
        context = {**progress_context(campaign), **results_context(campaign)}
        if campaign.state != CampaignState.SENDING:
            changeable = Campaign.objects.visible_to(request.user, Action.CHANGE).filter(pk=pk)
            context |= {
                "has_moved": True,
                "may_change": self.profile.allows("campaign", "change") and changeable.exists(),
                "may_send": self.profile.can("send_campaigns"),
            }
        return render(request, "marketing/_campaign_progress.html", context)


PREVIEW_POLICY = {
    "default-src": ["'none'"],
    "img-src": ["https:", "http:", "data:"],
    "style-src": ["'unsafe-inline'"],
    "sandbox": [],
    "frame-ancestors": ["'self'"],
}
"""A mail's styles stand on its elements. The page is alone in a sandbox: no script, no form, no cookie."""


PIXEL = re.compile(r"<img[^>]*/m/t/[^>\"]*/o\"[^>]*>")
"""The open pixel: a preview is not an opened mail."""


class CampaignPreview(RecordTypeView):
    """The HTML part as a made-up person gets it, for the frame on the campaign's page."""

    record_type = "campaign"

    @method_decorator(csp(PREVIEW_POLICY))
    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk)
        try:
            _subject, raw = preview(campaign, campaign.variants.get(), None)
        except ValidationError as error:
            return HttpResponse("\n".join(error.messages), content_type="text/plain", status=422)
        mail = parse(raw)
        if mail.html:
            return HttpResponse(PIXEL.sub("", mail.html))
        return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")


class CampaignRecipients(RecordTypeView):
    """Lines of the ledger, by state, of people whom the viewer may see."""

    record_type = "campaign"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.find(pk)
        state = request.GET.get("state", "")
        rows = recipients_of(campaign, request.user, state)
        try:
            page = keyset_page(rows, ("pk",), cursor=request.GET.get("cursor", ""), size=50)
        except BadCursor:
            page = keyset_page(rows, ("pk",), size=50)
        found: dict[int, Recipient] = rows.in_bulk(page.ids)
        progress = progress_of(campaign)
        context = {
            "title": _("Recipients"),
            "campaign": campaign,
            "back_url": reverse("marketing:campaign_detail", args=[pk]),
            "back_label": campaign.name,
            "rows": [found[pk] for pk in page.ids],
            "next": page.next,
            "state": state,
            "states": [(one.value, one.label, getattr(progress, one.value)) for one in RecipientState],
            "may_change": self.profile.allows("campaign", Action.CHANGE),
        }
        template = "_recipients" if is_fragment(request) else "campaign_recipients"
        return render(request, f"marketing/{template}.html", context)
