"""`@[Name](7)` in what people write: found, told to the person, and shown as a name."""

import re
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core.models import User
from core.scope.access import profile_for
from core.services.notifications import Words, notify

MENTION = re.compile(r"@\[([^\]\n]{1,150})\]\((\d{1,18})\)")
LINK = re.compile(r"https?://[^\s<>\"']{3,500}")


def mentioned_ids(text: str) -> list[int]:
    """The ids of the people mentioned, each once, in order."""
    return list(dict.fromkeys(int(pk) for _name, pk in MENTION.findall(text)))


def notify_mentioned(*, actor: Any, text: str, message: Words, record: Any, url: str, key: str) -> int:
    """Tell everyone mentioned in `text` who may see `record`, each in their language; returns how many. `key`
    makes it once each."""
    told = 0
    for user in User.objects.filter(pk__in=mentioned_ids(text), is_active=True):
        if not profile_for(user).allows(record.record_type, "view"):
            continue
        if not type(record).objects.visible_to(user).filter(pk=record.pk).exists():
            continue
        notify(
            actor=actor,
            user=user,
            kind="mention",
            text=message,
            record_type=record.record_type,
            object_id=record.pk,
            url=url,
            dedupe_key=f"mention:{key}:{user.pk}",
        )
        told += 1
    return told


def rich_text(text: str) -> SafeString:
    """What a person typed as HTML: escaped, line breaks kept, mentions and addresses of pages marked."""
    parts: list[Any] = []
    at = 0
    for found in re.finditer(f"{MENTION.pattern}|({LINK.pattern})", text):
        parts.append(_plain(text[at : found.start()]))
        if found.group(3):
            address = found.group(3)
            parts.append(
                format_html(
                    '<a class="link" href="{}" rel="noopener noreferrer nofollow">{}</a>', address, address
                )
            )
        else:
            parts.append(format_html('<span class="mention">@{}</span>', found.group(1)))
        at = found.end()
    parts.append(_plain(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped where it is made


def _plain(text: str) -> str:
    return str(conditional_escape(text)).replace("\r\n", "\n").replace("\n", "<br>")
