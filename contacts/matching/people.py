"""People as columns: their blocks and how any two of them agree."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contacts.matching.agreement import Levels, Shape, cut
from contacts.matching.blocking import Block
from contacts.matching.columns import (
    Codes,
    Ints,
    Slots,
    Vocabulary,
    as_slots,
    best_of_slots,
    combined,
    compare_codes,
    holders,
    rows_of,
)
from contacts.matching.names import Name, NameLevel, given_level, name_of, suffix_of, surname_level
from contacts.matching.nicknames import groups_of
from contacts.matching.reach import (
    SHARED_EMAIL,
    SHARED_PHONE,
    SHARED_PLACE,
    AddressLevel,
    EmailLevel,
    PhoneLevel,
    address_level,
    email_level,
    email_parts,
    exactness,
    is_named,
    is_role,
    phone_level,
    place_of,
)
from contacts.matching.text import skeleton
from core.text import sort_key

GIVEN = tuple(level.value for level in NameLevel)
SURNAME = (
    "rare",
    "same",
    "common",
    "part",
    "typo",
    "sound",
    "gender",
    "alike",
    "initial",
    "different",
    "missing",
)
BIRTHDAY = ("same", "placeholder", "near", "different", "missing")

SHAPE = Shape(
    features={
        "given": GIVEN,
        "surname": SURNAME,
        "order": ("straight", "swapped"),
        "generation": ("none", "same", "one", "conflict"),
        "namesakes": ("none", "few", "some", "many"),
        "email": tuple(level.value for level in EmailLevel),
        "phone": tuple(level.value for level in PhoneLevel),
        "address": tuple(level.value for level in AddressLevel),
        "company": ("same", "different", "missing"),
        "birthday": BIRTHDAY,
        "salutation": ("same", "conflict", "missing"),
    },
    crosses=(
        ("given", "surname"),
        ("given", "email"),
        ("given", "phone"),
        ("given", "address"),
        ("given", "birthday"),
        ("given", "company"),
        ("surname", "email"),
        ("surname", "phone"),
        ("surname", "address"),
        ("surname", "birthday"),
        ("surname", "company"),
        ("namesakes", "email"),
        ("namesakes", "phone"),
        ("namesakes", "address"),
        ("namesakes", "birthday"),
        ("namesakes", "company"),
        ("generation", "given"),
        ("generation", "birthday"),
        ("email", "phone"),
        ("email", "address"),
        ("email", "birthday"),
        ("email", "company"),
        ("phone", "address"),
        ("phone", "birthday"),
        ("phone", "company"),
        ("address", "birthday"),
        ("address", "company"),
        ("order", "given"),
    ),
)
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


@dataclass(frozen=True)
class Population:
    """How common surnames are: `surnames` counts those that are not rare, of `total` people. A scan learns it;
    looking up one person reads what the last scan learnt."""

    total: int = 0
    surnames: Mapping[str, int] = field(default_factory=dict)


RARE, COMMON, LEAST_TOTAL = 0.0003, 0.002, 20_000


class People:
    """People added one by one, then frozen into columns. Rows are numbered in the order of adding."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.names, self.emails, self.phones = Vocabulary(), Vocabulary(), Vocabulary()
        self.places, self.words, self.companies = Vocabulary(), Vocabulary(), Vocabulary()
        self.generations = Vocabulary()
        self.mobile: set[int] = set()
        self.named: set[int] = set()
        self._first, self._last, self._full = array("i"), array("i"), array("q")
        self._generation, self._gender, self._birthday = array("b"), array("b"), array("i")
        self._emails, self._phones, self._places = Slots(3), Slots(4), Slots(2)
        self._companies, self._sounds, self._groups = Slots(3), Slots(4), Slots(2)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, person: PersonRecord) -> None:
        first, last = _split(person.first_name, person.last_name)
        self.ids.append(person.id)
        self._add_name(first, last)
        words = person.salutation.lower().split()
        self._gender.append(_GENDERS.get(words[0].strip("."), -1) if words else -1)
        self._birthday.append(person.birthday.toordinal() if person.birthday else 0)
        self._add_emails(person.emails, first, last)
        mobiles = [self.phones.code(number) for number in person.mobiles]
        self.mobile.update(mobiles)
        self._phones.add([*mobiles, *map(self.phones.code, person.phones)])
        self._places.add(self.places.code(_known(place_of(*address))) for address in person.addresses)
        self._companies.add(map(self.companies.code, person.companies))

    def _add_name(self, first: str, last: str) -> None:
        self._first.append(self.names.code(first))
        self._last.append(self.names.code(last))
        self._full.append(hash(" ".join(sorted(sort_key(f"{last} {first}").split()))))
        self._generation.append(self.generations.code(suffix_of(last, first)))
        given, surname = name_of(first), name_of(last)
        words = [*given.words[:2], *surname.words[:2]]
        self._sounds.add(self.words.code(skeleton(word)) for word in words if len(word) > 1)
        self._groups.add(map(self.words.code, _groups(given)))

    def _add_emails(self, addresses: Iterable[str], first: str, last: str) -> None:
        codes = []
        for address in addresses:
            codes.append(self.emails.code(address))
            if codes[-1] >= 0 and is_named(address, name_of(first).key, name_of(last).key):
                self.named.add(codes[-1])
        self._emails.add(codes)

    def freeze(self, population: Population | None = None) -> "FrozenPeople":
        """The columns, with `population`'s knowledge of surnames (without one: their own)."""
        return FrozenPeople(self, population)


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


