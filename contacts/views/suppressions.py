"""The list of addresses that are left alone: kept by hand, brought in from a file, lifted with a reason."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.enums import SuppressionCause
from contacts.forms.privacy import LiftForm, SuppressionForm, SuppressionListForm
from contacts.models import Contact, Suppression
from contacts.selectors.privacy import contacts_at
from contacts.services.consents import suppress
from contacts.services.suppressions import Imported, import_suppressions, lift_with_reason
from core.enums import Action
from core.ui.access import RecordTypeView
from core.ui.form_pages import add_errors
from core.ui.lists import ListPage
from core.ui.toasts import done

SHOWN = 50


class SuppressionList(ListPage):
    record_type = "suppression"
    default_sort = "-since"
    empty_text = _("Nobody has to be left alone.")
    template_name = "contacts/suppressions/list.html"

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(address__icontains=text.strip())

    def extra_context(self, query: Any) -> dict[str, Any]:
        return {"may_import": self.profile.allows("suppression", "add")}


class SuppressionCreate(RecordTypeView):
    """Adds one address."""

    record_type = "suppression"
    required_action = Action.ADD

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(SuppressionForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SuppressionForm(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        row = suppress(actor=request.user, **form.cleaned_data)
        return done(
            request, reverse("contacts:suppression_detail", args=[row.pk]), _t("It is left alone now.")
        )

    def answer(self, form: SuppressionForm, status: int = 200) -> HttpResponse:
        context = {"title": _t("Leave an address alone"), "form": form, **_back()}
        return render(self.request, "contacts/suppressions/form.html", context, status=status)


class SuppressionImport(RecordTypeView):
    """Brings a list in; the answer says what became of each line, and keeps nothing of the file."""

    record_type = "suppression"
    required_action = Action.ADD

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(SuppressionListForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SuppressionListForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form, status=422)
        given = {name: form.cleaned_data[name] for name in ("reach", "cause", "source")}
        try:
            outcome = import_suppressions(actor=request.user, text=form.cleaned_data["list"], **given)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, status=422)
        return self.answer(SuppressionListForm(initial=given), outcome)

    def answer(
        self, form: SuppressionListForm, outcome: Imported | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": _t("Bring in a suppression list"),
            "form": form,
            "outcome": outcome,
            "wrong": outcome.wrong[:SHOWN] if outcome else [],
            **_back(),
        }
        return render(self.request, "contacts/suppressions/import.html", context, status=status)


class SuppressionPage(RecordTypeView):
    """An entry with whose address it is, and the way to lift it."""

    record_type = "suppression"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.find(pk), LiftForm())

    def answer(self, record: Suppression, form: LiftForm, status: int = 200) -> HttpResponse:
        is_erased = record.cause == SuppressionCause.ERASED
        ids = [] if is_erased else [one.pk for one in contacts_at(record.address)]
        context = {
            "title": _t("An erased person") if is_erased else record.address,
            "record": record,
            "is_erased": is_erased,
            "people": Contact.objects.visible_to(self.request.user).filter(pk__in=ids)[:SHOWN],
            "form": form,
            "may_lift": not is_erased and self.profile.allows("suppression", "delete"),
            **_back(),
        }
        return render(self.request, "contacts/suppressions/detail.html", context, status=status)


class SuppressionLift(SuppressionPage):
    """Takes an entry away."""

    required_action = Action.DELETE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record: Suppression = self.find(pk, Action.DELETE)
        form = LiftForm(request.POST)
        if not form.is_valid():
            return self.answer(record, form, 422)
        try:
            lift_with_reason(actor=request.user, suppression=record, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(self.find(pk), form, 422)
        return done(request, reverse("contacts:suppression_list"), _t("It may be written to again."))


def _back() -> dict[str, str]:
    return {"back_url": reverse("contacts:suppression_list"), "back_label": _t("Suppressed addresses")}
