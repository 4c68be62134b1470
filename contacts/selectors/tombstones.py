"""Whether an address belonged to somebody who was erased: known by keyed digests alone."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from contacts.enums import SuppressionCause
from contacts.models import Suppression

ERASED = "erased:"
"""How the keyed digest of an erased address begins, in the list of addresses that are left alone."""


def digest_of(address: str) -> str:
    """The keyed digest of a normalised address or number. Without the installation's key nobody can try
    addresses."""
    keyed = salted_hmac("contacts.erased", address, secret=settings.MAIL_LINK_KEY, algorithm="sha256")
    return ERASED + keyed.hexdigest()


def erased_among(values: Iterable[str]) -> set[str]:
    """Those of the normalised addresses and numbers whose owner was erased. One query."""
    by_digest = {digest_of(value): value for value in values if value}
    if not by_digest:
        return set()
    known = Suppression.objects.filter(address__in=list(by_digest), cause=SuppressionCause.ERASED)
    return {by_digest[row] for row in known.values_list("address", flat=True)}


def erased_words() -> str:
    """Why an address is not taken down again."""
    return _(
        "Whoever this belongs to was erased. It can only be kept again when they ask for it:"
        " a privacy officer then lets it in, under Privacy."
    )
