"""People as columns that are compared, and what is known of how common names are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from contacts.matching.columns import Codes, Ints, Vocabulary, rows_of
from contacts.matching.names import Name, name_of
from contacts.matching.people_rows import PeopleRows
from contacts.matching.reach import SHARED_EMAIL, is_role

RARE, COMMON, LEAST_TOTAL = 0.0003, 0.002, 20_000
"""Shares of the population up to which a name is rare, from which on it is common; no population counts as
smaller than the last."""
COUNTED, LEAST_HELD = 0.00002, 5
"""Share from which on a name's frequency is kept; rarer ones are as good as unique. A name that only a family has is
never kept."""
INITIAL_SHARE = 0.06
"""How many given names begin with one letter."""


@dataclass(frozen=True)
class Population:
    """How common names are: `surnames` and `given` count those that are not all but unique, of `total` people. A
    scan learns it; looking up one person reads what the last scan learnt."""

    total: int = 0
    surnames: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)


class PeopleColumns:
    """Columns of people. Rows are given as arrays of row numbers."""

    def __init__(self, people: PeopleRows, population: Population | None) -> None:
        self.people = people
        for vocabulary in (people.names, people.emails, people.phones, people.places, people.companies):
            vocabulary.close()
        self.ids: Ints = np.frombuffer(people.ids, dtype=np.int64)
        self.first: Codes = np.frombuffer(people.first, dtype=np.int32)
        self.last: Codes = np.frombuffer(people.last, dtype=np.int32)
        self.full: Ints = np.frombuffer(people.full, dtype=np.int64)
        self.generation = np.frombuffer(people.generation, dtype=np.int8)
        self.gender = np.frombuffer(people.gender, dtype=np.int8)
        self.birthday: Codes = np.frombuffer(people.birthday, dtype=np.int32)
        self.emails, self.phones = people.email_slots.frozen(), people.phone_slots.frozen()
        self.places, self.companies = people.place_slots.frozen(), people.company_slots.frozen()
        self.sounds, self.groups = people.sound_slots.frozen(), people.group_slots.frozen()
        self.names: list[Name] = [name_of(text) for text in people.names.values]
        self.is_mobile = np.zeros(len(people.phones) + 1, dtype=bool)
        self.is_mobile[list(people.mobile - {-1})] = True
        self._number_keys()
        self._learn(population)
        self._count_holders()

    def __len__(self) -> int:
        return len(self.ids)

    def _number_keys(self) -> None:
        """Names that differ in spelling only get one number, and people of one name are counted."""
        keys = Vocabulary()
        self.key_of: Codes = np.array([keys.code(name.key) for name in self.names] + [-1], dtype=np.int32)
        self.keys = keys
        full = (self.key_of[self.last].astype(np.int64) << 32) | (self.key_of[self.first] & 0x7FFFFFFF)
        _values, self.who, self.who_counts = np.unique(full, return_inverse=True, return_counts=True)

    def _learn(self, population: Population | None) -> None:
        known = population or Population(len(self), self._counted(self.last), self._counted(self.first))
        self.population = known
        self.total = max(known.total, LEAST_TOTAL)
        self.surname_share = self._shares(known.surnames)
        self.given_share = self._shares(known.given)
        single = np.array([len(name.key) == 1 for name in self.names] + [False])
        self.given_share[single] = INITIAL_SHARE

    def _counted(self, column: Codes) -> dict[str, int]:
        codes = self.key_of[column]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.keys))
        limit = max(len(self) * COUNTED, LEAST_HELD)
        return {self.keys.values[n]: int(counts[n]) for n in np.flatnonzero(counts - 2 > limit).tolist()}

    def _shares(self, known: Mapping[str, int]) -> NDArray[np.float64]:
        """The share of each name; two of a name may be one person there twice, and are not counted."""
        counts = [known.get(name.key, 0) for name in self.names]
        return np.maximum(np.array([*counts, 0]) - 2, 0) / self.total

    def _count_holders(self) -> None:
        """How many people seem to hold each address and number: copies of one person have the same initials."""
        people = self.people
        initials = np.array([ord(name.key[0]) if name.known else 0 for name in self.names] + [0])
        first_group = self.groups[:, 0]
        letters = [ord(word[1]) if word[:1] == "=" else 0 for word in people.words.values] + [0]
        given = np.where(first_group >= 0, np.array(letters)[first_group], initials[self.first])
        low, high = np.minimum(given, initials[self.last]), np.maximum(given, initials[self.last])
        who = low.astype(np.int64) * 128 + high
        self.email_holders = _distinct(self.emails, who, len(people.emails))
        self.email_holders[[n for n, a in enumerate(people.emails.values) if is_role(a)]] = SHARED_EMAIL
        self.is_family = np.zeros(len(people.emails) + 1, dtype=bool)
        self.is_family[list(people.families)] = True
        self.phone_holders = _distinct(self.phones, who, len(people.phones))
        self.place_holders = _distinct(self.places, who, len(people.places))


def _distinct(slots: Codes, who: Ints, size: int) -> Ints:
    """How many distinct `who` hold each code."""
    rows, codes = rows_of(slots)
    held = np.unique((codes.astype(np.int64) << 16) | who[rows])
    return np.bincount(held >> 16, minlength=size).astype(np.int64)
