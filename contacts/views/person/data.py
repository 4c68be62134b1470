"""Seeing, correcting, downloading and erasing one's own data: only by a fresh link sent to one's own address."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.enums import RequestKind
from contacts.forms.person import CorrectionForm
from contacts.selectors.person import reasons_of
from contacts.services.archive import person_archive
from contacts.services.requests import (
    ask_for_own_erasure,
    correct_own_data,
    open_request,
    value_of,
)
from contacts.views.person.base import PersonPage
from core.ui.form_pages import add_errors


class OwnerPage(PersonPage):
    """Needs the link that was sent on request; where several people share the address, we look first."""

    def centre(self) -> HttpResponse:
        return HttpResponse(
            status=303, headers={"Location": reverse("preferences:centre", args=[self.person.token])}
        )


class OwnData(OwnerPage):
    """What we know, in a form that corrects it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.person.may_see_data:
            return self.centre()
        return self.answer(CorrectionForm(initial=self.initial()), saved=request.GET.get("said", ""))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.person.may_see_data:
            return self.centre()
        form = CorrectionForm(request.POST, initial=self.initial())
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            line = correct_own_data(
                actor=None, contact=self.person.contact, changes=form.cleaned_data, source=self.person.source
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, status=422)
        said = "same" if line is None else "waiting" if line.is_open else "applied"
        url = reverse("preferences:data", args=[token])
        return HttpResponse(status=303, headers={"Location": f"{url}?said={said}"})

    def initial(self) -> dict[str, str]:
        return {name: value_of(self.person.contact, name) for name in CorrectionForm.base_fields}

    def answer(self, form: CorrectionForm, *, saved: str = "", status: int = 200) -> HttpResponse:
        said = {
            "same": _("Nothing was changed."),
            "waiting": _("Thank you. A colleague looks at it first; you can see here when it is done."),
            "applied": _("Thank you. It is corrected."),
        }
        return self.show(
            "contacts/person/data.html",
            status,
            person=self.person,
            token=self.person.token,
            form=form,
            said=said.get(saved, ""),
            reasons=reasons_of(self.person.contact),
        )


class Download(OwnerPage):
    """Everything as a zip of JSON and CSV, at once where the address is the person's alone."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person = self.person
        if not person.is_owner:
            return self.centre()
        line = open_request(actor=None, kind=RequestKind.ACCESS, contact=person.contact, source=person.source)
        if not person.is_alone:
            return self.notice(
                _("We look at it first"),
                _("Several people use this address. A colleague makes sure that only you get your data."),
                token=person.token,
            )
        content = person_archive(actor=None, contact=person.contact, request=line)
        return HttpResponse(
            content,
            content_type="application/zip",
            headers={"Content-Disposition": 'attachment; filename="my-data.zip"'},
        )


class EraseMe(OwnerPage):
    """Asked once more, then carried out or queued, as the organisation decided."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer() if self.person.is_owner else self.centre()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person = self.person
        if not person.is_owner:
            return self.centre()
        if request.POST.get("sure") != "yes":
            return self.answer(error=_("Tick the box, so that nothing is erased by accident."), status=422)
        outcome = ask_for_own_erasure(
            actor=None, contact=person.contact, source=person.source, is_alone=person.is_alone
        )
        if outcome == "erased":
            return self.notice(
                _("You are erased"), _("We keep nothing about you any more. Goodbye, and thank you.")
            )
        if outcome == "held":
            text = _("The law obliges us to keep your data for now. We use them for nothing else, and erase them"
                     " when that ends. We write to you.")  # fmt: skip
            return self.notice(_("Your data must be kept for now"), text, token=person.token)
        text = _("A colleague carries it out within a month. No mailings go to you from now on.")
        return self.notice(_("We have your request"), text, token=person.token)

    def answer(self, *, error: str = "", status: int = 200) -> HttpResponse:
        return self.show(
            "contacts/person/erase.html", status, person=self.person, token=self.person.token, error=error
        )
