"""Transactional mail (answers, resets, notices) over the server that EMAIL_URL names.

Campaigns have a sender of their own in `marketing/sending`. Here Django's e-mail backend does the work; this
module reads the URL and builds messages with the headers that every mail of the house carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import make_msgid
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection

from core.mail.headers import decoded
from core.mail.message import Attachment


class EmailUrlError(ValueError):
    """EMAIL_URL can't be understood; the text says which part."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://[user:password@]host[:port][?tls=starttls]` or `smtps://…`; `console://` prints mails."""

    scheme: str
    host: str
    port: int
    username: str = ""
    password: str = ""
    starttls: bool = False

    @property
    def implicit_tls(self) -> bool:
        return self.scheme == "smtps"


def parse_email_url(url: str) -> MailServer:
    """The mail server that a URL names. Raises EmailUrlError with a sentence for the person who wrote it."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls", "submission", "console"):
        raise EmailUrlError(f"EMAIL_URL must begin with smtp:// or smtps://, not {parts.scheme or url!r}")
    if parts.scheme == "console":
        return MailServer("console", "", 0)
    if not parts.hostname:
        raise EmailUrlError("EMAIL_URL names no host, as in smtp://user:password@mail.example.org:587")
    try:
        port = parts.port
    except ValueError as error:
        raise EmailUrlError("EMAIL_URL has a port that is no number") from error
    query = parse_qs(parts.query)
    starttls = parts.scheme in ("smtp+tls", "submission") or query.get("tls", [""])[0] in (
        "1", "true", "starttls",
    )  # fmt: skip
    scheme = "smtps" if parts.scheme == "smtps" else "smtp"
    default_port = 465 if scheme == "smtps" else 587 if starttls else 25
    return MailServer(
        scheme,
        parts.hostname,
        port or default_port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls,
    )


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
