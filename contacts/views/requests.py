"""The register of privacy requests: taken down, answered in time, closed with a word."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.enums import RequestKind, RequestState
from contacts.forms.requests import AnswerForm, PrivacyRequestForm
from contacts.models import Contact, PrivacyRequest
from contacts.normalise import normalise_email
from contacts.selectors.person import choices_of
from contacts.services.archive import person_archive
from contacts.services.holds import OnLegalHold, active_hold, hold_words
from contacts.services.requests import (
    apply_correction,
    carry_out_erasure,
    close_request,
    hold_back,
    open_request,
)
from contacts.services.tombstones import let_in_again
from core.enums import Action
from core.ui.access import RecordTypeView, SignedInView
from core.ui.form_pages import CreatePage, add_errors
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.toasts import done


class RequestList(ListPage):
    record_type = "privacy_request"
    default_sort = "due"
    empty_text = _("Nobody has asked for anything yet.")


class RequestCreate(CreatePage):
    record_type = "privacy_request"
    form_class = PrivacyRequestForm
    title = _("New privacy request")
    submit_label = _("Take it down")

    def save(self, form: RecordForm) -> PrivacyRequest:
        values = {**form.values, "received_at": form.values.get("received_at") or timezone.now()}
        return open_request(actor=self.request.user, **values)


class RequestPage(RecordTypeView):
    """A request with what can be done about it; answering is a POST to the same address."""

    record_type = "privacy_request"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.find(pk), AnswerForm())

    def answer(
        self, record: PrivacyRequest, form: AnswerForm, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        contact: Contact | None = record.contact
        hold = active_hold(contact.pk) if contact is not None else None
        context: dict[str, Any] = {
            "title": str(record),
            "record": record,
            "contact": contact,
            "form": form,
            "error": error,
            "hold": hold_words(hold) if hold else "",
            "late": record.is_open and record.due_at < timezone.now(),
            "waiting": list(record.changes.get("waiting", {}).items()),
            "may_change": self.profile.allows("privacy_request", "change"),
            "may_erase": self.profile.can("erase_people"),
            "choices": choices_of(contact) if contact is not None and contact.name else None,
            "back_url": reverse("contacts:privacy_request_list"),
            "back_label": _t("Privacy requests"),
        }
        return render(self.request, "contacts/privacy_request.html", context, status=status)


class RequestAnswer(RequestPage):
    """Closes, refuses, applies, hands out or erases."""

    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record: PrivacyRequest = self.find(pk, Action.CHANGE)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.answer(record, form, status=422)
        try:
            return self.carry_out(record, request.POST.get("do", ""), form.cleaned_data["answer"])
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(record, form, status=422)
        except OnLegalHold as held:
            hold_back(actor=request.user, request=record)
            return self.answer(self.find(pk), form, error=str(held), status=422)

    def carry_out(self, record: PrivacyRequest, action: str, answer: str) -> HttpResponse:
        """Raises ValidationError, OnLegalHold, NotAllowed."""
        user, url = self.request.user, reverse("contacts:privacy_request_detail", args=[record.pk])
        if action == "erase":
            carry_out_erasure(actor=user, request=record)
            return done(self.request, url, _t("The person was erased."))
        if action == "apply":
            apply_correction(actor=user, request=record)
            return done(self.request, url, _t("Corrected"))
        if action == "hand_out":
            if record.contact is None or record.kind != RequestKind.ACCESS:
                raise ValidationError(_t("Say first who is meant."))
            return zip_response(person_archive(actor=user, contact=record.contact, request=record), record.pk)
        state = RequestState.REFUSED if action == "refuse" else RequestState.DONE
        close_request(actor=user, request=record, state=state, answer=answer)
        return done(self.request, url, _t("The request is closed."))


def zip_response(content: bytes, number: int) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="person-{number}.zip"',
            "Cache-Control": "private, no-store",
        },
    )


class LetIn(SignedInView):
    """Lets an erased address in again, because its owner came back."""

    capability = "erase_people"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        url = reverse("contacts:processing")
        try:
            address = normalise_email(request.POST.get("address", ""))
        except ValidationError as error:
            return done(request, url, " ".join(error.messages))
        known = let_in_again(actor=request.user, address=address)
        return done(
            request, url, _t("It may be kept again.") if known else _t("Nobody with this address was erased.")
        )
