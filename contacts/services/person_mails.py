"""The mails that somebody asks for themselves: the link to their own page, and the confirmation of an address."""

import time
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.enums import PointKind, Sending
from contacts.models import ContactPoint, OptIn
from contacts.person_links import OWNER_HOURS, confirm_token, owner_token
from contacts.selectors.gate import refusal_for
from core.mail.addresses import normalise_email
from core.mail.language import mail_language
from core.mail.transport import new_message_id, send_mail
from core.models import Organisation
from core.services.base import service
from core.services.jobs import enqueue_job


@service
def ask_for_link(*, actor: Any, address: str) -> None:
    """Send the link to their own page to whoever has this address; nothing tells whether anybody has.

    The same work is queued either way, and the job names records, never the address.
    """
    points = points_at(address)
    enqueue_job(
        actor=None,
        kind="contacts.send_link",
        params={"points": [point.pk for point in points]},
    )


def points_at(address: str) -> list[ContactPoint]:
    """The addresses of live contacts that are this one; a few people may share it."""
    target = normalise_email(address)
    if target is None:
        return []
    rows = ContactPoint.objects.filter(
        kind=PointKind.EMAIL, normalised=target, contact__deleted_at__isnull=True
    )
    return list(rows.select_related("contact").order_by("contact_id")[:5])


def send_link(point_ids: list[int]) -> bool:
    """One mail with the links of all who share the address. Returns whether it was sent; raises
    SMTPException or OSError when the server did not take it."""
    rows = ContactPoint.objects.select_related("contact").filter(
        pk__in=point_ids, contact__deleted_at__isnull=True
    )
    points = list(rows.order_by("contact_id"))
    if not points or refusal_for(address=points[0].normalised, sending=Sending.REQUESTED):
        return False
    contact: Any = points[0].contact
    with translation.override(mail_language(contact.language)):
        lines = "\n".join(f"{point.contact}: {owner_url(point)}" for point in points)
        text = _(
            "You asked for the link to your preferences and your data at %(name)s.\n\n"
            "%(lines)s\n\n"
            "It works for %(hours)d hours. Keep it to yourself: whoever has it sees what we know about you.\n"
            "If you did not ask for it, you need not do anything.\n"
        ) % {"name": _organisation(), "lines": lines, "hours": OWNER_HOURS}
        _send(_("Your preferences and your data"), text, points[0].normalised)
    return True


def owner_url(point: ContactPoint) -> str:
    """The link for the owner of an address, good for `OWNER_HOURS`."""
    assert point.contact_id is not None
    expires = int(time.time()) + OWNER_HOURS * 3600
    token = owner_token(point.contact_id, point.pk, point.normalised, expires)
    return _absolute(reverse("preferences:centre", args=[token]))


def send_confirmation(opt_in_id: int) -> bool:
    """Ask the owner of the address. Returns whether a mail was sent; raises SMTPException or OSError."""
    request = OptIn.objects.filter(pk=opt_in_id).first()
    if request is None or not request.is_open:
        return False
    if refusal_for(address=request.address, sending=Sending.REQUESTED):
        return False
    OptIn.objects.filter(pk=request.pk).update(mails=F("mails") + 1, mailed_at=timezone.now())
    with translation.override(mail_language(request.language)):
        token = confirm_token(request.pk, request.nonce)
        text = _(
            "Somebody, we hope you, asked that %(name)s writes to this address.\n\n"
            "If it was you, open this page and confirm:\n%(url)s\n\n"
            "If it was not you, you need not do anything: nothing is sent to you.\n"
        ) % {"name": _organisation(), "url": _absolute(reverse("preferences:confirm", args=[token]))}
        try:
            _send(_("Please confirm your address"), text, request.address)
        except (SMTPException, OSError):
            OptIn.objects.filter(pk=request.pk).update(mails=F("mails") - 1, mailed_at=None)
            raise
    return True


def _send(subject: str, text: str, address: str) -> None:
    send_mail(
        subject=subject,
        text=text,
        to=[address],
        from_email=settings.DEFAULT_FROM_EMAIL,
        message_id=new_message_id(settings.MAIL_DOMAIN),
        automatic=True,
    )


def _absolute(path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path


def _organisation() -> str:
    found = Organisation.objects.filter(pk=1).first()
    return found.name if found is not None and found.name else settings.PUBLIC_URL
