"""One spelling per e-mail address, so that ledger, suppression and matching agree."""

from __future__ import annotations

import re
import unicodedata

import idna

_SHAPE = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+\Z")
MAX_LENGTH = 254
"""Octets of a whole address that SMTP can carry (RFC 5321 §4.5.3.1.3 less its brackets)."""


def normalise_email(raw: str) -> str | None:
    """The address as a matching key, or None where `raw` is no address.

    Case is folded on both sides (no receiving system of note tells `Ann@` from `ann@`), the domain goes to
    its ASCII form, Unicode to NFC. Dots and plus-tags stay: they are different mailboxes at most hosts.
    """
    text = unicodedata.normalize("NFC", raw).strip().strip("<>").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if not _SHAPE.match(text):
        return None
    local, _, domain = text.rpartition("@")
    host = ascii_domain(domain)
    if host is None or len(local.encode()) > 64:
        return None
    address = f"{local.casefold()}@{host}"
    return address if len(address.encode()) <= MAX_LENGTH else None


def ascii_domain(domain: str) -> str | None:
    """The domain in lower-case ASCII (IDNA 2008), or None where it can't be a host name."""
    host = domain.strip().rstrip(".").lower()
    if not host or ".." in host or host.startswith((".", "-")):
        return None
    if host.isascii():
        return host if re.fullmatch(r"[a-z0-9._-]+", host) else None
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def is_sendable(address: str) -> bool:
    """True where the address may stand in an SMTP command as it is: ASCII, no controls, one `@`."""
    return address.isascii() and normalise_email(address) is not None


def without_tag(address: str) -> str:
    """`help+x@a.org` → `help@a.org`: the mailbox that a plus-address is delivered to."""
    local, at, domain = address.rpartition("@")
    return f"{local.split('+', 1)[0]}{at}{domain}"
