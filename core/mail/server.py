"""The mail server that EMAIL_URL names: read in one way by whatever sends (answers, resets, campaigns).

Free of Django, because the settings read it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


class EmailUrlError(ValueError):
    """EMAIL_URL can't be understood; the text says which part."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://[user:password@]host[:port]`, `smtp+tls://…` (STARTTLS, also `?tls=starttls`) or `smtps://…`."""

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
    if parts.scheme not in ("smtp", "smtps", "smtp+tls", "submission"):
        raise EmailUrlError(
            f"EMAIL_URL begins with smtp://, smtp+tls:// or smtps://, not {parts.scheme or 'nothing'}://"
        )
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
