"""A campaign's message compiled once into byte segments; per recipient only the values are encoded.

Building a MIME tree per recipient costs hundreds of microseconds. Here `compile_message` does that work once and
`CompiledMessage.render` joins segments with encoded values in about ten. Whatever the values are, the result
parses back to exactly them, every line is legal, and no value reaches a header or a tag it was not meant for.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape, unescape
from urllib.parse import quote

import css_inline
import nh3

from core.mail.addresses import is_sendable
from marketing.sending.encoding import (
    SOFT_BREAK,
    clean_value,
    encode_header,
    encode_literal,
    encode_mailbox,
    encode_value,
)
from marketing.sending.links import LinkMaker
from marketing.sending.placeholders import (
    MessageProblems,
    Piece,
    Placeholder,
    Problem,
    ProblemCode,
    parse_placeholders,
)

UNSUBSCRIBE = "unsubscribe_url"
PREFERENCES = "preferences_url"
POSTAL_ADDRESS = "postal_address"
_SYSTEM_NAMES = frozenset({UNSUBSCRIBE, PREFERENCES, POSTAL_ADDRESS})
_MARK = re.compile("\ue000([a-z])(\\d+)\ue001")
"""Private-use characters stand for placeholders while HTML is worked on: no tool changes or escapes them."""
_PRIVATE = re.compile("[\ue000\ue001]")
_HREF = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)
_VARIABLE_HOST = re.compile("https?://[^/\"'\\s<>]*?\ue000[a-z]\\d+\ue001", re.IGNORECASE)
_MAIL_TAGS = nh3.ALLOWED_TAGS | {"font", "center"}
_STYLED = {"style", "align", "valign", "width", "height", "bgcolor", "dir", "lang", "class", "border",
           "cellpadding", "cellspacing", "role"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageSource:
    """What a person wrote. `fields` are the merge fields that placeholders may name."""

    subject: str
    text: str
    html: str
    from_name: str
    from_address: str
    reply_to: str
    postal_address: str
    fields: frozenset[str]
    track: bool = True
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who one copy goes to. `message_id` without brackets; `date` as RFC 5322 writes it."""

    recipient_id: int
    address: str
    name: str
    message_id: str
    date: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for a value. `context` says how it is encoded: text, html, url, click or system."""

    context: str
    name: str
    fallback: str = ""


_Template = list[bytes | _Slot]


def with_footer(source: MessageSource, unsubscribe_label: str, preferences_label: str) -> MessageSource:
    """The message with the postal address, the link to the person's preferences and the opt-out link put at the
    end of each part that lacks them."""
    text, html = source.text, source.html
    tail = _missing(text)
    if tail:
        lines = {
            POSTAL_ADDRESS: "{{ postal_address }}",
            PREFERENCES: preferences_label + ": {{ preferences_url }}",
            UNSUBSCRIBE: unsubscribe_label + ": {{ unsubscribe_url }}",
        }
        text = text.rstrip("\n") + "\n\n-- \n" + "\n".join(lines[name] for name in tail) + "\n"
    if html.strip():
        blocks = {
            POSTAL_ADDRESS: "{{ postal_address }}",
            PREFERENCES: f'<a href="{{{{ preferences_url }}}}">{escape(preferences_label)}</a>',
            UNSUBSCRIBE: f'<a href="{{{{ unsubscribe_url }}}}">{escape(unsubscribe_label)}</a>',
        }
        tail = _missing(html)
        if tail:
            html += "<hr><p><small>" + "<br>".join(blocks[name] for name in tail) + "</small></p>"
    return replace(source, text=text, html=html)


def _missing(part: str) -> list[str]:
    return [
        name
        for name in (POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE)
        if not re.search(r"\{\{\s*" + name + r"\b", part, re.IGNORECASE)
    ]


class CompiledMessage:
    """Bytes for any recipient of one campaign. Immutable; safe to share between threads."""

    def __init__(
        self, template: _Template, subject: tuple[Piece, ...], targets: tuple[str, ...], links: LinkMaker
    ) -> None:
        self.targets = targets
        """What the click links of the HTML part lead to, by their number."""
        self._links = links
        self._subject = subject
        self._parts: list[bytes] = [b"" if isinstance(piece, _Slot) else piece for piece in template]
        self._places: dict[_Slot, list[int]] = {}
        for index, piece in enumerate(template):
            if isinstance(piece, _Slot):
                self._places.setdefault(piece, []).append(index)

    def render(self, envelope: Envelope) -> bytes:
        """One whole message: ASCII, CRLF lines of at most 998 octets, not yet dot-stuffed.

        Raises UnicodeEncodeError for an address that is not ASCII.
        """
        parts = self._parts.copy()
        system = self._system_values(envelope)
        tracking = self._links.tracking_base(envelope.recipient_id)
        for slot, places in self._places.items():
            if slot.context == "system":
                encoded = system[slot.name]
            elif slot.context == "click":
                encoded = encode_value(tracking + slot.name)
            else:
                encoded = encode_value(_in_context(slot.context, _filled(slot, envelope.values)))
            for place in places:
                parts[place] = encoded
        return b"".join(parts)

    def subject_for(self, values: Mapping[str, str]) -> str:
        """The subject as one recipient reads it."""
        return fill(self._subject, values)

    def _system_values(self, envelope: Envelope) -> dict[str, bytes]:
        unsubscribe = self._links.unsubscribe(envelope.recipient_id)
        return {
            "to": encode_mailbox(clean_value(envelope.name), envelope.address),
            "subject": encode_header(self.subject_for(envelope.values)),
            "message_id": envelope.message_id.encode("ascii"),
            "date": envelope.date.encode("ascii"),
            "unsubscribe_header": unsubscribe.encode("ascii"),
            UNSUBSCRIBE: encode_value(unsubscribe),
            PREFERENCES: encode_value(self._links.preferences(envelope.recipient_id)),
        }


def fill(pieces: Iterable[Piece], values: Mapping[str, str]) -> str:
    """The pieces of one line as plain text with the values of one recipient."""
    return "".join(one if isinstance(one, str) else _filled(one, values) for one in pieces)


def _filled(place: _Slot | Placeholder, values: Mapping[str, str]) -> str:
    value = clean_value(values.get(place.name, ""))
    return value if value.strip() else clean_value(place.fallback)


def _in_context(context: str, value: str) -> str:
    if context == "html":
        return escape(value)
    return quote(value, safe="") if context == "url" else value


def compile_message(source: MessageSource, *, links: LinkMaker, feedback_id: str) -> CompiledMessage:
    """The compiled message, or MessageProblems with everything that is wrong.

    Demanded: a subject, a text part, a sender address, a postal address, and in each part an opt-out link.
    `feedback_id` is the campaign's part of the Feedback-ID header.
    """
    compiler = _Compiler(source)
    subject = compiler.subject()
    text = compiler.text_part()
    html = compiler.html_part() if source.html.strip() else []
    compiler.check_demands()
    if compiler.problems:
        raise MessageProblems(compiler.problems)
    template = [*_headers(source, feedback_id), *_body(text, html)]
    return CompiledMessage(template, subject, tuple(compiler.targets), links)


class _Compiler:
    """Collects what the three parts need and what is wrong with them."""

    def __init__(self, source: MessageSource) -> None:
        self.source = source
        self.allowed = source.fields | _SYSTEM_NAMES
        self.problems: list[Problem] = []
        self.targets: list[str] = []

    def _pieces(self, text: str, part: str) -> list[Piece]:
        normal = _PRIVATE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        allowed = self.source.fields if part == "subject" else self.allowed
        pieces, problems = parse_placeholders(normal, allowed, part)
        self.problems += problems
        return pieces

    def subject(self) -> tuple[Piece, ...]:
        pieces = self._pieces(self.source.subject, "subject")
        return tuple(clean_value(one) if isinstance(one, str) else one for one in pieces)

    def text_part(self) -> _Template:
        template: _Template = []
        for piece in self._pieces(self.source.text, "text"):
            _append(template, piece if isinstance(piece, str) else self._slot(piece, "text"))
        return template

    def _slot(self, piece: Placeholder, context: str) -> _Slot | str:
        if piece.name == POSTAL_ADDRESS:
            postal = self.source.postal_address.strip()
            return escape(postal).replace("\n", "<br>") if context == "html" else postal
        if piece.name in (UNSUBSCRIBE, PREFERENCES):
            return _Slot("system", piece.name)
        return _Slot(context, piece.name, piece.fallback)

    def html_part(self) -> _Template:
        pieces = self._pieces(self.source.html, "html")
        slots = [piece for piece in pieces if isinstance(piece, Placeholder)]
        counter = iter(range(len(slots)))
        marked = "".join(one if isinstance(one, str) else f"\ue000h{next(counter)}\ue001" for one in pieces)
        for start in _VARIABLE_HOST.findall(marked):
            self.problems.append(
                Problem(ProblemCode.WHOLE_LINK_PLACEHOLDER, "html", 0, _MARK.sub("…", start))
            )
        marked = _HREF.sub(lambda match: self._link(match, slots), _clean_html(marked))
        if self.source.track:
            marked += '<img src="\ue000o0\ue001" width="1" height="1" alt="">'
        template: _Template = []
        end = 0
        document = _document(marked, self.source.language)
        for match in _MARK.finditer(document):
            _append(template, document[end : match.start()])
            _append(template, self._html_slot(match, slots))
            end = match.end()
        _append(template, document[end:])
        return template

    def _html_slot(self, match: re.Match[str], slots: list[Placeholder]) -> _Slot | str:
        context, number = match.group(1), int(match.group(2))
        if context == "o":
            return _Slot("click", "/o")
        if context == "c":
            return _Slot("click", f"/c/{number}")
        if context == "u":
            return self._slot(slots[number], "url")
        return self._slot(slots[number], "html")

    def _link(self, match: re.Match[str], slots: list[Placeholder]) -> str:
        """A link of the HTML part: tracked where its target is the same for all recipients."""
        before, href, after = match.groups()
        target = unescape(href).strip()
        marks = _MARK.findall(target)
        alone = bool(marks) and target == f"\ue000h{marks[0][1]}\ue001"
        if alone and slots[int(marks[0][1])].name in (UNSUBSCRIBE, PREFERENCES):
            return match.group(0)
        if target.startswith(("#", "mailto:", "tel:")) and not marks:
            return match.group(0)
        if _MARK.match(target):
            self.problems.append(
                Problem(ProblemCode.WHOLE_LINK_PLACEHOLDER, "html", 0, _MARK.sub("…", target))
            )
            return match.group(0)
        if not target.lower().startswith(("http://", "https://")):
            self.problems.append(Problem(ProblemCode.BAD_LINK, "html", 0, _MARK.sub("…", target)[:120]))
            return match.group(0)
        if marks or not self.source.track:
            return before + _MARK.sub("\ue000u\\2\ue001", href) + after
        if target not in self.targets:
            self.targets.append(target)
        return f"{before}\ue000c{self.targets.index(target)}\ue001{after}"

    def check_demands(self) -> None:
        source = self.source
        if not source.subject.strip():
            self.problems.append(Problem(ProblemCode.NO_SUBJECT, "subject"))
        if not source.text.strip():
            self.problems.append(Problem(ProblemCode.NO_TEXT, "text"))
        if not is_sendable(source.from_address):
            self.problems.append(Problem(ProblemCode.BAD_SENDER, "sender", 0, source.from_address[:80]))
        if not source.postal_address.strip():
            self.problems.append(Problem(ProblemCode.NO_POSTAL_ADDRESS, "postal_address"))
        for part, content in (("text", source.text), ("html", source.html)):
            if content.strip() and UNSUBSCRIBE in _missing(content):
                self.problems.append(Problem(ProblemCode.NO_UNSUBSCRIBE_LINK, part))
            if content.strip() and POSTAL_ADDRESS in _missing(content) and not self._names_address(content):
                self.problems.append(Problem(ProblemCode.NO_POSTAL_ADDRESS, part))

    def _names_address(self, content: str) -> bool:
        """True where the postal address was typed into the part instead of its placeholder."""
        words = " ".join(self.source.postal_address.split())
        return bool(words) and words in " ".join(unescape(content).split())


def _append(template: _Template, piece: str | _Slot) -> None:
    """Adds a piece; values stand between soft breaks, so each piece begins at the start of a line."""
    if isinstance(piece, str):
        if piece:
            template += [encode_literal(piece), SOFT_BREAK]
    else:
        template += [piece, SOFT_BREAK]


def _clean_html(html: str) -> str:
    """Style rules moved onto the elements, then only what a mail may hold: no script, form or frame."""
    try:
        html = css_inline.inline(html, load_remote_stylesheets=False, keep_style_tags=False)
    except css_inline.InlineError:
        pass  # a broken style sheet costs the styles; the words still arrive
    attributes = {tag: set(names) | _STYLED for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for tag in _MAIL_TAGS:
        attributes.setdefault(tag, set(_STYLED))
    attributes["a"] -= {"rel"}
    attributes["font"] |= {"color", "face", "size"}
    return nh3.clean(
        html,
        tags=_MAIL_TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes=attributes,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def _document(body: str, language: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n</head>\n'
        '<body style="font-family: Arial, Helvetica, sans-serif; line-height: 1.5">\n'
        f"{body}\n</body>\n</html>\n"
    )


def _headers(source: MessageSource, feedback_id: str) -> _Template:
    domain = source.from_address.rpartition("@")[2]
    sender = encode_mailbox(clean_value(source.from_name), source.from_address)
    reply_to = b"Reply-To: " + encode_mailbox("", source.reply_to) + b"\r\n" if source.reply_to else b""
    return [
        b"From: " + sender + b"\r\n" + reply_to + b"To: ",
        _Slot("system", "to"),
        b"\r\nSubject: ",
        _Slot("system", "subject"),
        b"\r\nDate: ",
        _Slot("system", "date"),
        b"\r\nMessage-ID: <",
        _Slot("system", "message_id"),
        b">\r\nMIME-Version: 1.0\r\nList-Unsubscribe: <",
        _Slot("system", "unsubscribe_header"),
        b">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        f"Feedback-ID: {feedback_id}:meridian:{domain}\r\nPrecedence: bulk\r\n".encode("ascii", "replace"),
    ]


def _body(text: _Template, html: _Template) -> _Template:
    plain: _Template = [
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        *text,
    ]
    if not html:
        return [*plain, b"\r\n"]
    boundary = f"=_{secrets.token_hex(12)}".encode("ascii")
    return [
        b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n--' + boundary + b"\r\n",
        *plain,
        b"\r\n--" + boundary + b"\r\n",
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        *html,
        b"\r\n--" + boundary + b"--\r\n",
    ]
