"""vCards as lines of a table: 2.1 (versit), 3.0 (RFC 2426) and 4.0 (RFC 6350), any number in a file.

Read bytewise: every value of a 2.1 card may have an encoding of its own. Pictures, sounds and keys are left
out; what has no column of its own (faxes, birthdays without a year) is added to the note, so that nothing is
lost.
"""

import binascii
import io
import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from core.exporting.cells import joined

EMAILS = ("E-mail", "E-mail 2", "E-mail 3")
PHONES = ("Phone", "Phone 2", "Phone 3")
MOBILES = ("Mobile", "Mobile 2")
ADDRESS = ("Street", "Postcode", "City", "Region", "Country")
COLUMNS = (
    "First name", "Middle name", "Last name", "Name prefix", "Name suffix", "Full name", "Nickname",
    *EMAILS, "More e-mail addresses", *PHONES, *MOBILES, "More phone numbers",
    "Company", "Department", "Job title", "Role", *ADDRESS, *(f"{name} 2" for name in ADDRESS),
    "Birthday", "Website", "Social profiles", "Tags", "Note", "Language", "Time zone", "UID", "Changed",
)  # fmt: skip
SKIPPED = ("PHOTO", "LOGO", "SOUND", "KEY", "AGENT")
MAX_VALUE = 2_000_000
BARE = {"QUOTED-PRINTABLE": "ENCODING", "BASE64": "ENCODING", "8BIT": "ENCODING", "7BIT": "ENCODING"}
PARAMETER = re.compile(rb';([^=;:"]+)(?:=((?:"[^"]*"|[^;:"])*))?')
SPLIT_SEMICOLON, SPLIT_COMMA = re.compile(r"(?<!\\);"), re.compile(r"(?<!\\),")
BIRTHDAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")
STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?")


@dataclass
class Property:
    """One property of a card: its name without the group, parameters in upper case, the value as text."""

    name: str
    types: frozenset[str]
    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    def parts(self, pattern: re.Pattern[str] = SPLIT_SEMICOLON) -> list[str]:
        return [plain(part) for part in pattern.split(self.value)]

    @property
    def text(self) -> str:
        return plain(self.value)


def plain(text: str) -> str:
    """The text of an escaped value (RFC 6350, 3.4).

    >>> plain(r"one\\, two\\nthree")
    'one, two\\nthree'
    """
    if "\\" not in text:
        return text.strip()
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text, flags=re.DOTALL).strip()


def card_lines(
    plain_bytes: io.RawIOBase, encoding: str, header: Sequence[str]
) -> Iterator[tuple[int, list[str], str]]:
    """(number of the card's first line, cells in the order of `header`, error) of each card."""
    for number, properties, error in cards(plain_bytes, encoding):
        found = cells_of(properties)
        yield number, [found.get(name, "") for name in header], error


def used_columns(plain_bytes: io.RawIOBase, encoding: str) -> tuple[list[str], int]:
    """The columns that some card fills, in their customary order, and the number of cards."""
    used: set[str] = set()
    count = 0
    for _number, properties, _error in cards(plain_bytes, encoding):
        used |= cells_of(properties).keys()
        count += 1
    return [name for name in COLUMNS if name in used], count


def cards(plain_bytes: io.RawIOBase, encoding: str) -> Iterator[tuple[int, list[Property], str]]:
    """Each card's first line, its properties, and what is wrong with it as a whole."""
    properties: list[Property] | None = None
    start = nested = 0
    version = ""
    for number, line in unfolded(plain_bytes, encoding):
        word = line.strip().upper()
        if word == b"BEGIN:VCARD":
            if properties is not None and nested == 0 and not _in_agent(properties):
                yield start, properties, _("the card has no end (END:VCARD).")
                properties = None
            elif properties is not None:
                nested += 1
                continue
            properties, start, version = [], number, ""
        elif word == b"END:VCARD" and properties is not None:
            if nested:
                nested -= 1
                continue
            yield start, properties, ""
            properties = None
        elif properties is not None and not nested:
            item = _property(line, encoding, version)
            if item is not None:
                version = item.value.strip() if item.name == "VERSION" else version
                properties.append(item)
    if properties is not None:
        yield start, properties, _("the card has no end (END:VCARD).")


def _in_agent(properties: list[Property]) -> bool:
    """In 2.1 the card of an agent stands inside the card."""
    return bool(properties) and properties[-1].name == "AGENT" and not properties[-1].value.strip()


