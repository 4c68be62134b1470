"""Which people are worth comparing: the keys that they share. Which and why: README.md."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from contacts.matching.blocking import Block
from contacts.matching.columns import Codes, Ints, Vocabulary, as_slots, combined, rows_of
from contacts.matching.names import name_of
from contacts.matching.people_columns import PeopleColumns
from contacts.matching.reach import email_parts, has_number


def blocks_of(people: PeopleColumns) -> Iterator[Block]:
    """Every block, one at a time."""
    rows, codes = rows_of(people.emails)
    yield Block("e-mail", rows, codes.astype(np.int64), 25)
    yield from _local_parts(people, rows, codes)
    rows, codes = rows_of(people.phones)
    yield Block("phone", rows, codes.astype(np.int64), 25)
    postcodes = _places(people, 2)
    for name, group_cap, sound_cap, column in (
        ("company", 30, 40, people.companies),
        ("postcode", 20, 30, postcodes),
        ("birthday", 30, 40, _birthday_keys(people)),
    ):
        rows, codes = rows_of(column)
        yield Block(f"{name} and sound", *combined(rows, codes, people.sounds), sound_cap)
        yield Block(f"{name} and given name", *combined(rows, codes, people.groups), group_cap)
    rows, codes = rows_of(postcodes)
    yield Block("postcode, surname, initial", *combined(rows, codes, _surname_initials(people)), 30)
    rows, codes = rows_of(_places(people, 3))
    yield Block("town, given name", *combined(rows, codes, people.groups), 12)
    rows, codes = rows_of(people.places)
    streets = np.array([bool(place[0]) for place in people.people.places.values] + [False])
    yield Block("street", rows[streets[codes]], codes[streets[codes]].astype(np.int64), 25)
    yield from _whole_names(people)


def _local_parts(people: PeopleColumns, rows: Codes, codes: Codes) -> Iterator[Block]:
    locals_, letters = Vocabulary(), Vocabulary()
    parts = [email_parts(address) for address in people.people.emails.values]
    telling = [len(p[2]) >= 6 or (len(p[2]) >= 3 and has_number(p[0])) for p in parts]
    whole = [locals_.code(p[0]) if tells else -1 for p, tells in zip(parts, telling, strict=True)]
    found = np.array([*whole, -1], dtype=np.int32)
    known = found[codes] >= 0
    yield Block("local part", rows[known], found[codes][known].astype(np.int64), 20)
    only = np.array([letters.code(p[2]) if len(p[2]) >= 4 else -1 for p in parts] + [-1], dtype=np.int32)
    known = only[codes] >= 0
    surnames = _surname_sounds(people)
    yield Block("local letters and surname", *combined(rows[known], only[codes][known], surnames), 30)


def _surname_sounds(people: PeopleColumns) -> Codes:
    words = people.people.words
    sounds = [words.code("s:" + name.sound) if name.known else -1 for name in people.names] + [-1]
    return as_slots(np.array(sounds, dtype=np.int32)[people.last])


def _surname_initials(people: PeopleColumns) -> Codes:
    sounds = _surname_sounds(people)[:, 0]
    initials = np.array([ord(n.key[0]) if n.known else 0 for n in people.names] + [0])[people.first]
    known = (sounds >= 0) & (initials > 0)
    return as_slots(np.where(known, sounds * 128 + initials, -1))


def _places(people: PeopleColumns, part: int) -> Codes:
    """The postcode (2) or the town (3) of each address."""
    codes = Vocabulary()
    table = [codes.code(place[part]) for place in people.people.places.values] + [-1]
    return np.array(table, dtype=np.int32)[people.places]


def _birthday_keys(people: PeopleColumns) -> Codes:
    """Days of which day and month may have changed places fall together; 1 January is no birthday."""
    values, place = np.unique(people.birthday, return_inverse=True)
    keys = [_birthday_key(date.fromordinal(n)) if n else -1 for n in values.tolist()]
    return as_slots(np.array(keys, dtype=np.int32)[place])


def _birthday_key(day: date) -> int:
    if is_placeholder(day):
        return -1
    low, high = sorted((day.day, day.month))
    return day.year * 500 + (high * 13 + low if high <= 12 else day.month * 40 + day.day)


def is_placeholder(day: date) -> bool:
    """1 January, and anything before 1905, is what people type who do not know."""
    return (day.month, day.day) == (1, 1) or day.year < 1905


def _whole_names(people: PeopleColumns) -> Iterator[Block]:
    known = np.flatnonzero((people.first >= 0) & (people.last >= 0)).astype(np.int32)
    yield Block("whole name", known, people.full[known], 10)
    single = np.array([len(name.words) == 1 for name in people.names] + [False])
    one_word = known[single[people.first[known]]]
    family = people.key_of[people.last[one_word]]
    yield Block("surname and full form", *combined(one_word, family, people.groups), 10)
    yield Block("letters of a name", *_letters(people, known), 10)
    letters = Vocabulary()
    sets = [letters.code("".join(sorted(set(n.key)))) if n.known else -1 for n in people.names] + [-1]
    family = np.array(sets, dtype=np.int32)[people.last[known]]
    yield Block("given name, letters of the surname", *combined(known, family, people.groups), 10)


def _letters(people: PeopleColumns, known: Codes) -> tuple[Codes, Ints]:
    """All letters of a name in the order of the alphabet, of an e-mail name too: «lee.anna» finds «Anna Lee».
    Hashes of them: the texts of a million people would take a third of a gigabyte."""
    names = [name.key for name in people.names]
    first, last = people.first[known].tolist(), people.last[known].tolist()
    size = len(first)
    whole = np.fromiter(
        (_sorted(names[x] + names[y]) for x, y in zip(first, last, strict=True)), np.int64, size
    )
    mails = [_sorted(name_of(email_parts(a)[2]).key) for a in people.people.emails.values]
    rows, codes = rows_of(people.emails)
    keys = np.concatenate([whole, np.array([*mails, 0], dtype=np.int64)[codes]])
    rows = np.concatenate([known, rows])
    return rows[keys != 0], keys[keys != 0]


def _sorted(text: str) -> int:
    """The same number for the same letters in any order; 0 for too few."""
    return hash("".join(sorted(text))) if len(text) >= 7 else 0
