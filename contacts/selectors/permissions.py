"""Who may be written to: suppression and consent, asked for many at once."""

from collections.abc import Iterable, Sequence

from contacts.enums import ConsentState, SuppressionScope
from contacts.models import Consent, Suppression


def suppressed_addresses(addresses: Iterable[str], reach: str = SuppressionScope.MARKETING) -> set[str]:
    """Those of the normalised addresses that must not get mail of this reach. Everything includes marketing."""
    reaches = {SuppressionScope.ALL, reach}
    rows = Suppression.objects.filter(address__in=list(addresses), reach__in=reaches)
    return set(rows.values_list("address", flat=True))


def may_send(address: str, reach: str = SuppressionScope.MARKETING) -> bool:
    """Whether nothing forbids mail of this reach to the address."""
    return not suppressed_addresses([address.lower()], reach)


def consents_of(
    contact_ids: Sequence[int], purpose: str = "marketing", channel: str = "email"
) -> dict[int, str]:
    """The newest state of each contact that has one."""
    newest = (
        Consent.objects.filter(contact_id__in=contact_ids, purpose=purpose, channel=channel)
        .order_by("contact_id", "-at", "-id")
        .distinct("contact_id")
    )
    return dict(newest.values_list("contact_id", "state"))


def purposes_agreed_to(contact_id: int, channel: str = "email") -> set[str]:
    """The purposes whose newest line says yes, or was asked and not yet answered."""
    newest = (
        Consent.objects.filter(contact_id=contact_id, channel=channel)
        .order_by("purpose", "-at", "-id")
        .distinct("purpose")
    )
    states = dict(newest.values_list("purpose", "state"))
    return {
        purpose for purpose, state in states.items() if state in (ConsentState.GRANTED, ConsentState.PENDING)
    }


def newest_states(contact_id: int) -> dict[tuple[str, str], str]:
    """(purpose, channel) → the newest state of somebody's ledger. A refusal of all mailings counts for every
    purpose that was not agreed to again afterwards."""
    lines = Consent.objects.filter(contact_id=contact_id).order_by("at", "id")
    states: dict[tuple[str, str], str] = {}
    for purpose, channel, state in lines.values_list("purpose", "channel", "state"):
        if purpose == "marketing" and state == ConsentState.WITHDRAWN:
            states = {
                (known, by): ConsentState.WITHDRAWN if by == channel else before
                for (known, by), before in states.items()
            }
        states[purpose, channel] = state
    return states
