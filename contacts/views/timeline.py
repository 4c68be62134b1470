"""The timeline's fragments and the composer, for records of any type that has a timeline."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from contacts.enums import ActivityKind
from contacts.forms.activities import ComposerForm
from contacts.models import Company, Contact
from contacts.selectors.pages import record_context
from contacts.selectors.timeline import GROUPS, timeline_of
from contacts.services.activities import log_activity
from contacts.services.mailing import send_email
from core.enums import Action
from core.paging import BadCursor
from core.registries import records
from core.services.base import NotAllowed
from core.ui.access import SignedInView, is_fragment
from core.ui.form_pages import add_errors
from core.ui.toasts import done, trigger


class OfRecord(SignedInView):
    """Views below a record named by type and id in the URL; out of scope is 404."""

    def record(self, record_type: str, pk: int) -> Any:
        found = records.resolve(record_type, pk, self.request.user)
        if found is None:
            raise Http404
        return found


class TimelineView(OfRecord):
    """Older days, one group only, or what a search finds."""

    def get(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.record(record_type, pk)
        group, text = request.GET.get("group", ""), request.GET.get("q", "")[:100]
        group = group if group in GROUPS else ""
        try:
            page = timeline_of(
                record, request.user, group=group, text=text, cursor=request.GET.get("cursor", "")
            )
        except BadCursor:
            raise Http404 from None
        context = {
            "record": record,
            "timeline": page,
            "timeline_groups": GROUPS,
            "group": group,
            "text": text,
            "type": records.get(record_type),
            "title": _("Timeline of %(record)s") % {"record": record},
        }
        older = bool(request.GET.get("cursor"))
        if is_fragment(request):
            return render(
                request,
                "contacts/timeline/_days.html" if older else "contacts/timeline/_timeline.html",
                context,
            )
        return render(request, "contacts/timeline/page.html", context)


class ComposeView(OfRecord):
    """Writes an activity from the composer; an invalid one comes back with everything typed (422)."""

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.record(record_type, pk)
        form = ComposerForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                activity = self._log(record, form)
            except ValidationError as error:
                add_errors(form, error)
            else:
                return self._answer(record, self._told(activity))
        context = {"record": record, "type": records.get(record_type), "composer": form, "may_compose": True}
        template = "contacts/_composer.html" if is_fragment(request) else "contacts/compose.html"
        response = render(request, template, {**context, "title": _("Write")}, status=422)
        # the form alone takes the form's place: the timeline below it stays
        response["HX-Retarget"], response["HX-Reswap"] = "[data-composer]", "outerHTML"
        return response

    def _log(self, record: Any, form: ComposerForm) -> Any:
        user, values = self.request.user, form.values()
        if not self.profile.allows("activity", Action.ADD):
            raise NotAllowed(_("Your role does not allow this."))
        link = [] if isinstance(record, Contact | Company) else [(record.record_type, record.pk)]
        contact = record if isinstance(record, Contact) else getattr(record, "contact", None)
        company = record if isinstance(record, Company) else getattr(record, "company", None)
        if values["kind"] == ActivityKind.EMAIL:
            party = contact if contact is not None and not isinstance(record, Company) else company
            return self._send(party, values, link)
        if isinstance(record, Contact):
            return log_activity(actor=user, contact=record, **values)
        return log_activity(actor=user, contact=contact, company=company, links=link, **values)

    def _told(self, activity: Any) -> str:
        if activity.kind == ActivityKind.EMAIL:
            return _("The e-mail is on its way")
        return _("%(kind)s logged") % {"kind": activity.get_kind_display()}

    def _send(self, party: Any, values: dict[str, Any], link: Any) -> Any:
        if party is None:
            raise ValidationError(_("There is nobody here to write to. Add a person first."))
        given = ("subject", "body", "follow_up_at", "custom")
        words = {name: values[name] for name in given if name in values}
        return send_email(actor=self.request.user, party=party, links=link, **words)

    def _answer(self, record: Any, text: str) -> HttpResponse:
        if not is_fragment(self.request):
            return done(self.request, records.of(record).url_of(record.pk), text)
        context = {
            "record": record,
            "type": records.of(record),
            "record_url": records.of(record).url_of(record.pk),
            **record_context(record, self.request.user),
        }
        response = render(self.request, "contacts/_activity_column.html", context)
        return trigger(response, toast={"text": text, "tone": "success"})
