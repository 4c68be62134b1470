"""Legal holds: data that must be kept for now, whoever asks for their erasure."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Contact, LegalHold
from contacts.selectors.privacy import may_erase
from core.services.base import NotAllowed, service


class OnLegalHold(Exception):
    """The person's data must be kept for now; `hold` says why and until when."""

    def __init__(self, hold: LegalHold) -> None:
        self.hold = hold
        super().__init__(hold_words(hold))


def hold_words(hold: LegalHold) -> str:
    """Why nothing is erased now, for colleagues."""
    if hold.until is not None:
        words = _("These data are on legal hold until %(until)s (%(reason)s): they may not be erased before.")
        return words % {"until": date_format(hold.until, "j M Y"), "reason": hold.reason}
    words = _("These data are on legal hold (%(reason)s): they may not be erased before it is lifted.")
    return words % {"reason": hold.reason}


def active_hold(contact_id: int) -> LegalHold | None:
    """The hold that lasts longest, if any is in force today."""
    today = timezone.now().date()
    rows = LegalHold.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), contact_id=contact_id, lifted_at__isnull=True
    )
    holds = sorted(
        rows, key=lambda hold: (hold.until is not None, -(hold.until or today).toordinal(), hold.pk)
    )
    return holds[0] if holds else None


@service
def place_hold(*, actor: Any, contact: Contact, reason: str, until: date | None = None) -> LegalHold:
    """Keep somebody's data whatever is asked. Raises ValidationError, NotAllowed."""
    _require(actor)
    hold = LegalHold(contact=contact, reason=reason.strip(), until=until, placed_by=actor)
    hold.full_clean(exclude=["placed_by", "lifted_by", "lifted_at"])
    hold.save()
    return hold


@service
def lift_hold(*, actor: Any, hold: LegalHold) -> None:
    """The reason is gone; what waited for it is open again. Lifting twice changes nothing."""
    _require(actor)
    LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=actor)


def _require(actor: Any) -> None:
    if actor is not None and not may_erase(actor):
        raise NotAllowed(_("Your role does not include this."))
