"""Where a reply ends and the quoted mail begins. When in doubt, nothing is hidden."""

from __future__ import annotations

import re

_ATTRIBUTION = re.compile(
    r"^[ \t>]*(?:"
    r"On\b.{5,200}\bwrote|Am\b.{5,200}\bschrieb\b.{0,120}|Le\b.{5,200}\ba écrit|"
    r"El\b.{5,200}\bescribió|"
    r"Il\b.{5,200}\bha scritto|Op\b.{5,200}\bschreef\b.{0,120}|Em\b.{5,200}\bescreveu|"
    r"Den\b.{5,200}\bskrev\b.{0,120}|"
    r"W dniu\b.{5,200}\bnapisał\(?a?\)?|.{5,160}\b(?:пишет|написал[аи]?)|"
    r".{4,120}<[^<>@\s]+@[^<>\s]+>\s*(?:wrote|写道)"
    r")\s*[:\uff1a]\s*$",
    re.MULTILINE | re.DOTALL,
)
_ATTRIBUTION_START = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|Em|Den|W dniu)\b|^.{0,160}(?:пишет|написал|wrote|写道)[:\uff1a]?", re.IGNORECASE
)
_DIVIDER = re.compile(
    r"^\s*(?:-{3,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|"
    r"Mensaje original|"
    r"Messaggio originale|Oorspronkelijk bericht|Forwarded message|Исходное сообщение|"
    r"原始邮件|元のメッセージ)"
    r"\s*-{3,}|_{20,}|#{2,}-? .{0,80}reply above this line.{0,20})\s*$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^\s*\*?(?:From|Von|De|Da|Van|Från|Fra|От|发件人|差出人|Sent|Gesendet|Envoyé|Enviado|Inviato|Verzonden|"
    r"Date|Datum|Fecha|Data|To|An|À|Para|A|Aan|Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Cc)\*?\s*[:\uff1a]",
    re.IGNORECASE,
)
_ATTRIBUTION_LINES = 4


def split_quoted(text: str) -> tuple[str, str]:
    """(new, quoted) with `new + quoted == text` always.

    The quoted part begins at a divider, an attribution line or an Outlook header block, or is a trailing run
    of `>` lines. Answers written between the quoted lines keep the whole text as new.
    """
    lines = text.splitlines(keepends=True)
    trailing = _trailing_quote(lines)
    for index in range(len(lines)):
        if index == trailing or _starts_quote(lines, index):
            if _answered_inline(lines, index):
                return text, ""
            return "".join(lines[:index]), "".join(lines[index:])
    return text, ""


def _starts_quote(lines: list[str], index: int) -> bool:
    line = lines[index]
    if _DIVIDER.match(line):
        return True
    if _ATTRIBUTION_START.match(line.lstrip(" \t>")) and _is_attribution(lines, index):
        return True
    if _HEADER_LINE.match(line):
        block = [one for one in lines[index : index + 5] if _HEADER_LINE.match(one)]
        return len(block) >= 3
    return False


def _trailing_quote(lines: list[str]) -> int | None:
    """Index of the first line of the run of `>` lines that ends the text, if it ends so."""
    start = None
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].startswith(">"):
            start = index
        elif lines[index].strip():
            break
    return start


def _is_attribution(lines: list[str], index: int) -> bool:
    """An attribution folds over up to four lines; it counts only where a quote or the end follows."""
    lengths = range(1, _ATTRIBUTION_LINES + 1)
    return any(_ATTRIBUTION.match("".join(lines[index : index + length])) for length in lengths)


def _answered_inline(lines: list[str], index: int) -> bool:
    """True where plain text stands after `>` lines: the person answered inside the quote."""
    seen_quote = False
    for line in lines[index:]:
        if line.startswith(">"):
            seen_quote = True
        elif seen_quote and line.strip() and not _DIVIDER.match(line):
            return True
    return False
