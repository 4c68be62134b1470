"""Bounces (RFC 3464 first, then flufl.bounce's knowledge of old servers) and ARF complaints.

"5.x.x means the address is dead" is wrong more often than right: only an unknown user or host is proof.
The return path (VERP) is the surest word on whom a bounce is about; callers that have it should prefer it.
"""

from __future__ import annotations

import logging
import re
from email.message import Message

from flufl.bounce import all_failures

from core.mail.headers import decoded, message_ids
from core.mail.message import BounceCause, BouncedRecipient, BounceReport, Complaint
from core.mail.tree import content_bytes, content_type, walk

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
"""Its recognisers trip over ordinary mails and would log them with their addresses."""

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_POLICY = re.compile(
    r"spam|block(?:ed|list)|blacklist|black ?list|denylist|reputation|policy|spf|dkim|dmarc|rbl|spamhaus|"
    r"relay(?:ing)?\b|not authori[sz]ed|access denied|refused by|content rejected|virus|banned|suspicious",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"quota|mailbox (?:is )?full|insufficient (?:system )?storage|exceeded storage", re.IGNORECASE
)
_USER = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|person|address)|user not found|"
    r"unknown (?:local part|recipient|mailbox)|recipient (?:unknown|not found)|"
    r"mailbox not found|invalid (?:recipient|mailbox|user)|does(?:n't| not) exist|"
    r"not a (?:known|valid) user|account (?:has been )?(?:disabled|deleted|closed)|"
    r"no mailbox here|address unknown|"
    r"address rejected: undeliverable|isn't in my list",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"host (?:unknown|not found|or domain name not found)|unknown host|domain (?:not found|does not exist)|"
    r"name or service not known|nxdomain|unrouteable (?:mail )?domain|no such domain|"
    r"bad destination (?:host|system)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery|smtp-gateway|exim@|mmdf@", re.IGNORECASE)
_RETURNED = re.compile(
    r"undeliver|delivery (?:status|failure|notification|has failed)|returned (?:mail|to sender)|"
    r"failure notice|unzustellbar|"
    r"mail (?:delivery )?(?:failed|failure|system error)|non[- ]?delivery|message delivery",
    re.IGNORECASE,
)
_USER_STATUS = {"5.1.1", "5.1.3", "5.1.6"}
_HOST_STATUS = {"5.1.2", "5.1.10", "5.4.4"}
_TEMPORARY_ACTIONS = {"delayed"}
_DELIVERED_ACTIONS = {"delivered", "relayed", "expanded"}


def cause_of(status: str, diagnostic: str) -> BounceCause:
    """The cause by what the server said; refusals for policy win over a status that lies about the user."""
    if _POLICY.search(diagnostic) or status.startswith("5.7."):
        return BounceCause.POLICY
    if _FULL.search(diagnostic) or status.endswith(".2.2"):
        return BounceCause.MAILBOX_FULL
    if status.startswith("4."):
        return BounceCause.TEMPORARY
    if _HOST.search(diagnostic) or status in _HOST_STATUS:
        return BounceCause.HOST_UNKNOWN
    if _USER.search(diagnostic) or status in _USER_STATUS:
        return BounceCause.USER_UNKNOWN
    return BounceCause.OTHER


def read_bounce(tree: Message) -> BounceReport | None:
    """The bounce that a mail is, or None. Recipients reported as delivered are not in it."""
    recipients = _delivery_status(tree)
    if recipients is None:
        recipients = _flufl(tree)
    if not recipients:
        return None
    return BounceReport(tuple(recipients), _original_message_id(tree))


def _delivery_status(tree: Message) -> list[BouncedRecipient] | None:
    found: list[BouncedRecipient] | None = None
    for part in walk(tree, []):
        if content_type(part.message) != "message/delivery-status":
            continue
        found = found or []
        payload = part.message.get_payload()
        for block in payload if isinstance(payload, list) else []:
            recipient = _recipient(block) if isinstance(block, Message) else None
            if recipient is not None:
                found.append(recipient)
    return found


