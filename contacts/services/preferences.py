"""What the person behind a record decides for themselves, by a signed link."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import Channel, ConsentState, Frequency
from contacts.events import WishesChanged
from contacts.models import Contact, ContactPreference
from contacts.purposes import Purpose, all_purposes
from contacts.selectors.permissions import newest_states
from contacts.selectors.privacy import addresses_of
from contacts.services.consents import lift_own_refusal, record_consent, refuse_mailings
from contacts.services.timeline import Happening, record_timeline
from contacts.services.wordings import wording_in_force
from core.enums import Action
from core.events import publish
from core.services.base import require_on, service

MAX_PAUSE_WEEKS = 52


@service
def choose(
    *,
    actor: Any,
    contact: Contact,
    wanted: Mapping[tuple[str, str], bool],
    source: str,
    language: str = "",
) -> int:
    """Set what somebody wants: (purpose, channel) → yes or no. Only what differs from the ledger is written.

    A yes takes back the person's own refusal of all mailings; a bounced or complaining address stays
    suppressed. Returns how many lines the ledger gained.
    """
    require_on(actor, contact, Action.CHANGE)
    states, purposes = newest_states(contact.pk), {one.key: one for one in all_purposes()}
    written = 0
    for (key, channel), yes in wanted.items():
        if key not in purposes or channel not in Channel.values:
            continue
        is_granted = states.get((key, channel)) == ConsentState.GRANTED
        if yes == is_granted or (not yes and (key, channel) not in states):
            continue
        _write_choice(actor, contact, purposes[key], channel, yes, source, language)
        written += 1
    if any(yes and channel == Channel.EMAIL for (_key, channel), yes in wanted.items()):
        for address in addresses_of(contact.pk):
            lift_own_refusal(actor=None, address=address)
    return written


def _write_choice(
    actor: Any, contact: Contact, purpose: Purpose, channel: str, yes: bool, source: str, language: str
) -> None:
    record_consent(
        actor=actor,
        contact=contact,
        state=ConsentState.GRANTED if yes else ConsentState.WITHDRAWN,
        source=source,
        purpose=purpose.key,
        channel=channel,
        basis=purpose.basis,
        wording_version=wording_in_force(purpose.wording, language) if yes else None,
    )


@service
def stop_all(*, actor: Any, contact: Contact, source: str) -> None:
    """No mailings any more, on any address of the person."""
    refuse_mailings(actor=actor, contact=contact, addresses=addresses_of(contact.pk), source=source)


@service
def set_pace(
    *, actor: Any, contact: Contact, frequency: str | None = None, pause_weeks: int | None = None
) -> ContactPreference:
    """How often mailings may come, and for how many weeks none may (0 ends a pause). Raises ValidationError."""
    require_on(actor, contact, Action.CHANGE)
    row, _created = ContactPreference.objects.select_for_update().get_or_create(contact=contact)
    before = (row.frequency, row.paused_until)
    if frequency is not None:
        if frequency not in Frequency.values:
            raise ValidationError({"frequency": _("Choose one of the offered.")})
        row.frequency = frequency
    if pause_weeks is not None:
        if not 0 <= pause_weeks <= MAX_PAUSE_WEEKS:
            raise ValidationError({"pause_weeks": _("Choose between 0 and %d weeks.") % MAX_PAUSE_WEEKS})
        today = timezone.now().date()
        row.paused_until = today + timedelta(weeks=pause_weeks) if pause_weeks else None
    if (row.frequency, row.paused_until) == before:
        return row
    row.save()
    _tell_pace(actor, contact, row)
    publish(WishesChanged(contact_ids=[contact.pk]))
    return row


def _tell_pace(actor: Any, contact: Contact, row: ContactPreference) -> None:
    now = timezone.now()
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.preferences",
                occurred_at=now,
                dedupe_key=f"contact:{contact.pk}:pace:{now.timestamp()}",
                contact_id=contact.pk,
                actor_id=getattr(actor, "pk", None),
                data={
                    "frequency": row.frequency,
                    "paused_until": row.paused_until.isoformat() if row.paused_until else "",
                },
                counts_as_activity=False,
            )
        ],
    )
