"""What stays of an erased person's addresses: keyed digests, by which they are known when they come back."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.models import Suppression
from contacts.selectors.privacy import may_erase
from contacts.selectors.tombstones import digest_of
from core.services.base import NotAllowed, service


@service
def set_tombstones(*, actor: Any, digests: Iterable[str]) -> None:
    """Remember erased addresses by their digests. Doing it twice changes nothing."""
    erased = list(digests)
    # what was refused before a restore waits under the same digests; being erased is more
    Suppression.objects.filter(address__in=erased).exclude(cause=SuppressionCause.ERASED).delete()
    Suppression.objects.bulk_create(
        [
            Suppression(address=one, reach=SuppressionScope.ALL, cause=SuppressionCause.ERASED)
            for one in erased
        ],
        ignore_conflicts=True,
    )


@service
def let_in_again(*, actor: Any, address: str) -> bool:
    """The owner of an erased (normalised) address or number came back: it may be kept again. Returns whether
    it had been erased. Raises NotAllowed."""
    if actor is not None and not may_erase(actor):
        raise NotAllowed(_("Your role does not include this."))
    rows = Suppression.objects.filter(
        address__in=[digest_of(address), address], cause=SuppressionCause.ERASED
    )
    gone, _by_model = rows.delete()
    return gone > 0
