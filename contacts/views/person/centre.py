"""The preference centre: what somebody wants to hear about, by which channel, how often, and not at all."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import Channel, Frequency
from contacts.purposes import MARKETING, all_purposes
from contacts.selectors.person import choices_of, reasons_of
from contacts.selectors.privacy import addresses_of
from contacts.services.person_mails import ask_for_link
from contacts.services.preferences import choose, set_pace, stop_all
from contacts.views.person.base import PersonPage
from core.limits import within_limit

PAUSES = (0, 2, 4, 8, 12, 26)
LINKS_A_DAY = 3
SAID = {
    "saved": gettext_lazy("Your choice is saved."),
    "stopped": gettext_lazy(
        "Done. No mailings go to you any more. Answers to your own questions still reach you."
    ),
    "confirmed": gettext_lazy("Thank you, you are confirmed. Here you change your mind at any time."),
    "sent": gettext_lazy("We have sent a link to your address. It works for a day."),
}


class Centre(PersonPage):
    """GET shows it and changes nothing, as scanners follow links; POST writes. Both links open it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer(said=str(SAID.get(request.GET.get("said", ""), "")))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        action = request.POST.get("do", "save")
        if action == "stop":
            stop_all(actor=None, contact=self.person.contact, source=self.person.source)
            return self.done("stopped")
        if action == "link":
            self.send_link()
            return self.done("sent")
        try:
            self.save(request)
        except (ValidationError, ValueError):
            return self.answer(error=_("Choose one of what is offered."), status=422)
        return self.done("saved")

    def save(self, request: HttpRequest) -> None:
        """Write what the form says. Raises ValueError, ValidationError for what it does not offer."""
        ticked = set(request.POST.getlist("topic"))
        channels = set(request.POST.getlist("channel"))
        wanted = {(one.key, str(Channel.EMAIL)): one.key in ticked for one in all_purposes()}
        wanted |= {
            (MARKETING.key, str(one.value)): one.value in channels for one in Channel if one != Channel.EMAIL
        }
        pause = request.POST.get("pause", "")
        set_pace(
            actor=None,
            contact=self.person.contact,
            frequency=request.POST.get("frequency") or None,
            pause_weeks=int(pause) if pause else None,
        )
        choose(
            actor=None,
            contact=self.person.contact,
            wanted=wanted,
            source=self.person.source,
            language=translation.get_language() or "",
        )

    def send_link(self) -> None:
        """A fresh link to the address on file, which is not told here. The same answer when the limit is reached."""
        for address in addresses_of(self.person.contact.pk)[:1]:
            if within_limit("person-link", address, LINKS_A_DAY, 86_400):
                ask_for_link(actor=None, address=address)

    def done(self, said: str) -> HttpResponse:
        url = reverse("preferences:centre", args=[self.person.token])
        return HttpResponse(status=303, headers={"Location": f"{url}?said={said}"})

    def answer(self, *, said: str = "", error: str = "", status: int = 200) -> HttpResponse:
        contact = self.person.contact
        return self.show(
            "contacts/person/centre.html",
            status,
            person=self.person,
            token=self.person.token,
            masked=masked(next(iter(addresses_of(contact.pk)), "")),
            choices=choices_of(contact),
            frequencies=Frequency.choices,
            pauses=PAUSES,
            reasons=reasons_of(contact) if self.person.may_see_data else [],
            said=said,
            error=error,
        )


def masked(address: str) -> str:
    """`a…@example.org`: enough for its owner, no use to whoever got the mail passed on."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if domain else ""
