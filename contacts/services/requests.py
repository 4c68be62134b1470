"""The register of what people ask about their own data: taken down, answered in time, closed with a word."""

import calendar
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import PointKind, RequestKind, RequestState
from contacts.models import Contact, ContactPoint, PrivacyRequest
from contacts.selectors.privacy import erases_on_request
from contacts.services.holds import active_hold
from contacts.services.parties import update_contact
from contacts.services.preferences import stop_all
from contacts.services.privacy import erase_contact
from contacts.services.timeline import Happening, record_timeline
from core.enums import Action
from core.services.base import require, service

AT_ONCE = ("first_name", "last_name", "phone", "city", "country", "language")
"""What people may correct themselves; an address of theirs, by which they are known, is looked at first."""
CORRECTABLE = (*AT_ONCE, "email")


def one_month_after(moment: datetime) -> datetime:
    """By when a request has to be answered (Article 12(3) of the GDPR)."""
    year, month = divmod(moment.month, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


@service
def open_request(
    *,
    actor: Any,
    kind: str,
    contact: Contact | None = None,
    address: str = "",
    source: str = "",
    details: str = "",
    changes: dict[str, Any] | None = None,
    received_at: datetime | None = None,
    owner: Any = None,
) -> PrivacyRequest:
    """Take a request down; it has to be answered within a month. Raises ValidationError, NotAllowed.

    Asking for the same erasure or access again while it is open changes nothing.
    """
    require(actor, "privacy_request", Action.ADD)
    if contact is not None and kind in (RequestKind.ERASURE, RequestKind.ACCESS):
        known = PrivacyRequest.objects.filter(contact=contact, kind=kind, closed_at=None).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
    received = received_at or timezone.now()
    request = PrivacyRequest(
        contact=contact,
        kind=kind,
        address=address,
        source=source[:120],
        details=details,
        changes=changes or {},
        received_at=received,
        due_at=one_month_after(received),
        owner=owner or actor,
    )
    if kind == RequestKind.ERASURE and contact is not None and active_hold(contact.pk):
        request.state = RequestState.HELD
    request.full_clean(exclude=["owner", "team"])
    request.save()
    _tell(actor, request, "contact.request")
    return request


@service
def close_request(
    *, actor: Any, request: PrivacyRequest, state: str = RequestState.DONE, answer: str = ""
) -> PrivacyRequest:
    """Answer a request. A refusal says why. Closing what is closed raises ValidationError."""
    require(actor, "privacy_request", Action.CHANGE)
    current: PrivacyRequest = PrivacyRequest.all_objects.select_for_update().get(pk=request.pk)
    if not current.is_open:
        raise ValidationError(_("This request is closed already."))
    if state not in (RequestState.DONE, RequestState.REFUSED):
        raise ValidationError({"state": _("A request ends as done or refused.")})
    if state == RequestState.REFUSED and not answer.strip():
        raise ValidationError({"answer": _("Say why it is refused: the person has a right to know.")})
    current.state, current.answer = state, answer.strip()
    current.closed_at, current.closed_by = timezone.now(), actor
    current.version += 1
    current.save(update_fields=["state", "answer", "closed_at", "closed_by", "version", "updated_at"])
    _tell(actor, current, "contact.request_closed")
    return current


@service
def carry_out_erasure(*, actor: Any, request: PrivacyRequest) -> PrivacyRequest:
    """Erase the person of the request and close it. Raises OnLegalHold (the request then waits), NotAllowed."""
    contact = request.contact
    if contact is None:
        raise ValidationError(_("Say first who is meant."))
    erase_contact(actor=actor, contact=contact, cause=f"request:{request.pk}")
    return close_request(actor=actor, request=request)


@service
def ask_for_own_erasure(*, actor: Any, contact: Contact, source: str, is_alone: bool) -> str:
    """The person asks to be erased: `erased` at once where the organisation decided so and the address is theirs
    alone, `held` while the law wants the data kept, else `queued`. Mailings stop in any case."""
    stop_all(actor=None, contact=contact, source=source)
    request = open_request(actor=None, kind=RequestKind.ERASURE, contact=contact, source=source)
    if request.state == RequestState.HELD:
        return "held"
    if not is_alone or not erases_on_request():
        return "queued"
    carry_out_erasure(actor=None, request=request)
    return "erased"


@service
def hold_back(*, actor: Any, request: PrivacyRequest) -> None:
    """Note that the law keeps an erasure from being carried out for now."""
    PrivacyRequest.objects.filter(pk=request.pk, closed_at=None).update(state=RequestState.HELD)


@service
def release_ended_holds(*, actor: Any) -> int:
    """Open the requests whose legal hold has ended again; returns how many."""
    waiting = PrivacyRequest.objects.filter(state=RequestState.HELD, contact__isnull=False)
    free = [one.pk for one in waiting if active_hold(one.contact_id) is None]
    return int(PrivacyRequest.objects.filter(pk__in=free).update(state=RequestState.OPEN))


@service
def correct_own_data(
    *, actor: Any, contact: Contact, changes: dict[str, str], source: str
) -> PrivacyRequest | None:
    """What somebody corrects about themselves: applied at once, or (their e-mail address) looked at first.

    Returns the line in the register, open where something waits; None when nothing changed. Raises
    ValidationError by field.
    """
    wanted = {name: changes[name].strip() for name in CORRECTABLE if name in changes}
    now = {name: value_of(contact, name) for name in wanted}
    differing = {name: value for name, value in wanted.items() if value != now[name]}
    if not differing:
        return None
    at_once = {name: value for name, value in differing.items() if name in AT_ONCE}
    later = {name: value for name, value in differing.items() if name not in AT_ONCE}
    if at_once:
        update_contact(actor=actor, contact=contact, changes=at_once)
    request = open_request(
        actor=actor,
        kind=RequestKind.CORRECTION,
        contact=contact,
        source=source,
        changes={"applied": sorted(at_once), "waiting": later},
    )
    return request if later else close_request(actor=actor, request=request)


@service
def apply_correction(*, actor: Any, request: PrivacyRequest) -> PrivacyRequest:
    """Apply what was waiting and close the request. Raises ValidationError by field, NotAllowed."""
    if request.contact is None or not request.changes.get("waiting"):
        raise ValidationError(_("There is nothing to apply."))
    update_contact(actor=actor, contact=request.contact, changes=request.changes["waiting"])
    return close_request(actor=actor, request=request)


def value_of(contact: Contact, name: str) -> str:
    """A correctable value as the person sees it."""
    if name not in ("email", "phone"):
        return str(getattr(contact, name) or "")
    kinds = [PointKind.EMAIL] if name == "email" else [PointKind.PHONE, PointKind.MOBILE]
    points = ContactPoint.objects.filter(contact=contact, kind__in=kinds).order_by("-is_primary", "pk")
    return points.values_list("value", flat=True).first() or ""


def _tell(actor: Any, request: PrivacyRequest, kind: str) -> None:
    if request.contact is None or request.contact.name == "":
        return
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind=kind,
                occurred_at=request.closed_at or request.received_at,
                dedupe_key=f"privacy_request:{request.pk}:{request.state}",
                contact_id=request.contact_id,
                actor_id=getattr(actor, "pk", None),
                data={
                    "kind": request.kind,
                    "state": request.state,
                    "fields": [*request.changes.get("applied", []), *request.changes.get("waiting", {})],
                },
                record_type="privacy_request",
                object_id=request.pk,
                counts_as_activity=False,
            )
        ],
    )