def _recipient(block: Message) -> BouncedRecipient | None:
    final = _typed(block.get("final-recipient", ""))
    address = _typed(block.get("original-recipient", "")) if "@" not in final else final
    action = decoded(block.get("action", "")).lower()
    if "@" not in address or action in _DELIVERED_ACTIONS:
        return None
    diagnostic = _typed(block.get("diagnostic-code", ""))
    match = _STATUS.search(decoded(block.get("status", ""))) or _STATUS.search(diagnostic)
    status = match.group(0) if match else ""
    temporary = action in _TEMPORARY_ACTIONS or status.startswith("4.")
    cause = BounceCause.TEMPORARY if action in _TEMPORARY_ACTIONS else cause_of(status, diagnostic)
    return BouncedRecipient(address, cause, not temporary, status, diagnostic[:1000])


def _typed(value: object) -> str:
    """`rfc822; <a@b>` → `a@b`: the value of a typed field without its type."""
    text = decoded(value)
    _, separator, rest = text.partition(";")
    return (rest if separator else text).strip().strip("<>").strip()


def _looks_returned(tree: Message) -> bool:
    """A cheap first look: people's mails need not pass thirty recognisers, nor be mistaken by one."""
    sender = decoded(tree.get("from", ""))
    return (
        content_type(tree) == "multipart/report"
        or decoded(tree.get("return-path", "-")) in ("", "<>")
        or tree.get("x-failed-recipients") is not None
        or bool(_DAEMON.search(sender) or _RETURNED.search(decoded(tree.get("subject", ""))))
    )


def _flufl(tree: Message) -> list[BouncedRecipient]:
    if not _looks_returned(tree):
        return []
    try:
        temporary, permanent = all_failures(tree)
    except Exception:  # noqa: BLE001 - recognisers written for known servers fail in their own ways on other mails
        return []
    text = _plain_text(tree) if temporary or permanent else ""
    recipients = []
    for address in sorted(permanent | temporary):
        name = address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address)
        near = _around(text, name)
        match = _STATUS.search(near)
        status = match.group(0) if match else ""
        final = address in permanent
        cause = cause_of(status, near) if final else BounceCause.TEMPORARY
        recipients.append(BouncedRecipient(name, cause, final, status, near[:1000]))
    return recipients


def _plain_text(tree: Message) -> str:
    for part in walk(tree, []):
        if content_type(part.message) == "text/plain":
            return content_bytes(part.message)[:20_000].decode("utf-8", "replace")
    return ""


def _around(text: str, address: str) -> str:
    """The words that stand near an address in a bounce's text; where it is not named, all of its start."""
    at = text.lower().find(address.lower())
    return " ".join(text[max(0, at - 100) : at + 500].split()) if at >= 0 else " ".join(text[:800].split())


def read_complaint(tree: Message) -> Complaint | None:
    """The ARF feedback report that a mail is, or None."""
    for part in walk(tree, []):
        if content_type(part.message) != "message/feedback-report":
            continue
        fields = _fields(content_bytes(part.message))
        recipients = tuple(
            value.strip("<> ") for name, value in fields if name == "original-rcpt-to" and "@" in value
        )
        kind = next((value.lower() for name, value in fields if name == "feedback-type"), "abuse")
        return Complaint(kind, recipients, _original_message_id(tree))
    return None


def _fields(data: bytes) -> list[tuple[str, str]]:
    fields = []
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields


def _original_message_id(tree: Message) -> str:
    """The Message-ID of the mail that came back, from its enclosed copy or its enclosed headers."""
    for part in walk(tree, []):
        kind = content_type(part.message)
        if kind not in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            continue
        for name, value in _fields(content_bytes(part.message)[:50_000]):
            if name == "message-id":
                return next(iter(message_ids([value])), "")
    return ""
