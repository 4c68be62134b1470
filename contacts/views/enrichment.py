"""Taking or dismissing a value that was found, and looking at a company's own site."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import ValueSource
from contacts.selectors.enrichment import sources_of
from contacts.services.enrichment import accept, dismiss, start_look_up
from core.enums import Action
from core.registries import records
from core.ui.access import RecordTypeView, SignedInView
from core.ui.toasts import done, refused
from core.ui.undo import undo_url


class SuggestionView(SignedInView):
    """POST `do=accept|dismiss`. A suggestion that one does not see is 404, one that one may not decide 403."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = (
            ValueSource.objects.visible_to(request.user)
            .select_related("contact", "company")
            .filter(pk=pk)
            .first()
        )
        record: Any = (row.contact or row.company) if row is not None else None
        if row is None or row.pk not in {one.pk for one in sources_of(record, request.user)}:
            raise Http404
        url = records.of(record).url_of(record.pk)
        try:
            if request.POST.get("do") == "accept":
                accept(actor=request.user, suggestion=row)
                return done(request, url, _("Taken over"), undo_url=undo_url(request))
            dismiss(actor=request.user, suggestion=row)
        except ValidationError as error:
            return refused(request, url, error.messages[0])
        return done(request, url, _("Dismissed"), undo_url=undo_url(request))


class LookUpView(RecordTypeView):
    """POST reads a company's own site for suggestions, where the installation allows it."""

    record_type = "company"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = self.find(pk, Action.CHANGE)
        if not settings.ENRICH_FROM_SITES:
            return refused(request, self.type.url_of(pk), _("Looking at companies' sites is switched off."))
        try:
            job = start_look_up(actor=request.user, company=company)
        except ValidationError as error:
            return refused(request, self.type.url_of(pk), error.messages[0])
        return done(request, reverse("core:job", args=[job.pk]))
