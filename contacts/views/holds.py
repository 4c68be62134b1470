"""Legal holds of everybody, and the organisation's decisions about requests."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.forms.privacy import NewHoldForm, PrivacySettingsForm
from contacts.models import Contact, LegalHold, PrivacySettings
from contacts.selectors.holds import holds_of
from contacts.services.holds import lift_hold, place_hold
from contacts.services.privacy_settings import save_privacy_settings
from core.ui.access import SignedInView
from core.ui.form_pages import add_errors
from core.ui.toasts import done


class HoldList(SignedInView):
    """All holds with what they block; POST places one."""

    capability = "erase_people"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(NewHoldForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewHoldForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            place_hold(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, 422)
        return done(request, request.path, _("The data are on hold."))

    def answer(self, form: NewHoldForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Legal holds"),
            "page_icon": "lock",
            "form": form,
            "lines": holds_of(self.request.user),
            "back_url": reverse("contacts:privacy_request_list"),
            "back_label": _("Privacy requests"),
        }
        return render(self.request, "contacts/holds.html", context, status=status)


class HoldLift(SignedInView):
    """Ends a hold; what waited for it can be carried out."""

    capability = "erase_people"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = Contact.all_objects.visible_to(request.user)
        hold = LegalHold.objects.filter(pk=pk, contact__in=visible).first()
        if hold is None:
            raise Http404
        lift_hold(actor=request.user, hold=hold)
        return done(request, reverse("contacts:hold_list"), _("The hold is lifted."))


class PrivacySettingsView(SignedInView):
    """Whether people are erased at once."""

    capability = "erase_people"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(PrivacySettingsForm(instance=PrivacySettings.objects.filter(pk=1).first()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PrivacySettingsForm(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        save_privacy_settings(actor=request.user, **form.cleaned_data)
        return done(request, request.path, _("Saved"))

    def answer(self, form: PrivacySettingsForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Privacy settings"),
            "page_icon": "shield-lock",
            "form": form,
            "back_url": reverse("contacts:privacy_request_list"),
            "back_label": _("Privacy requests"),
        }
        return render(self.request, "contacts/privacy_settings.html", context, status=status)
