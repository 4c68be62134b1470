"""The customer profile: a page of its own, and the card that the record's page loads after itself."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.profile.subject import subject_of
from core.registries import profile
from core.ui.access import RecordTypeView, is_fragment


class ProfileView(RecordTypeView):
    """Nineteen questions with their answers, in the viewer's scope."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.find(pk)
        subject = subject_of(record, request.user)
        context = {
            "title": _("Profile of %(name)s") % {"name": record},
            "record": record,
            "subject": subject,
            "answers": profile.answers(subject, request.user),
            "profile_url": reverse(f"contacts:{self.record_type}_profile", args=[pk]),
            "back_url": self.type.url_of(pk),
            "back_label": str(record),
        }
        fragment = is_fragment(request)
        return render(
            request, "contacts/profile/_short.html" if fragment else "contacts/profile/page.html", context
        )


class ContactProfileView(ProfileView):
    record_type: ClassVar[str] = "contact"


class CompanyProfileView(ProfileView):
    record_type: ClassVar[str] = "company"
