"""Legal holds, and what waits because of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from contacts.enums import RequestState
from contacts.models import Contact, LegalHold, PrivacyRequest

SHOWN = 200


@dataclass(frozen=True)
class HoldLine:
    """A hold, whether it is in force today, and the requests that it blocks."""

    hold: LegalHold
    in_force: bool
    blocked: tuple[PrivacyRequest, ...]


def holds_of(user: Any) -> list[HoldLine]:
    """Holds on people whom the user may see, those in force first, newest first. Three queries."""
    contacts = Contact.all_objects.visible_to(user)
    today = timezone.now().date()
    is_active = Q(lifted_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=today))
    rows = LegalHold.objects.filter(contact__in=contacts).select_related("contact", "placed_by", "lifted_by")
    active = list(rows.filter(is_active).order_by("-placed_at", "-pk")[:SHOWN])
    ended = list(rows.exclude(is_active).order_by("-placed_at", "-pk")[: SHOWN - len(active)])
    waiting: dict[int, list[PrivacyRequest]] = {}
    held = PrivacyRequest.objects.visible_to(user).filter(
        state=RequestState.HELD, contact__in=[one.contact_id for one in active]
    )
    for request in held.order_by("due_at", "pk"):
        waiting.setdefault(request.contact_id, []).append(request)
    lines = [HoldLine(one, True, tuple(waiting.get(one.contact_id, ()))) for one in active]
    return lines + [HoldLine(one, False, ()) for one in ended]