class FrozenPeople:
    """Columns that are compared. Rows are given as arrays of row numbers."""

    shape = SHAPE

    def __init__(self, people: People, population: Population | None) -> None:
        self.people = people
        for vocabulary in (people.names, people.emails, people.phones, people.places, people.companies):
            vocabulary.close()
        self.ids: Ints = np.frombuffer(people.ids, dtype=np.int64)
        self.first: Codes = np.frombuffer(people._first, dtype=np.int32)
        self.last: Codes = np.frombuffer(people._last, dtype=np.int32)
        self.full: Ints = np.frombuffer(people._full, dtype=np.int64)
        self.generation = np.frombuffer(people._generation, dtype=np.int8)
        self.gender = np.frombuffer(people._gender, dtype=np.int8)
        self.birthday: Codes = np.frombuffer(people._birthday, dtype=np.int32)
        self.emails, self.phones = people._emails.frozen(), people._phones.frozen()
        self.places, self.companies = people._places.frozen(), people._companies.frozen()
        self.sounds, self.groups = people._sounds.frozen(), people._groups.frozen()
        self.names: list[Name] = [name_of(text) for text in people.names.values]
        self._number_keys()
        self.population = population or self._count_surnames()
        self.surname_share = self._shares()
        self.email_holders = holders(self.emails, len(people.emails))
        self.email_holders[[n for n, a in enumerate(people.emails.values) if is_role(a)]] = SHARED_EMAIL
        self.phone_holders = holders(self.phones, len(people.phones))
        self.place_holders = holders(self.places, len(people.places))
        self.is_mobile = np.zeros(len(people.phones) + 1, dtype=bool)
        self.is_mobile[list(people.mobile - {-1})] = True

    def __len__(self) -> int:
        return len(self.ids)

    def _number_keys(self) -> None:
        """Names that differ in spelling only get one number, and people of one name are counted."""
        keys = Vocabulary()
        self.key_of: Codes = np.array([keys.code(name.key) for name in self.names] + [-1], dtype=np.int32)
        self.keys = keys
        full = (self.key_of[self.last].astype(np.int64) << 32) | (self.key_of[self.first] & 0x7FFFFFFF)
        _values, self.who, self.who_counts = np.unique(full, return_inverse=True, return_counts=True)

    def _count_surnames(self) -> Population:
        codes = self.key_of[self.last]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.keys))
        total = max(len(self), LEAST_TOTAL)
        common = np.flatnonzero(counts - 2 > total * RARE)
        return Population(len(self), {self.keys.values[n]: int(counts[n]) for n in common.tolist()})

    def _shares(self) -> NDArray[np.float64]:
        total = max(self.population.total, LEAST_TOTAL)
        known = self.population.surnames
        counts = [known.get(name.key, 0) for name in self.names]
        return np.maximum(np.array([*counts, 0]) - 2, 0) / total

    def blocks(self) -> Iterator[Block]:
        """Every block, one at a time. Which keys they are and why: README.md."""
        rows, codes = rows_of(self.emails)
        yield Block("e-mail", rows, codes.astype(np.int64), 25)
        yield from self._local_parts(rows, codes)
        rows, codes = rows_of(self.phones)
        yield Block("phone", rows, codes.astype(np.int64), 25)
        for name, group_cap, sound_cap, column in (
            ("company", 30, 40, self.companies),
            ("postcode", 20, 30, self._postcodes()),
            ("birthday", 30, 40, self._birthday_keys()),
        ):
            rows, codes = rows_of(column)
            yield Block(f"{name} and sound", *combined(rows, codes, self.sounds), sound_cap)
            yield Block(f"{name} and given name", *combined(rows, codes, self.groups), group_cap)
        rows, codes = rows_of(self._postcodes())
        yield Block("postcode, surname, initial", *combined(rows, codes, self._surname_initials()), 30)
        rows, codes = rows_of(self.places)
        streets = np.array([bool(place[0]) for place in self.people.places.values] + [False])
        yield Block("street", rows[streets[codes]], codes[streets[codes]].astype(np.int64), 25)
        yield from self._whole_names()

    def _local_parts(self, rows: Codes, codes: Codes) -> Iterator[Block]:
        locals_, letters = Vocabulary(), Vocabulary()
        parts = [email_parts(address) for address in self.people.emails.values]
        whole = np.array([locals_.code(p[0]) if len(p[2]) >= 6 else -1 for p in parts] + [-1], dtype=np.int32)
        only = np.array([letters.code(p[2]) if len(p[2]) >= 4 else -1 for p in parts] + [-1], dtype=np.int32)
        known = whole[codes] >= 0
        yield Block("local part", rows[known], whole[codes][known].astype(np.int64), 20)
        known = only[codes] >= 0
        surnames = self._surname_sounds()
        yield Block("local letters and surname", *combined(rows[known], only[codes][known], surnames), 30)

    def _surname_sounds(self) -> Codes:
        words = self.people.words
        sounds = [words.code("s:" + name.sound) if name.known else -1 for name in self.names] + [-1]
        return as_slots(np.array(sounds, dtype=np.int32)[self.last])

    def _surname_initials(self) -> Codes:
        sounds = self._surname_sounds()[:, 0]
        initials = np.array([ord(n.key[0]) if n.known else 0 for n in self.names] + [0])[self.first]
        known = (sounds >= 0) & (initials > 0)
        return as_slots(np.where(known, sounds * 128 + initials, -1))

    def _postcodes(self) -> Codes:
        codes = Vocabulary()
        table = [codes.code(place[2]) for place in self.people.places.values] + [-1]
        return np.array(table, dtype=np.int32)[self.places]

    def _birthday_keys(self) -> Codes:
        """Days of which day and month may have changed places fall together; 1 January is no birthday."""
        values, place = np.unique(self.birthday, return_inverse=True)
        keys = []
        for ordinal in values.tolist():
            day = date.fromordinal(ordinal) if ordinal else None
            if day is None or is_placeholder(day):
                keys.append(-1)
            else:
                low, high = sorted((day.day, day.month))
                keys.append(
                    day.year * 500 + high * 13 + low
                    if high <= 12
                    else day.year * 500 + day.month * 40 + day.day
                )
        return as_slots(np.array(keys, dtype=np.int32)[place])

    def _whole_names(self) -> Iterator[Block]:
        known = np.flatnonzero((self.first >= 0) & (self.last >= 0)).astype(np.int32)
        yield Block("whole name", known, self.full[known], 10)
        single = np.array([len(name.words) == 1 for name in self.names] + [False])
        known = known[single[self.first[known]]]
        yield Block("surname and full form", *combined(known, self.key_of[self.last[known]], self.groups), 10)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """How the people in rows `left` and `right` agree: one row of levels for each pair."""
        given, surname, swapped = self._compare_names(left, right)
        found = np.empty((len(left), len(SHAPE.features)), dtype=np.int8)
        found[:, 0], found[:, 1], found[:, 2] = given, surname, swapped
        found[:, 3] = _generations(self.generation[left], self.generation[right])
        found[:, 4] = self._namesakes(left, right)
        found[:, 5] = self._compare_emails(left, right)
        found[:, 6] = self._compare_phones(left, right)
        found[:, 7] = self._compare_places(left, right)
        found[:, 8] = best_of_slots(
            self.companies[left], self.companies[right], lambda one, other: 1, lambda codes: 0, 2
        )
        found[:, 9] = self._compare_birthdays(left, right)
        one, other = self.gender[left], self.gender[right]
        found[:, 10] = np.where((one < 0) | (other < 0), 2, (one != other).astype(np.int8))
        return found

    def _compare_names(self, left: Codes, right: Codes) -> tuple[Any, Any, Any]:
        names = self.names
        given = compare_codes(
            self.first[left], self.first[right],
            lambda x, y: _GIVEN[given_level(names[x], names[y])], 0, _GIVEN[NameLevel.MISSING],
        )  # fmt: skip
        surname = compare_codes(
            self.last[left], self.last[right],
            lambda x, y: _SURNAME[surname_level(names[x], names[y])], 1, _SURNAME[NameLevel.MISSING],
        )  # fmt: skip
        share = self.surname_share[self.last[left]]
        same = surname == 1
        surname[same] = np.where(share[same] <= RARE, 0, np.where(share[same] <= COMMON, 1, 2))
        swapped = np.zeros(len(left), dtype=np.int8)
        self._swap(left, right, given, surname, swapped)
        return given, surname, swapped

    def _swap(self, left: Codes, right: Codes, given: Any, surname: Any, swapped: Any) -> None:
        """Where first and last name agree crosswise and not straight, take that."""
        weak = np.flatnonzero(surname >= _SURNAME[NameLevel.GENDER])
        weak = weak[(self.first[left[weak]] >= 0) & (self.first[right[weak]] >= 0)]
        weak = weak[(self.last[left[weak]] >= 0) & (self.last[right[weak]] >= 0)]
        names = self.names

        def level(x: int, y: int) -> int:
            return _GIVEN[given_level(names[x], names[y])]

        cross = compare_codes(self.first[left[weak]], self.last[right[weak]], level, 0, len(_GIVEN))
        back = compare_codes(self.last[left[weak]], self.first[right[weak]], level, 0, len(_GIVEN))
        fits = np.isin(cross, _CROSSWISE) & np.isin(back, _CROSSWISE)
        strong, soft = np.minimum(cross, back), np.maximum(cross, back)
        fits &= strong != _GIVEN[NameLevel.NICKNAME]
        rows = weak[fits]
        given[rows], swapped[rows] = soft[fits], 1
        surname[rows] = np.array([1, -1, -1, -1, _SURNAME[NameLevel.TYPO], _SURNAME[NameLevel.SOUND]])[
            strong[fits]
        ]

    def _namesakes(self, left: Codes, right: Codes) -> Levels:
        same = self.who[left] == self.who[right]
        same &= (self.first[left] >= 0) | (self.last[left] >= 0)
        return np.where(same, cut(self.who_counts[self.who[left]], 3, 10) + 1, 0).astype(np.int8)

    def _compare_emails(self, left: Codes, right: Codes) -> Levels:
        texts, named = self.people.emails.values, self.people.named

        def level(x: int, y: int) -> int:
            found = email_level(texts[x], texts[y])
            if found == EmailLevel.LOCAL and (x in named or y in named):
                found = EmailLevel.NAMED
            return _EMAIL[found]

        return best_of_slots(
            self.emails[left], self.emails[right], level,
            lambda codes: (self.email_holders[codes] >= SHARED_EMAIL).astype(np.int8), _EMAIL[EmailLevel.MISSING],
        )  # fmt: skip

    def _compare_phones(self, left: Codes, right: Codes) -> Levels:
        texts = self.people.phones.values

        def same(codes: Codes) -> Levels:
            shared = self.phone_holders[codes] >= SHARED_PHONE
            return np.where(shared, 2, np.where(self.is_mobile[codes], 0, 1)).astype(np.int8)

        return best_of_slots(
            self.phones[left], self.phones[right],
            lambda x, y: _PHONE[phone_level(texts[x], texts[y])], same, _PHONE[PhoneLevel.MISSING],
        )  # fmt: skip

    def _compare_places(self, left: Codes, right: Codes) -> Levels:
        places = self.people.places.values
        exact = np.array([_ADDRESS[exactness(place)] for place in places] + [6], dtype=np.int8)

        def same(codes: Codes) -> Levels:
            crowded = (self.place_holders[codes] >= SHARED_PLACE) & (exact[codes] == 0)
            return np.where(crowded, 1, exact[codes]).astype(np.int8)

        return best_of_slots(
            self.places[left], self.places[right],
            lambda x, y: _ADDRESS[address_level(places[x], places[y])], same, _ADDRESS[AddressLevel.MISSING],
        )  # fmt: skip

    def _compare_birthdays(self, left: Codes, right: Codes) -> Levels:
        found = compare_codes(
            np.where(self.birthday[left] > 0, self.birthday[left], -1),
            np.where(self.birthday[right] > 0, self.birthday[right], -1),
            _birthday_level, 0, BIRTHDAY.index("missing"),
        )  # fmt: skip
        rows = np.flatnonzero(found == 0)
        days, place = np.unique(self.birthday[left[rows]], return_inverse=True)
        placeholders = np.array([is_placeholder(date.fromordinal(day)) for day in days.tolist()], dtype=bool)
        found[rows[placeholders[place]]] = BIRTHDAY.index("placeholder")
        return found


