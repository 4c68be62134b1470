"""Mail that became no ticket: looked at, read again, or put away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from core.enums import Action
from core.ui.access import RecordTypeView
from core.ui.toasts import done
from service.selectors.tickets import mail_to_look_at
from service.services.receiving import dismiss_mail, read_again

SHOWN = 100


class UnreadMailList(RecordTypeView):
    """Unreadable and held-back mail, the newest first."""

    record_type = "raw_mail"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = mail_to_look_at(request.user)
        context = {
            "title": _t("Mail to look at"),
            "back_url": reverse("service:ticket_list"),
            "back_label": _t("Tickets"),
            "mails": rows[:SHOWN],
            "count": rows.order_by().count(),
            "shown": SHOWN,
            "may_change": self.profile.allows("raw_mail", "change"),
        }
        return render(request, "service/unread_mail.html", context)


class UnreadMailAction(RecordTypeView):
    """`read` tries again, `dismiss` puts the mail away."""

    record_type = "raw_mail"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = mail_to_look_at(request.user).filter(pk=pk).first()
        if mail is None:
            raise Http404
        back = reverse("service:unread_mail")
        if request.POST.get("action") == "dismiss":
            dismiss_mail(actor=request.user, mail=mail)
            return done(request, back, _t("Put away; it is kept all the same"))
        received = read_again(actor=request.user, mail=mail)
        if received.ticket_id is None:
            return done(request, back, _t("It still can't be read"))
        url = reverse("service:ticket_detail", args=[received.ticket_id])
        return done(request, url, _t("Read: ticket #%(number)d") % {"number": received.ticket_id})
