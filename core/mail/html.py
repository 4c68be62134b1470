"""HTML of mails: made safe for showing, and turned into text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div", "dl",
    "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre",
    "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start", "type"},
}
_BLOCKS = {
    "p", "div", "br", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
    "hr", "dl", "dt", "dd", "caption",
}  # fmt: skip
_DROPPED = {"script", "style", "title", "head", "noscript", "template"}


def sanitise(html: str, *, remote_images: bool = False) -> str:
    """HTML that may stand in a page: no script, style, form, frame or handler; links open apart.

    Remote images are dropped unless asked for, as loading them tells the sender that the mail was read.
    `cid:` images stay for the caller to resolve.
    """

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src" and not remote_images:
            return value if value.lower().startswith("cid:") else None
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED - {"head", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


class _TextBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.link = ""
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.depth += 1
        if tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "a":
            self.link = next((value or "" for name, value in attrs if name == "href"), "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link.startswith(("http:", "https:")):
            shown = self.pieces[-1].strip() if self.pieces else ""
            if shown and shown != self.link:
                self.pieces.append(f" ({self.link})")
        if tag == "a":
            self.link = ""
        if tag in _BLOCKS:
            self.pieces.append("\n" if tag != "p" else "\n\n")
        if tag == "blockquote":
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self.depth and text.strip():
            text = "\n" + "> " * min(self.depth, 9) + text.strip()
        self.pieces.append(text)


def html_to_text(html: str) -> str:
    """Readable plain text: blocks on lines, list items dashed, targets behind links, quotes as `> `."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS - {"img"},
        clean_content_tags=_DROPPED - {"head"},
        attributes={"a": {"href"}},
        link_rel=None,
    )
    builder = _TextBuilder()
    builder.feed(cleaned)
    builder.close()
    text = "".join(builder.pieces).replace("\xa0", " ")
    text = re.sub(r"[ \t]+\n", "\n", re.sub(r"\n[ \t]+", "\n", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
