"""The inbox of notifications."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Notification
from core.services.notifications import mark_all_read, mark_read
from core.ui.access import SignedInView
from core.ui.toasts import done

SHOWN = 100
KIND_ICONS = {
    "mention": "at",
    "job": "progress",
    "assigned": "user-check",
    "reply": "mail",
    "due": "clock",
    "follow": "bell",
}


class InboxView(SignedInView):
    """The newest notifications; `?unread=1` leaves out those that were read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Notification.objects.visible_to(request.user).order_by("-pk")
        unread_only = request.GET.get("unread") == "1"
        if unread_only:
            rows = rows.filter(read_at__isnull=True)
        found = [(item, KIND_ICONS.get(item.kind, "bell")) for item in rows[:SHOWN]]
        context = {"title": _("Inbox"), "page_icon": "inbox", "items": found, "unread_only": unread_only}
        return render(request, "ui/inbox.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        mark_all_read(actor=request.user)
        return done(request, request.path, _("Everything is marked as read"))


class NotificationView(SignedInView):
    """Opening a notification marks it as read and leads to what it is about."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = Notification.objects.visible_to(request.user).filter(pk=pk).first()
        if item is None:
            raise Http404
        mark_read(actor=request.user, notification=item)
        is_ours = item.url.startswith("/") and not item.url.startswith("//")
        return HttpResponseRedirect(item.url if is_ours else reverse("core:inbox"))
