"""Signed tokens in mails: who the recipient is, never where a link leads.

A click link carries the recipient and the number of the link; its target is looked up in the campaign on the
server, so nobody can make our host redirect elsewhere. Tokens for opting out and for tracking are signed apart:
a click link that somebody forwards can't be turned into an opt-out.
"""

from __future__ import annotations

import enum
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

_TOKEN = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{16})\Z")
_RETURN_PATH = re.compile(r"bounce\+([0-9]{1,18})-([0-9a-f]{16})@", re.IGNORECASE)


class LinkKind(enum.StrEnum):
    UNSUBSCRIBE = "u"
    TRACK = "t"
    PREFERENCES = "p"


def make_token(key: bytes, kind: LinkKind, recipient_id: int) -> str:
    """`<recipient>.<96-bit signature>`; it does not expire, as a mail is kept for years."""
    digest = hmac.digest(key, f"{kind.value}:{recipient_id}".encode(), "sha256")
    return f"{recipient_id}.{urlsafe_b64encode(digest[:12]).decode()}"


def read_token(key: bytes, kind: LinkKind, token: str) -> int | None:
    """The recipient a token was made for, or None where it is not ours or of the other kind."""
    match = _TOKEN.match(token)
    if not match:
        return None
    recipient_id = int(match.group(1))
    return recipient_id if hmac.compare_digest(make_token(key, kind, recipient_id), token) else None


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Addresses for one installation: `base_url` without a slash at its end, paths fixed with the URLconf."""

    base_url: str
    key: bytes
    bounce_domain: str

    def unsubscribe(self, recipient_id: int) -> str:
        return f"{self.base_url}/m/u/{make_token(self.key, LinkKind.UNSUBSCRIBE, recipient_id)}"

    def preferences(self, recipient_id: int) -> str:
        return f"{self.base_url}/m/p/{make_token(self.key, LinkKind.PREFERENCES, recipient_id)}"

    def tracking_base(self, recipient_id: int) -> str:
        """Common start of a recipient's pixel (`+ "/o"`) and click links (`+ "/c/<number>"`)."""
        return f"{self.base_url}/m/t/{make_token(self.key, LinkKind.TRACK, recipient_id)}"

    def return_path(self, recipient_id: int) -> str:
        """The VERP envelope sender: a bounce to it names its recipient, whatever the bounce says."""
        signature = hmac.digest(self.key, f"bounce:{recipient_id}".encode(), sha256).hex()[:16]
        return f"bounce+{recipient_id}-{signature}@{self.bounce_domain}"

    def recipient_of_return_path(self, address: str) -> int | None:
        match = _RETURN_PATH.match(address)
        if not match:
            return None
        recipient_id = int(match.group(1))
        expected = self.return_path(recipient_id).partition("@")[0]
        given = address.partition("@")[0].lower()
        return recipient_id if hmac.compare_digest(expected.encode(), given.encode()) else None


def message_id(key: bytes, campaign_id: int, address: str, domain: str) -> str:
    """The Message-ID (no brackets) of a campaign's mail to a normalised address: the same whenever asked."""
    digest = hmac.digest(key, f"message-id:{campaign_id}:{address}".encode(), "sha256").hex()
    return f"{digest[:32]}@{domain}"
