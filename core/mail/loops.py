"""Which mails no machine of ours may answer, so that two robots never talk to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.mail.message import AutomaticKind

_REPLY_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|"
    r"abwesenheits?(?:notiz|nachricht)?|"
    r"automatische antwort|réponse automatique|absence du bureau|respuesta automática|risposta automatica|"
    r"automatisch antwoord|autosvar|автоответ|自动回复|自動応答)",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo)(?:[+.@-]|$)",
    re.IGNORECASE,
)
_BULK = {"bulk", "junk", "list", "auto_reply"}
_ROBOT_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-response-suppress-sent", "x-mdn")
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "x-mailing-list")


def classify(
    headers: Iterable[tuple[str, str]], *, bounce: bool = False, complaint: bool = False
) -> AutomaticKind:
    """What sort of automatic mail the headers declare (RFC 3834, and what senders did before it).

    `X-Auto-Response-Suppress` is no sign: it asks for silence and stands in people's mails too.
    """
    fields: dict[str, str] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), value)
    if complaint:
        return AutomaticKind.COMPLAINT
    if bounce:
        return AutomaticKind.BOUNCE
    submitted = fields.get("auto-submitted", "no").split(";")[0].strip().lower()
    if submitted == "auto-replied":
        return AutomaticKind.AUTO_REPLY
    if any(name in fields for name in _ROBOT_HEADERS) or _REPLY_SUBJECT.match(fields.get("subject", "")):
        return AutomaticKind.AUTO_REPLY
    if submitted not in ("", "no"):
        return AutomaticKind.AUTO_GENERATED
    if any(name in fields for name in _LIST_HEADERS):
        return AutomaticKind.LIST
    precedence = fields.get("precedence", "").strip().lower()
    if precedence in _BULK:
        return AutomaticKind.AUTO_REPLY if precedence == "auto_reply" else AutomaticKind.LIST
    if fields.get("return-path", "x").strip() in ("<>", "") or _is_robot(fields.get("from", "")):
        return AutomaticKind.AUTO_GENERATED
    return AutomaticKind.NONE


def _is_robot(sender: str) -> bool:
    address = re.search(r"[^\s<>\"]+@[^\s<>\"]+", sender)
    return bool(address and _ROBOT.match(address.group(0)))


def may_answer(
    automatic: AutomaticKind, *, sender: str, own_addresses: Iterable[str], answers_today: int, cap: int = 5
) -> bool:
    """True where an automatic answer may go out: a person wrote, not we ourselves, and the cap is not spent.

    `answers_today` is how many automatic answers this sender got in the last 24 hours.
    """
    own = {address.casefold() for address in own_addresses}
    if automatic is not AutomaticKind.NONE or not sender or sender.casefold() in own:
        return False
    return answers_today < cap