def unfolded(plain_bytes: io.RawIOBase, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Logical lines with the number of their first physical one: folds joined (RFC 6350, 3.2), and the soft
    line ends of quoted-printable values too."""
    current, start, length = [b""], 0, 0
    for number, raw in enumerate(_physical(plain_bytes, encoding), start=1):
        line = raw.rstrip(b"\r\n")
        soft = current[-1].endswith(b"=") and b"QUOTED-PRINTABLE" in b"".join(current[:1]).upper()[:200]
        if soft:
            current[-1] = current[-1][:-1]
            current.append(line)
        elif line[:1] in (b" ", b"\t") and start:
            if length < MAX_VALUE:
                current.append(line[1:])
            length += len(line)
        else:
            if start:
                yield start, b"".join(current)
            current, start, length = [line], number, len(line)
    if start:
        yield start, b"".join(current)


def _physical(plain_bytes: io.RawIOBase, encoding: str) -> Iterator[bytes]:
    buffered = io.BufferedReader(plain_bytes, 1 << 20)
    if encoding.startswith("utf-16"):
        for text in io.TextIOWrapper(buffered, encoding=encoding, errors="stray_bytes", newline=None):
            yield text.encode("utf-8", "replace")
        return
    while line := buffered.readline(MAX_VALUE):
        yield line.removeprefix(b"\xef\xbb\xbf")


def _property(line: bytes, encoding: str, version: str) -> Property | None:
    name, parameters, value = _taken_apart(line)
    if not name or name in SKIPPED:
        return Property(name, frozenset(), value.decode("ascii", "ignore")) if name == "AGENT" else None
    types = {word.strip('" ').upper() for word in parameters.get("TYPE", "").split(",") if word.strip('" ')}
    kind = parameters.get("ENCODING", "").upper()
    if kind == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    elif kind in ("B", "BASE64"):
        try:
            value = binascii.a2b_base64(value)
        except binascii.Error:
            return None
    text = _decoded(value, parameters.get("CHARSET", ""), encoding)
    if version == "2.1":
        text = re.sub(r"\\(?![;,\\nN])", r"\\\\", text)  # a lone backslash means itself there
    if kind == "QUOTED-PRINTABLE":
        text = text.replace("\r\n", "\n")
    return Property(name, frozenset(types), text, parameters)


def _taken_apart(line: bytes) -> tuple[str, dict[str, str], bytes]:
    """Name, parameters and value of `group.NAME;PARAMETER=value:value`."""
    match = re.match(rb"[ \t]*(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)", line)
    if match is None:
        return "", {}, b""
    place = match.end()
    parameters: dict[str, str] = {}
    while found := PARAMETER.match(line, place):
        key = found[1].decode("ascii", "replace").strip().upper()
        value = (found[2] or b"").decode("utf-8", "replace").strip()
        if found[2] is None:
            key, value = BARE.get(key, "TYPE"), key
        parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
        place = found.end()
    if line[place : place + 1] != b":":
        return "", {}, b""
    return match[1].decode("ascii").upper(), parameters, line[place + 1 :][:MAX_VALUE]


def _decoded(value: bytes, charset: str, encoding: str) -> str:
    for name in (charset, "utf-8", encoding if not encoding.startswith("utf-16") else ""):
        try:
            if name:
                return value.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("utf-8", "stray_bytes")


def cells_of(properties: Sequence[Property]) -> dict[str, str]:
    """The card as {column: text}, without empty ones."""
    cells: dict[str, str] = {}
    notes: list[str] = []
    by_name: dict[str, list[Property]] = {}
    for item in properties:
        by_name.setdefault(item.name, []).append(item)
    _name(by_name, cells)
    _reach(by_name, cells, notes)
    _work(by_name, cells)
    _addresses(by_name.get("ADR", []), cells)
    _birthday(by_name, cells, notes)
    _rest(by_name, cells, notes)
    if notes:
        cells["Note"] = "\n".join(notes)
    return {name: text for name, text in cells.items() if text}


def _first(by_name: dict[str, list[Property]], name: str) -> Property | None:
    found = by_name.get(name, [])
    return min(found, key=_preference) if found else None


def _preference(item: Property) -> int:
    """1 is preferred most (RFC 6350, 5.3); `TYPE=PREF` of older cards counts as 1."""
    if "PREF" in item.types:
        return 1
    number = item.parameters.get("PREF", "")
    return int(number) if number.isdecimal() and len(number) < 4 else 101


def _name(by_name: dict[str, list[Property]], cells: dict[str, str]) -> None:
    kind = _first(by_name, "KIND")
    full, name, nick = _first(by_name, "FN"), _first(by_name, "N"), _first(by_name, "NICKNAME")
    if kind is not None and kind.text.lower() in ("org", "group", "location"):
        return  # no person: the line says that it has no name
    if name is not None:
        parts = [part.replace("\n", " ") for part in name.parts()]
        names = ("Last name", "First name", "Middle name", "Name prefix", "Name suffix")
        cells.update(
            (column, ", ".join(p.strip() for p in SPLIT_COMMA.split(part)) if "affix" in column else part)
            for column, part in zip(names, parts, strict=False)
        )
    if full is not None and not (cells.get("First name") or cells.get("Last name")):
        cells["Full name"] = full.text
    if nick is not None:
        cells["Nickname"] = nick.text


def _reach(by_name: dict[str, list[Property]], cells: dict[str, str], notes: list[str]) -> None:
    emails = sorted(by_name.get("EMAIL", []), key=_preference)
    addresses = [item.text.removeprefix("mailto:") for item in emails if "X400" not in item.types]
    _spread(addresses, EMAILS, "More e-mail addresses", cells)
    phones: list[str] = []
    mobiles: list[str] = []
    for item in sorted(by_name.get("TEL", []), key=_preference):
        number = item.text.removeprefix("tel:")
        if item.types & {"FAX", "PAGER", "MODEM", "TEXTPHONE"} and not item.types & {"VOICE", "CELL"}:
            kind = "Pager" if "PAGER" in item.types else "Fax"
            notes.append(f"{kind}: {number}")
        else:
            (mobiles if "CELL" in item.types else phones).append(number)
    rest = [*phones[len(PHONES) :], *mobiles[len(MOBILES) :]]
    _spread(phones[: len(PHONES)], PHONES, "", cells)
    _spread(mobiles[: len(MOBILES)], MOBILES, "", cells)
    cells["More phone numbers"] = "; ".join(rest)


def _spread(values: Sequence[str], columns: Sequence[str], rest: str, cells: dict[str, str]) -> None:
    source = iter(dict.fromkeys(value for value in values if value))
    cells.update(zip(columns, islice(source, len(columns)), strict=False))
    if rest:
        cells[rest] = "; ".join(source)


def _work(by_name: dict[str, list[Property]], cells: dict[str, str]) -> None:
    organisation = _first(by_name, "ORG")
    if organisation is not None:
        company, *units = organisation.parts()
        cells["Company"] = company
        cells["Department"] = ", ".join(unit for unit in units if unit)
    for name, column in (("TITLE", "Job title"), ("ROLE", "Role"), ("TZ", "Time zone"), ("LANG", "Language")):
        item = _first(by_name, name)
        if item is not None:
            cells[column] = item.text


def _addresses(items: Sequence[Property], cells: dict[str, str]) -> None:
    """Post-office box, extended address and street together are the street (RFC 6350, 6.3.1)."""
    for item, suffix in zip(sorted(items, key=_preference), ("", " 2"), strict=False):
        box, extended, street, city, region, postcode, country = (*item.parts(), *[""] * 7)[:7]
        lines = ", ".join(" ".join(part.split()) for part in (box, extended, street) if part)
        values = (lines, postcode, city, region, country)
        cells.update((f"{name}{suffix}", value) for name, value in zip(ADDRESS, values, strict=True))


def _birthday(by_name: dict[str, list[Property]], cells: dict[str, str], notes: list[str]) -> None:
    item = _first(by_name, "BDAY")
    if item is None:
        return
    match = BIRTHDAY.fullmatch(item.text)
    if match:
        cells["Birthday"] = f"{match[1]}-{match[2]}-{match[3]}"
    elif item.text:
        notes.append(f"Birthday: {item.text}")


def _rest(by_name: dict[str, list[Property]], cells: dict[str, str], notes: list[str]) -> None:
    notes[:0] = [item.text for item in by_name.get("NOTE", []) if item.text]
    links = [item.text for item in sorted(by_name.get("URL", []), key=_preference)]
    cells["Website"] = next(iter(links), "")
    social = [
        item.text for name in ("X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP") for item in by_name.get(name, [])
    ]
    cells["Social profiles"] = "\n".join(dict.fromkeys([*links[1:], *social]))
    tags = [tag for item in by_name.get("CATEGORIES", []) for tag in item.parts(SPLIT_COMMA) if tag]
    cells["Tags"] = joined(dict.fromkeys(tags))
    for name, column in (("UID", "UID"), ("REV", "Changed")):
        item = _first(by_name, name)
        if item is not None:
            cells[column] = item.text.removeprefix("urn:uuid:")
    if match := STAMP.fullmatch(cells.get("Changed", "")):
        date, clock = "-".join(match.group(1, 2, 3)), ":".join(match.group(4, 5, 6))
        cells["Changed"] = f"{date}T{clock}{match[7] or 'Z'}"
