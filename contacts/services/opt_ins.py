"""Double opt-in: nobody is written to before the owner of the address has said yes by a link sent to it."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import Channel, ConsentState, LifecycleStage, Sending
from contacts.models import Contact, OptIn
from contacts.purposes import all_purposes
from contacts.selectors.gate import refusal_for
from contacts.selectors.privacy import contacts_at
from contacts.services.consents import record_consent
from contacts.services.parties import create_contact
from contacts.services.preferences import choose
from contacts.services.wordings import wording_in_force
from core.mail.addresses import is_sendable, normalise_email
from core.services.base import service
from core.services.jobs import enqueue_job

VALID = timedelta(days=7)
MAX_MAILS = 3
"""To one address for one request; and no two within `BETWEEN_MAILS`."""
BETWEEN_MAILS = timedelta(minutes=10)
FORGET_AFTER = timedelta(days=30)


@service
def ask_to_opt_in(
    *,
    actor: Any,
    address: str,
    purposes: Sequence[str],
    source: str,
    first_name: str = "",
    last_name: str = "",
    contact: Contact | None = None,
    language: str = "",
) -> OptIn | None:
    """Ask the owner of an address whether they want to be written to. Raises ValidationError for what is no
    address or no purpose.

    One open request an address: asking again adds the purposes and, if enough time has passed, one more mail.
    None, and no mail, where the address is that of somebody who was erased or where mail bounces for good:
    the one who asks is told the same as ever.
    """
    target = normalise_email(address)
    known = {one.key for one in all_purposes()}
    wanted = [key for key in dict.fromkeys(purposes) if key in known]
    if target is None or not is_sendable(target):
        raise ValidationError({"address": _("Write your e-mail address, such as ann@example.org.")})
    if not wanted:
        raise ValidationError({"purposes": _("Choose what you want to hear about.")})
    if refusal_for(address=target, sending=Sending.REQUESTED):
        return None
    request = _open_request(target) or OptIn(
        address=target, nonce=secrets.token_urlsafe(24), purposes=[], source=source, language=language
    )
    is_new = request.pk is None
    request.purposes = list(dict.fromkeys([*request.purposes, *wanted]))
    request.first_name, request.last_name = request.first_name or first_name, request.last_name or last_name
    request.contact = request.contact or contact or _only_contact_at(target)
    request.wording_version = request.wording_version or wording_in_force("marketing", language)
    request.expires_at = timezone.now() + VALID
    request.save()
    if is_new and request.contact is not None:
        _note(request, ConsentState.PENDING, wanted, source)
    if _may_mail(request):
        enqueue_job(
            actor=None,
            kind="contacts.send_confirmation",
            params={"opt_in": request.pk},
        )
    return request


def _open_request(address: str) -> OptIn | None:
    rows = OptIn.objects.select_for_update().filter(
        address=address, confirmed_at=None, expires_at__gt=timezone.now()
    )
    return rows.order_by("-pk").first()


def _only_contact_at(address: str) -> Contact | None:
    """The live contact with this address where it is one alone."""
    people = [one for one in contacts_at(address) if one.deleted_at is None]
    return people[0] if len(people) == 1 else None


def _may_mail(request: OptIn) -> bool:
    if request.mails >= MAX_MAILS:
        return False
    return request.mailed_at is None or request.mailed_at < timezone.now() - BETWEEN_MAILS


def _note(request: OptIn, state: str, purposes: Sequence[str], source: str) -> None:
    assert request.contact is not None
    for purpose in purposes:
        record_consent(
            actor=None,
            contact=request.contact,
            state=state,
            source=source,
            purpose=purpose,
            wording_version=request.wording_version,
        )


@service
def confirm_opt_in(*, actor: Any, opt_in: OptIn) -> Contact | None:
    """The owner of the address said yes: from now on the ledger says so. Confirming twice changes nothing.

    An unknown address becomes a subscriber. None when the request has ended, or when the person was erased
    in between.
    """
    request = (
        OptIn.objects.select_for_update(of=("self",))
        .select_related("contact", "wording_version")
        .get(pk=opt_in.pk)
    )
    if request.confirmed_at is not None:
        return request.contact
    if not request.is_open or refusal_for(address=request.address, sending=Sending.REQUESTED):
        return None
    contact = request.contact or _only_contact_at(request.address) or _subscriber(request)
    request.contact, request.confirmed_at = contact, timezone.now()
    request.save(update_fields=["contact", "confirmed_at", "updated_at"])
    source = _("Confirmed by e-mail (%(source)s)") % {"source": request.source}
    choose(
        actor=None,
        contact=contact,
        wanted={(purpose, Channel.EMAIL): True for purpose in request.purposes},
        source=source[:120],
        language=request.language,
    )
    return contact


def _subscriber(request: OptIn) -> Contact:
    first, last = request.first_name, request.last_name
    return create_contact(
        actor=None,
        first_name=first,
        last_name=last or ("" if first else request.address.partition("@")[0][:100]),
        email=request.address,
        lifecycle_stage=LifecycleStage.SUBSCRIBER,
        source=request.source[:120],
        language=request.language,
    )


def forget_unconfirmed() -> int:
    """Delete requests that nobody confirmed, a while after they ended; returns how many."""
    gone, _by_model = OptIn.objects.filter(
        confirmed_at=None, expires_at__lt=timezone.now() - FORGET_AFTER
    ).delete()
    return gone
