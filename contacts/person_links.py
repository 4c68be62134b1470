"""Signed links for the person behind a record.

Two strengths. The link in the footer of each mailing (`footer_token`) lasts as long as the mail and opens what
a stranger to whom the mail was passed on may do no harm with: topics, frequency, a pause. The link that somebody
asks for (`owner_token`) goes to an address on file, ends after `OWNER_HOURS`, and opens the data themselves; it
dies with the address.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

OWNER_HOURS = 24
_FOOTER = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{16})\Z")
_OWNER = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})\Z")
_CONFIRM = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{22})\Z")


@dataclass(frozen=True)
class Claim:
    """What a token that we signed says. `point_id` is the address the owner's link was sent to."""

    contact_id: int
    point_id: int | None = None
    expires: int = 0


def footer_token(contact_id: int) -> str:
    return f"{contact_id}.{_sign(f'footer:{contact_id}', 12)}"


def owner_token(contact_id: int, point_id: int, address: str, expires: int) -> str:
    """`expires` is a Unix time. The address itself is not in the token, only in what is signed."""
    signature = _sign(f"owner:{contact_id}:{point_id}:{expires}:{address}", 16)
    return f"{contact_id}.{point_id}.{expires}.{signature}"


def confirm_token(opt_in_id: int, nonce: str) -> str:
    return f"{opt_in_id}.{_sign(f'confirm:{opt_in_id}:{nonce}', 16)}"


def read_footer_token(token: str) -> int | None:
    """The contact of a footer link, or None where it is not ours."""
    match = _FOOTER.match(token)
    if match is None:
        return None
    contact_id = int(match[1])
    return contact_id if hmac.compare_digest(footer_token(contact_id), token) else None


def claim_of(token: str) -> Claim | None:
    """What an owner's token claims to be, unchecked: the address that it is signed over is looked up first."""
    match = _OWNER.match(token)
    return Claim(int(match[1]), int(match[2]), int(match[3])) if match else None


def is_owner_token(token: str, claim: Claim, address: str) -> bool:
    assert claim.point_id is not None
    expected = owner_token(claim.contact_id, claim.point_id, address, claim.expires)
    return hmac.compare_digest(expected, token)


def opt_in_of(token: str) -> int | None:
    """The number in a confirmation link, unchecked."""
    match = _CONFIRM.match(token)
    return int(match[1]) if match else None


def is_confirm_token(token: str, opt_in_id: int, nonce: str) -> bool:
    return hmac.compare_digest(confirm_token(opt_in_id, nonce), token)


def _sign(text: str, size: int) -> str:
    keyed = salted_hmac("contacts.person-links", text, secret=settings.MAIL_LINK_KEY, algorithm="sha256")
    return urlsafe_b64encode(keyed.digest()[:size]).decode().rstrip("=")
