"""People as they are read, and as rows of small integers: each distinct name, address and number parsed once."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contacts.matching.columns import Slots, Vocabulary
from contacts.matching.names import Name, name_of, suffix_of
from contacts.matching.nicknames import groups_of
from contacts.matching.reach import is_family, is_named, place_of
from contacts.matching.text import skeleton
from core.text import sort_key

_GENDERS = {
    "mr": 0, "herr": 0, "monsieur": 0, "m": 0, "sir": 0, "senor": 0, "sr": 0, "signor": 0, "pan": 0,
    "mrs": 1, "ms": 1, "miss": 1, "frau": 1, "madame": 1, "mme": 1, "mlle": 1, "senora": 1, "sra": 1,
    "signora": 1, "pani": 1,
}  # fmt: skip


@dataclass(slots=True)
class PersonRecord:
    """One person as matching sees them. `addresses` are (street, postcode, city)."""

    id: int
    first_name: str = ""
    last_name: str = ""
    salutation: str = ""
    birthday: date | None = None
    emails: Iterable[str] = ()
    phones: Iterable[str] = ()
    mobiles: Iterable[str] = ()
    addresses: Iterable[tuple[str, str, str]] = ()
    companies: Iterable[int] = ()


class PeopleRows:
    """People added one by one, numbered in the order of adding."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.names, self.emails, self.phones = Vocabulary(), Vocabulary(), Vocabulary()
        self.places, self.words, self.companies = Vocabulary(), Vocabulary(), Vocabulary()
        self.generations = Vocabulary()
        self.mobile: set[int] = set()
        self.named: set[int] = set()
        self.families: set[int] = set()
        self.first, self.last, self.full = array("i"), array("i"), array("q")
        self.generation, self.gender, self.birthday = array("b"), array("b"), array("i")
        self.email_slots, self.phone_slots, self.place_slots = Slots(3), Slots(4), Slots(2)
        self.company_slots, self.sound_slots, self.group_slots = Slots(3), Slots(4), Slots(2)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, person: PersonRecord) -> None:
        first, last = _split(person.first_name, person.last_name)
        self.ids.append(person.id)
        self._add_name(first, last)
        words = person.salutation.lower().split()
        self.gender.append(_GENDERS.get(words[0].strip("."), -1) if words else -1)
        self.birthday.append(person.birthday.toordinal() if person.birthday else 0)
        self._add_emails(person.emails, first, last)
        mobiles = [self.phones.code(number) for number in person.mobiles]
        self.mobile.update(mobiles)
        self.phone_slots.add([*mobiles, *map(self.phones.code, person.phones)])
        self.place_slots.add(self.places.code(_known(place_of(*address))) for address in person.addresses)
        self.company_slots.add(map(self.companies.code, person.companies))

    def _add_name(self, first: str, last: str) -> None:
        self.first.append(self.names.code(first))
        self.last.append(self.names.code(last))
        self.full.append(hash(" ".join(sorted(sort_key(f"{last} {first}").split()))))
        self.generation.append(self.generations.code(suffix_of(last, first)))
        given, surname = name_of(first), name_of(last)
        words = [*given.words[:2], *surname.words[:2]]
        self.sound_slots.add(self.words.code(skeleton(word)) for word in words if len(word) > 1)
        self.group_slots.add(map(self.words.code, _groups(given)))

    def _add_emails(self, addresses: Iterable[str], first: str, last: str) -> None:
        codes = []
        given, surname = name_of(first).key, name_of(last).key
        for address in addresses:
            codes.append(self.emails.code(address))
            if codes[-1] >= 0 and is_named(address, given, surname):
                self.named.add(codes[-1])
                if is_family(address, surname):
                    self.families.add(codes[-1])
        self.email_slots.add(codes)


def _split(first: str, last: str) -> tuple[str, str]:
    """A full name that was kept in one field becomes two."""
    for whole, other in ((last, first), (first, last)):
        if whole and not other.strip() and len(whole.split()) > 1:
            given, _space, family = whole.strip().rpartition(" ")
            return given, family
    return first, last


def _known(place: Any) -> Any:
    return place if any(place) else None


def _groups(given: Name) -> list[str]:
    """The full forms of the first given name; itself where it has none."""
    if not given.words or len(given.words[0]) < 2:
        return []
    return ["=" + group for group in sorted(groups_of(given.words[0]))[:2]] or ["=" + given.words[0]]
