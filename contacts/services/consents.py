"""The consent ledger and the list of addresses that are left alone."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from contacts.enums import ConsentState, LegalBasis, SuppressionCause, SuppressionScope
from contacts.events import ConsentChanged
from contacts.models import Consent, Contact, Suppression
from contacts.services.timeline import Happening, record_timeline
from core.enums import Action
from core.events import publish
from core.services.base import require, require_on, service


@service
def record_consent(
    *,
    actor: Any,
    contact: Contact,
    state: str,
    source: str,
    purpose: str = "marketing",
    channel: str = "email",
    basis: str = LegalBasis.CONSENT,
    wording: str = "",
    at: datetime | None = None,
) -> Consent:
    """Add a line to the ledger: the newest one counts. `source` says where the person said so."""
    require_on(actor, contact, Action.CHANGE)
    line = Consent(
        contact=contact,
        purpose=purpose,
        channel=channel,
        state=ConsentState(state),
        basis=basis,
        wording=wording,
        source=source,
        at=at or timezone.now(),
        actor=actor,
    )
    line.full_clean(exclude=["actor"])  # no actor is the system: an opt-out by link, an import
    line.save()
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.consent",
                occurred_at=line.at,
                dedupe_key=f"consent:{line.pk}",
                contact_id=contact.pk,
                actor_id=getattr(actor, "pk", None),
                data={"state": line.state, "purpose": purpose, "channel": channel, "source": source},
                counts_as_activity=False,
            )
        ],
    )
    publish(ConsentChanged(contact_id=contact.pk, purpose=purpose, channel=channel, state=line.state))
    return line


@service
def suppress(
    *,
    actor: Any,
    address: str,
    cause: str,
    reach: str = SuppressionScope.MARKETING,
    note: str = "",
) -> Suppression:
    """Leave an address alone from now on. Saying it twice changes nothing."""
    require(actor, "suppression", Action.ADD)
    row, _created = Suppression.objects.get_or_create(
        address=address.strip().lower(),
        reach=SuppressionScope(reach),
        defaults={"cause": SuppressionCause(cause), "note": note[:200]},
    )
    return row


@service
def lift_suppression(*, actor: Any, address: str, reach: str = SuppressionScope.MARKETING) -> bool:
    """Write to the address again, because its owner asked for it; returns whether it had been suppressed."""
    require(actor, "suppression", Action.DELETE)
    gone, _by_model = Suppression.objects.filter(address=address.strip().lower(), reach=reach).delete()
    return gone > 0
