"""A person's access request and erasure, for administrators."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.services.privacy import erase_contact, export_contact
from core.ui.access import SignedInView
from core.ui.toasts import done


class PrivacyView(SignedInView):
    """What is kept about a person: handed out as a file, or erased for good after the name was typed."""

    capability = "erase_people"

    def contact(self, pk: int) -> Contact:
        contact: Contact | None = Contact.all_objects.visible_to(self.request.user).filter(pk=pk).first()
        if contact is None:
            raise Http404
        return contact

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.contact(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = self.contact(pk)
        if request.POST.get("do") == "export":
            return self.export(contact)
        if request.POST.get("name", "").strip() != str(contact):
            return self.answer(contact, error=_("Type the name exactly as it is shown."), status=422)
        erase_contact(actor=request.user, contact=contact)
        return done(request, reverse("contacts:contact_list"), _("The person was erased."))

    def export(self, contact: Contact) -> HttpResponse:
        found = export_contact(actor=self.request.user, contact=contact)
        return HttpResponse(
            json.dumps(found, ensure_ascii=False, indent=2),
            content_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="person-{contact.pk}.json"',
                "Cache-Control": "private, no-store",
            },
        )

    def answer(self, contact: Contact, *, error: str = "", status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "title": _("Personal data of %(name)s") % {"name": contact},
            "record": contact,
            "error": error,
            "back_url": "" if contact.deleted_at else reverse("contacts:contact_detail", args=[contact.pk]),
            "back_label": str(contact),
        }
        return render(self.request, "contacts/privacy.html", context, status=status)
