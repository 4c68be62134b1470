"""Whether an address belonged to somebody who was erased: known by keyed digests alone."""

import hmac
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from contacts.enums import SuppressionCause
from contacts.models import Suppression
from core.expressions import Among

DIGEST = "erased:"
"""How the keyed digest of an address begins, in the list of addresses that are left alone."""


def digest_of(address: str) -> str:
    """The keyed digest of a normalised address or number. Without the installation's key nobody can try
    addresses."""
    keyed = _keyed(settings.MAIL_LINK_KEY).copy()
    keyed.update(address.encode())
    return DIGEST + keyed.hexdigest()


@lru_cache(maxsize=2)
def _keyed(secret: str) -> hmac.HMAC:
    """The digest before its first letter: an import asks for hundreds of thousands."""
    return salted_hmac("contacts.erased", "", secret=secret, algorithm="sha256")


def erased_among(values: Iterable[str]) -> set[str]:
    """Those of the normalised addresses and numbers whose owner was erased. One query."""
    return recognised(values)[0]


def recognised(values: Iterable[str]) -> tuple[set[str], set[str]]:
    """Of the normalised addresses and numbers those whose owner was erased, and those that were refused before
    a restore and are known by their digests since. One query."""
    by_digest = {digest_of(value): value for value in values if value}
    erased: set[str] = set()
    refused: set[str] = set()
    if by_digest:
        known = Suppression.objects.filter(Among("address", by_digest))
        for digest, cause in known.values_list("address", "cause"):
            (erased if cause == SuppressionCause.ERASED else refused).add(by_digest[digest])
    return erased, refused


def erased_words() -> str:
    """Why an address is not taken down again."""
    return _(
        "Whoever this belongs to was erased. It can only be kept again when they ask for it:"
        " a privacy officer then lets it in, under Privacy."
    )
