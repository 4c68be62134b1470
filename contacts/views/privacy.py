"""A person's data for privacy officers: handed out, put on hold, erased; and what proves their consent."""

import csv
import io
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.enums import Channel
from contacts.forms.requests import HoldForm
from contacts.models import Consent, Contact, LegalHold
from contacts.purposes import all_purposes
from contacts.services.archive import person_archive
from contacts.services.holds import OnLegalHold, active_hold, hold_words, lift_hold, place_hold
from contacts.services.privacy import erase_contact
from contacts.views.requests import zip_response
from core.exporting.cells import harmless
from core.ui.access import RecordTypeView, SignedInView
from core.ui.form_pages import add_errors
from core.ui.toasts import done


class PrivacyView(SignedInView):
    """What is kept about a person: handed out as a file, kept by law, or erased for good after the name was
    typed."""

    capability = "erase_people"

    def contact(self, pk: int) -> Contact:
        contact: Contact | None = Contact.all_objects.visible_to(self.request.user).filter(pk=pk).first()
        if contact is None:
            raise Http404
        return contact

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.contact(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact, action = self.contact(pk), request.POST.get("do")
        if action == "export":
            return zip_response(person_archive(actor=request.user, contact=contact), contact.pk)
        if action == "hold":
            return self.place(contact)
        if action == "lift":
            hold = LegalHold.objects.filter(contact=contact, pk=request.POST.get("hold") or 0).first()
            if hold is None:
                raise Http404
            lift_hold(actor=request.user, hold=hold)
            return done(request, request.path, _("The hold is lifted."))
        if request.POST.get("name", "").strip() != str(contact):
            return self.answer(contact, error=_("Type the name exactly as it is shown."), status=422)
        try:
            erase_contact(actor=request.user, contact=contact)
        except OnLegalHold as held:
            return self.answer(contact, error=str(held), status=422)
        return done(request, reverse("contacts:contact_list"), _("The person was erased."))

    def place(self, contact: Contact) -> HttpResponse:
        form = HoldForm(self.request.POST)
        if not form.is_valid():
            return self.answer(contact, form=form, status=422)
        try:
            place_hold(actor=self.request.user, contact=contact, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(contact, form=form, status=422)
        return done(self.request, self.request.path, _("The data are on hold."))

    def answer(
        self, contact: Contact, *, error: str = "", form: HoldForm | None = None, status: int = 200
    ) -> HttpResponse:
        hold = active_hold(contact.pk)
        context: dict[str, Any] = {
            "title": _("Personal data of %(name)s") % {"name": contact},
            "record": contact,
            "error": error,
            "form": form or HoldForm(),
            "hold": hold_words(hold) if hold else "",
            "holds": LegalHold.objects.filter(contact=contact).select_related("placed_by", "lifted_by"),
            "back_url": "" if contact.deleted_at else reverse("contacts:contact_detail", args=[contact.pk]),
            "back_label": str(contact),
        }
        return render(self.request, "contacts/privacy.html", context, status=status)


def in_words(lines: list[Consent]) -> list[tuple[Consent, str, str]]:
    """Each line with its purpose and channel as people call them; a key that nobody names stays as it is."""
    purposes = {purpose.key: str(purpose.name) for purpose in all_purposes()}
    channels = {value: str(label) for value, label in Channel.choices}
    return [
        (line, purposes.get(line.purpose, line.purpose), channels.get(line.channel, line.channel))
        for line in lines
    ]


class ConsentLedger(RecordTypeView):
    """Every line of somebody's consent ledger with its words, source, time and author: the proof, also as CSV."""

    record_type = "contact"
    columns = ("at", "purpose", "channel", "state", "basis", "source", "wording", "version", "actor")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact: Contact = self.find(pk)
        lines = list(
            Consent.objects.filter(contact=contact)
            .select_related("wording_version", "actor")
            .order_by("-at", "-pk")
        )
        if request.GET.get("format") == "csv":
            return self.as_csv(contact, lines)
        context = {
            "title": _("Consent of %(name)s") % {"name": contact},
            "record": contact,
            "lines": in_words(lines),
            "back_url": self.type.url_of(contact.pk),
            "back_label": str(contact),
        }
        return render(request, "contacts/consents.html", context)

    def as_csv(self, contact: Contact, lines: list[Consent]) -> HttpResponse:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.columns)
        for one in lines:
            cells = (one.at.isoformat(), one.purpose, one.channel, one.state, one.basis, one.source,
                     one.wording, str(one.wording_version or ""), str(one.actor or ""))  # fmt: skip
            writer.writerow([harmless(cell) for cell in cells])
        return HttpResponse(
            text.getvalue().encode("utf-8-sig"),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="consent-{contact.pk}.csv"'},
        )
