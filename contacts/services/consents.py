"""The consent ledger and the list of addresses that are left alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from contacts.enums import ConsentState, LegalBasis, SuppressionCause, SuppressionScope
from contacts.events import ConsentChanged
from contacts.models import Consent, Contact, Suppression, Wording
from contacts.selectors.permissions import purposes_agreed_to
from contacts.services.refusals import tell_allowed, tell_refused
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
    wording_version: Wording | None = None,
    at: datetime | None = None,
) -> Consent:
    """Add a line to the ledger: the newest one counts. `source` says where the person said so.

    The words are kept as they were read: the text of `wording_version`, unless others are given.
    """
    require_on(actor, contact, Action.CHANGE)
    line = Consent(
        contact=contact,
        purpose=purpose,
        channel=channel,
        state=ConsentState(state),
        basis=basis,
        wording=wording or (wording_version.text if wording_version else ""),
        wording_version=wording_version,
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
def refuse_mailings(
    *,
    actor: Any,
    contact: Contact,
    addresses: Iterable[str],
    source: str,
    cause: str = SuppressionCause.UNSUBSCRIBED,
) -> None:
    """No mailing of any kind from now on: the addresses are suppressed and every consent is withdrawn."""
    require_on(actor, contact, Action.CHANGE)
    for address in addresses:
        suppress(actor=None, address=address, cause=cause)
    agreed = purposes_agreed_to(contact.pk)
    for purpose in sorted(agreed | {"marketing"}):
        record_consent(
            actor=actor, contact=contact, state=ConsentState.WITHDRAWN, source=source, purpose=purpose
        )


@service
def suppress(
    *,
    actor: Any,
    address: str,
    cause: str,
    reach: str = SuppressionScope.MARKETING,
    note: str = "",
    source: str = "",
) -> Suppression:
    """Leave an address alone from now on. Saying it twice changes nothing."""
    require(actor, "suppression", Action.ADD)
    row, created = Suppression.objects.get_or_create(
        address=address.strip().lower(),
        reach=SuppressionScope(reach),
        defaults={"cause": SuppressionCause(cause), "note": note[:200], "source": source[:120]},
    )
    if created:
        tell_refused([row.address], reach=reach, cause=cause)
    return row


@service
def lift_suppression(*, actor: Any, address: str, reach: str = SuppressionScope.MARKETING) -> bool:
    """Write to the address again, because its owner asked for it; returns whether it had been suppressed."""
    require(actor, "suppression", Action.DELETE)
    bare = address.strip().lower()
    gone, _by_model = Suppression.objects.filter(address=bare, reach=reach).delete()
    if gone:
        tell_allowed([bare], reach=reach)
    return gone > 0


@service
def lift_own_refusal(*, actor: Any, address: str) -> bool:
    """The owner of the address wants mailings again. What others said about it (a bounce, a complaint, a
    colleague's entry) stays; returns whether anything was lifted."""
    rows = Suppression.objects.filter(
        address=address, reach=SuppressionScope.MARKETING, cause=SuppressionCause.UNSUBSCRIBED
    )
    gone, _by_model = rows.delete()
    if gone:
        tell_allowed([address], reach=SuppressionScope.MARKETING)
    return gone > 0
