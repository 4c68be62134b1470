"""Ways in for somebody without a link: asking for it, subscribing, confirming. Nothing tells who is known."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.forms.person import AddressForm, SubscribeForm
from contacts.models import OptIn
from contacts.person_links import footer_token, is_confirm_token, opt_in_of
from contacts.services.opt_ins import ask_to_opt_in, confirm_opt_in
from contacts.services.person_mails import ask_for_link
from contacts.services.wordings import wording_in_force
from contacts.views.person.base import PublicPage
from core.limits import client_address, within_limit

FROM_ONE_PLACE = 10
"""Requests an hour from one address of the network."""
TO_ONE_ADDRESS = 3
"""Mails a day that one address gets by these forms, however often somebody types it."""


def _too_many(request: HttpRequest) -> bool:
    return not within_limit("person-ask", client_address(request), FROM_ONE_PLACE, 3600)


class AskForLink(PublicPage):
    """Type an address, get the link by mail. The same answer for every address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(AddressForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        if _too_many(request):
            form.add_error(None, _("There were many requests from where you are. Try again in an hour."))
            return self.answer(form, 429)
        address = form.cleaned_data["address"]
        if not form.is_trapped and within_limit("person-link", address, TO_ONE_ADDRESS, 86_400):
            ask_for_link(actor=None, address=address)
        text = _("If we know this address, a mail with your link is on its way. It works for a day.")
        return self.notice(_("Look into your mail"), text)

    def answer(self, form: AddressForm, status: int = 200) -> HttpResponse:
        return self.show("contacts/person/ask.html", status, form=form)


class Subscribe(PublicPage):
    """Ask to be written to. Nothing is sent but the question whether it was you."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(SubscribeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SubscribeForm(request.POST)
        if not form.is_valid():
            return self.answer(form, 422)
        if _too_many(request):
            form.add_error(None, _("There were many requests from where you are. Try again in an hour."))
            return self.answer(form, 429)
        values = form.cleaned_data
        if not form.is_trapped and within_limit("opt-in", values["address"], TO_ONE_ADDRESS, 86_400):
            ask_to_opt_in(
                actor=None,
                address=values["address"],
                purposes=values["purposes"],
                first_name=values["first_name"],
                last_name=values["last_name"],
                source=_("Subscription page"),
                language=translation.get_language() or "",
            )
        text = _(
            "We have sent you a mail. Confirm in it that it was you; before that, nothing is sent to you."
        )
        return self.notice(_("One more step"), text)

    def answer(self, form: SubscribeForm, status: int = 200) -> HttpResponse:
        wording = wording_in_force("marketing", translation.get_language() or "")
        return self.show("contacts/person/subscribe.html", status, form=form, wording=wording)


class Confirm(PublicPage):
    """GET asks, as scanners follow links; POST confirms."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        opt_in = self.find(token)
        if opt_in is None:
            return self.damaged(subscribe=True)
        if not opt_in.is_open and opt_in.confirmed_at is None:
            return self.ended()
        return self.show("contacts/person/confirm.html", opt_in=opt_in, token=token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        opt_in = self.find(token)
        if opt_in is None:
            return self.damaged(subscribe=True)
        contact = confirm_opt_in(actor=None, opt_in=opt_in)
        if contact is None:
            return self.ended()
        url = reverse("preferences:centre", args=[footer_token(contact.pk)])
        return HttpResponse(status=303, headers={"Location": f"{url}?said=confirmed"})

    def find(self, token: str) -> OptIn | None:
        opt_in = OptIn.objects.select_related("wording_version").filter(pk=opt_in_of(token) or 0).first()
        if opt_in is None or not is_confirm_token(token, opt_in.pk, opt_in.nonce):
            return None
        return opt_in

    def ended(self) -> HttpResponse:
        text = _("The confirmation was asked for too long ago. Subscribe again if you like.")
        return self.notice(_("This link has ended"), text, status=410, subscribe=True)
