"""What a company's own page says of it: description, numbers, addresses, social pages."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import phonenumbers

SOCIAL = re.compile(
    r"^https?://(?:[a-z]{2,3}\.)?(linkedin\.com/company|facebook\.com|instagram\.com|x\.com|twitter\.com|"
    r"youtube\.com|xing\.com/pages)/[\w.@%/-]{2,100}$",
    re.IGNORECASE,
)
LONGEST = 320
MOST = 3


@dataclass
class Site:
    """What was found, each at most a few."""

    title: str = ""
    description: str = ""
    phones: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    socials: list[str] = field(default_factory=list)


def read_site(html: str, country: str) -> Site:
    """Never raises, whatever the page is made of."""
    reader = _Reader(country)
    try:
        reader.feed(html)
    except AssertionError:  # what html.parser says to a declaration it can't read: what came before it counts
        pass
    reader.site.title = " ".join(reader.site.title.split())[:LONGEST]
    return reader.site


class _Reader(HTMLParser):
    def __init__(self, country: str) -> None:
        super().__init__(convert_charrefs=True)
        self.site, self.country, self.in_title = Site(), country, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.in_title = tag == "title" and not self.site.title
        if tag == "meta" and found.get("name", found.get("property", "")).lower() in (
            "description",
            "og:description",
        ):
            self.site.description = (
                self.site.description or " ".join(found.get("content", "").split())[:LONGEST]
            )
        if tag == "a":
            self._link(found.get("href", "").strip())

    def handle_endtag(self, tag: str) -> None:
        self.in_title = False

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.site.title += data

    def _link(self, href: str) -> None:
        if href.lower().startswith("tel:"):
            self._phone(href[4:])
        elif href.lower().startswith("mailto:"):
            _add(self.site.mails, href[7:].partition("?")[0].lower())
        elif SOCIAL.match(href):
            _add(self.site.socials, href)

    def _phone(self, text: str) -> None:
        try:
            number = phonenumbers.parse(text, self.country or None)
        except phonenumbers.NumberParseException:
            return
        if phonenumbers.is_valid_number(number):
            _add(self.site.phones, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _add(found: list[str], value: str) -> None:
    if value and value not in found and len(found) < MOST:
        found.append(value)