def is_placeholder(day: date) -> bool:
    """1 January, and anything before 1905, is what people type who do not know."""
    return (day.month, day.day) == (1, 1) or day.year < 1905


def _birthday_level(one: int, other: int) -> int:
    """Days that share two of day, month and year, or have day and month exchanged, are near."""
    x, y = date.fromordinal(one), date.fromordinal(other)
    if is_placeholder(x) or is_placeholder(y):
        return BIRTHDAY.index("missing") if x.year != y.year else BIRTHDAY.index("placeholder")
    shared = (x.year == y.year) + (x.month == y.month) + (x.day == y.day)
    exchanged = (x.year, x.month, x.day) == (y.year, y.day, y.month)
    return BIRTHDAY.index("near" if exchanged or shared == 2 else "different")


def _generations(one: Any, other: Any) -> Levels:
    conflict = np.where((one >= 0) & (other >= 0), np.where(one == other, 1, 3), 2)
    return np.where((one < 0) & (other < 0), 0, conflict).astype(np.int8)


_GIVEN = {level: place for place, level in enumerate(NameLevel)}
_SURNAME = {level: SURNAME.index(level.value) for level in NameLevel if level.value in SURNAME}
_EMAIL = {level: place for place, level in enumerate(EmailLevel)}
_PHONE = {level: place for place, level in enumerate(PhoneLevel)}
_ADDRESS = {level: place for place, level in enumerate(AddressLevel)}
_CROSSWISE = [
    _GIVEN[level] for level in (NameLevel.SAME, NameLevel.NICKNAME, NameLevel.TYPO, NameLevel.SOUND)
]
