"""Copies of people as they come about: mistyped, shortened, transliterated, moved, married, half filled in."""

import string
from dataclasses import replace
from datetime import date

from bench.duplicates_world import Country, World
from contacts.matching.nicknames import groups_of, variants_of
from contacts.matching.people_rows import PersonRecord
from contacts.matching.text import fold, latin

KEYS = {
    row[n]: row[max(n - 1, 0) : n] + row[n + 1 : n + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for n in range(len(row))
}
CYRILLIC = {
    "ж": ("zh", "j", "z"), "х": ("kh", "h"), "ц": ("ts", "c"), "ч": ("ch", "tch"), "ш": ("sh", "sch"),
    "щ": ("shch", "sch"), "ю": ("yu", "iu", "ju"), "я": ("ya", "ia", "ja"), "й": ("y", "i", "j"), "ы": ("y", "i"),
    "в": ("v", "w"), "е": ("e", "ye"), "ё": ("yo", "e"), "э": ("e",), "ь": ("",), "ъ": ("",), "і": ("i",),
    "ї": ("yi", "i"), "є": ("ye", "e"), "ґ": ("g",), "г": ("g", "h"), "а": "a", "б": "b", "д": "d", "з": "z",
    "и": ("i", "y"), "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": ("u", "ou"), "ф": ("f",),
}  # fmt: skip


class Copies(World):
    """Makes copies of people."""

    def _copy(self, record: PersonRecord) -> PersonRecord:
        chance = self.random.random
        country = self.random.choices(self.countries, cum_weights=self.weights)[0]
        first, last = self._names(record.first_name, record.last_name)
        made = replace(record, first_name=first, last_name=last)
        made.salutation = record.salutation if chance() < 0.6 else ""
        made.birthday = self._birthday(record.birthday)
        made.emails = self._copied_emails(record)
        made.mobiles = tuple(self._number(n, country) for n in record.mobiles if chance() < 0.72)
        made.phones = tuple(self._number(n, country) for n in record.phones if chance() < 0.72)
        made.addresses = tuple(self._moved(a, country) for a in record.addresses if chance() < 0.75)
        if record.companies and chance() < 0.3:
            made.companies = (self._company(),) if chance() < 0.5 else ()
        if not (made.emails or made.mobiles or made.phones or made.addresses):
            made.emails, made.mobiles = tuple(record.emails)[:1], tuple(record.mobiles)[:1]
            made.phones = tuple(record.phones)[:1] if not made.emails else ()
            made.addresses = () if made.emails or made.mobiles else record.addresses
        return made

    def _names(self, first: str, last: str) -> tuple[str, str]:
        chance = self.random.random
        if not (first + last).isascii() and chance() < 0.65:
            first, last = self._transliterated(first), self._transliterated(last)
        what = chance()
        if what < 0.14:
            first = self._nickname(first)
        elif what < 0.19:
            first = first[:1] + self.random.choice((".", ""))
        elif what < 0.24:
            first = (
                first
                + self.random.choice((" ", "-"))
                + self.random.choice(("M.", "Maria", "J.", "Jan", "A."))
            )
        elif what < 0.27 and " " in first:
            first = first.split()[0]
        elif what < 0.34:
            first = self._typo(first)
        what = chance()
        if what < 0.10:
            last = self._typo(last)
        elif what < 0.125:
            last = self._pick(self.countries[0].surnames)  # married
        elif what < 0.145:
            last = f"{last}-{self._pick(self.countries[2].surnames)}"
        if chance() < 0.04:
            first, last = last, first
        if chance() < 0.05:
            first, last = self.random.choice(((first.upper(), last.upper()), (first.lower(), last.lower())))
        return first, last

    def _nickname(self, first: str) -> str:
        word = fold(latin(first).split()[0]) if latin(first) else ""
        others = sorted(variants_of(word) - {word}) if groups_of(word) else []
        return self.random.choice(others).title() if others else first

    def _transliterated(self, text: str) -> str:
        if any("а" <= c.lower() <= "я" or c.lower() in "ієїґё" for c in text):
            letters = (self.random.choice(CYRILLIC.get(c, (c,))) for c in text.lower())
            return "".join(letters).title()
        if self.random.random() < 0.5:
            for accented, plain in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss")):
                text = text.replace(accented, plain)
        return latin(text).title()

    def _typo(self, text: str) -> str:
        if len(text) < 3:
            return text
        place, kind = self.random.randrange(1, len(text)), self.random.randrange(5)
        letter = text[place].lower()
        near = self.random.choice(KEYS.get(letter) or string.ascii_lowercase)
        if kind == 0:
            return text[:place] + text[place + 1 :]
        if kind == 1:
            return text[:place] + near + text[place + 1 :]
        if kind == 2:
            return text[:place] + letter + text[place:]
        if kind == 3:
            return text[:place] + near + text[place:]
        return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]

    def _birthday(self, day: date | None) -> date | None:
        chance = self.random.random()
        if day is None or chance < 0.4:
            return None
        if chance < 0.43 and day.day <= 12:
            return date(day.year, day.day, day.month)
        if chance < 0.45:
            return day.replace(year=day.year + self.random.choice((-10, -1, 1, 10)), day=min(day.day, 28))
        return date(day.year, 1, 1) if chance < 0.46 else day

    def _copied_emails(self, record: PersonRecord) -> tuple[str, ...]:
        found = []
        for address in record.emails:
            chance = self.random.random()
            if chance < 0.24:
                continue
            if chance < 0.28:
                local, _at, domain = address.partition("@")
                found.append(f"{self._typo(local).lower()}@{domain}")
            elif chance < 0.40:
                style = self.random.randrange(8)
                local = self._local(record.first_name or "x", record.last_name or "y", 1975, style)
                found.append(self._own(local, self._free_mail()))
            elif chance < 0.48:
                found.append(f"{address.partition('@')[0]}@{self._free_mail()}")
            else:
                found.append(address)
        return tuple(found)

    def _number(self, number: str, country: Country) -> str:
        chance = self.random.random()
        if chance < 0.13:
            return self._phone(country, mobile=chance < 0.07)
        if chance < 0.16:
            place = self.random.randrange(4, len(number) - 2)
            return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        return number

    def _moved(self, address: tuple[str, str, str], country: Country) -> tuple[str, str, str]:
        street, postcode, city = address
        chance = self.random.random()
        if chance < 0.2:
            return self._address(country)
        if chance < 0.45:
            for long, short in (
                ("straße", "str."),
                ("Street", "St"),
                ("Road", "Rd"),
                ("Avenue", "Ave"),
                ("ulica", "ul."),
            ):
                street = street.replace(long, short)
        elif chance < 0.55:
            street = self._typo(street)
        elif chance < 0.6:
            street = ""
        if self.random.random() < 0.04 and len(postcode) > 2:
            postcode = postcode[:-2] + postcode[-1] + postcode[-2]
        return street, postcode, city
