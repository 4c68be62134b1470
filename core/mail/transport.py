"""Transactional mail (answers, resets, notices) over the server that EMAIL_URL names.

Campaigns have a sender of their own in `marketing/sending`. Here Django's e-mail backend does the work; this
module builds messages with the headers that every mail of the house carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.utils import make_msgid
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from core.mail.headers import decoded
from core.mail.message import Attachment


def new_message_id(domain: str) -> str:
    """A fresh Message-ID without brackets, to be stored before the mail is sent."""
    return make_msgid(domain=domain).strip("<>")


def send_mail(
    *,
    subject: str,
    text: str,
    to: Iterable[str],
    from_email: str,
    message_id: str,
    html: str = "",
    cc: Iterable[str] = (),
    reply_to: Iterable[str] = (),
    in_reply_to: str = "",
    references: Iterable[str] = (),
    attachments: Iterable[Attachment] = (),
    automatic: bool = False,
    headers: Mapping[str, str] | None = None,
    connection: Any = None,
) -> None:
    """Sends one mail; raises smtplib.SMTPException or OSError when the server did not take it.

    `connection` is one that the caller has opened: then a failure here is not one of connecting.
    `automatic` marks mail that no person wrote (`Auto-Submitted`), so that other robots stay silent.
    Line breaks in the subject are folded to spaces, as a header must not grow by what somebody typed.
    """
    extra = {"Message-ID": f"<{message_id}>", **(headers or {})}
    if in_reply_to:
        extra["In-Reply-To"] = f"<{in_reply_to}>"
    chain = [f"<{one}>" for one in references]
    if chain:
        extra["References"] = " ".join(chain[-20:])
    if automatic:
        extra["Auto-Submitted"] = "auto-generated"
        extra["X-Auto-Response-Suppress"] = "All"
    message = EmailMultiAlternatives(
        subject=" ".join(decoded(subject).split()),
        body=text,
        from_email=from_email,
        to=list(to),
        cc=list(cc),
        reply_to=list(reply_to),
        headers=extra,
        connection=connection or get_connection(),
    )
    if html:
        message.attach_alternative(html, "text/html")
    for attachment in attachments:
        message.attach(attachment.name, attachment.content, attachment.content_type)
    message.send()
