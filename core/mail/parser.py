"""`parse(raw)`: a raw mail as a `ParsedMail`. It never raises, whatever the bytes are.

The standard library's modern policy reads a little over half of real mails fully right; this one works on
the compat32 tree and the raw header bytes with decoding of its own (see README.md for what that mends).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message

from core.mail import bounces, loops
from core.mail.attachments import file_name, make_attachment
from core.mail.charsets import decode
from core.mail.headers import decoded, mailboxes, message_ids, parse_date
from core.mail.html import html_to_text
from core.mail.message import Attachment, Mailbox, ParsedMail
from core.mail.quotes import split_quoted
from core.mail.tree import Part, content_bytes, content_type, parameters, read_tree, walk

_MAX_TEXT = 2_000_000
"""Characters of text or HTML kept of one mail; the raw mail is kept whole elsewhere."""
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_REPORTS = ("message/delivery-status", "message/feedback-report", "message/disposition-notification")


@dataclass
class _Body:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def parse(raw: bytes) -> ParsedMail:
    """The mail's fields; `defects` tells what was mended or left out."""
    defects: list[str] = []
    tree = read_tree(raw, defects)
    charset = str(parameters(tree, "content-type").get("charset") or "")
    headers = _Headers(tree, charset)
    body = _read_body(tree, defects)
    html = "\n".join(body.htmls)[:_MAX_TEXT]
    text = "\n".join(body.texts)[:_MAX_TEXT]
    if not text.strip() and html.strip():
        text = html_to_text(html)
    new_text, quoted_text = split_quoted(text)
    bounce = bounces.read_bounce(tree)
    complaint = bounces.read_complaint(tree)
    return ParsedMail(
        sender=headers.first_mailbox("from") or headers.first_mailbox("sender"),
        reply_to=headers.mailboxes("reply-to"),
        to=headers.mailboxes("to"),
        cc=headers.mailboxes("cc"),
        delivered_to=tuple(box.address for name in _DELIVERED for box in headers.mailboxes(name)),
        subject=headers.text("subject"),
        date=next((moment for moment in map(parse_date, headers.raw("date")) if moment), None),
        message_id=next(iter(message_ids(headers.raw("message-id")[:1])), ""),
        in_reply_to=message_ids(headers.raw("in-reply-to")),
        references=message_ids(headers.raw("references")),
        text=text,
        new_text=new_text,
        quoted_text=quoted_text,
        html=html,
        attachments=tuple(body.attachments),
        automatic=loops.classify(headers.pairs, bounce=bounce is not None, complaint=complaint is not None),
        bounce=bounce,
        complaint=complaint,
        headers=headers.pairs,
        defects=tuple(dict.fromkeys(defects)),
    )


class _Headers:
    """The header fields of the top level, raw and decoded."""

    def __init__(self, tree: Message, charset: str) -> None:
        self._charset = charset
        self._raw = [(str(name).lower(), value) for name, value in tree.raw_items()]
        self.pairs = tuple((decoded(name), decoded(value, charset)) for name, value in self._raw)

    def raw(self, name: str) -> list[object]:
        return [value for key, value in self._raw if key == name]

    def text(self, name: str) -> str:
        return next((decoded(value, self._charset) for value in self.raw(name)), "")

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        return mailboxes(self.raw(name), self._charset)

    def first_mailbox(self, name: str) -> Mailbox | None:
        return next(iter(self.mailboxes(name)), None)


def _read_body(tree: Message, defects: list[str]) -> _Body:
    body = _Body()
    for part in walk(tree, defects):
        kind = content_type(part.message)
        if kind in _REPORTS:
            continue
        if _is_text(part, kind, body):
            text = _text_of(part.message)
            (body.htmls if kind == "text/html" else body.texts).append(text)
        elif content_bytes(part.message) or file_name(part.message):
            body.attachments.append(make_attachment(part.message, len(body.attachments) + 1))
    return body


def _is_text(part: Part, kind: str, body: _Body) -> bool:
    """Text that is the mail itself: not sent as a file, not a second rendering of what is there already."""
    if kind not in ("text/plain", "text/html"):
        return False
    disposition = str(part.message.get("content-disposition", "")).strip().lower()
    if disposition.startswith("attachment"):
        return False
    if file_name(part.message) and (part.parents or disposition):
        return False
    return not (kind == "text/html" and body.htmls and part.parents[-1:] == ("multipart/related",))


def _text_of(message: Message) -> str:
    charset = parameters(message, "content-type").get("charset")
    label = str(charset[-1]) if isinstance(charset, tuple) else str(charset or "")
    text = decode(content_bytes(message), label)
    return text.replace("\r\n", "\n").replace("\r", "\n")
