"""People of whom some are there twice, and who is who: the labelled set of `bench.duplicates`.

Names are Faker's, of twelve countries with their frequencies (where Faker knows none, Zipf's). One record in
twelve is a copy: names mistyped, shortened, transliterated, changed places; addresses moved, numbers changed,
fields left out. Copies are copied again. The traps: households with one address, number and sometimes e-mail;
father and son of one name; siblings called Daniel and Daniela; twins; colleagues of one name; switchboards and
`info@`; strangers of one name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bench.duplicates_copies import Copies
from bench.duplicates_world import letters
from contacts.matching.people_rows import PersonRecord

COPIES = 0.08


@dataclass
class Labelled:
    """Records in the order of their ids, and for each the number of the person it is about."""

    records: list[Any]
    people: list[int]
    companies: int


class Maker(Copies):
    """Makes people and their copies from one seed."""

    def make(self) -> Labelled:
        person = 0
        while len(self.records) < self.total * (1 - COPIES):
            for record in self._household():
                self._keep(record, person)
                person += 1
        originals = len(self.records)
        while len(self.records) < self.total:
            place = self.random.randrange(originals)
            made = self._copy(self.records[place])
            self._keep(made, self.people[place])
            if self.random.random() < 0.12:
                self._keep(self._copy(made), self.people[place])
        return self._shuffled()

    def _keep(self, record: PersonRecord, person: int) -> None:
        self.records.append(record)
        self.people.append(person)

    def _shuffled(self) -> Labelled:
        order = list(range(len(self.records)))
        self.random.shuffle(order)
        records = [replace(self.records[place], id=number + 1) for number, place in enumerate(order)]
        return Labelled(records, [self.people[place] for place in order], self.company_count)

    def _household(self) -> Iterator[PersonRecord]:
        """One person, or a family of two to five with much in common."""
        country = self.random.choices(self.countries, cum_weights=self.weights)[0]
        surname, address = self._pick(country.surnames), self._address(country)
        if self.random.random() > 0.14:
            yield self._person(country, surname, address)
            return
        landline = self._phone(country, mobile=False)
        shared_mail = f"{letters(surname)}.family@{self._free_mail()}" if self.random.random() < 0.2 else ""
        senior: PersonRecord | None = None
        size = self.random.choice((2, 2, 2, 3, 3, 4, 5))
        for number in range(size):
            other = self._pick(country.surnames) if self.random.random() < 0.12 else surname
            member = self._person(country, other, address)
            if senior is not None and number > 1 and self.random.random() < 0.07:
                member = self._namesake(member, senior)
            elif senior is not None and number > 2 and self.random.random() < 0.06:
                member = replace(member, birthday=senior.birthday)
            elif senior is not None and self.random.random() < 0.05:
                member = replace(member, first_name=_sibling(senior.first_name), last_name=senior.last_name)
            if self.random.random() < 0.6:
                member = replace(member, phones=(landline,))
            if shared_mail and self.random.random() < 0.7:
                member = replace(member, emails=(shared_mail,))
            senior = senior or member
            yield member

    def _namesake(self, member: PersonRecord, senior: PersonRecord) -> PersonRecord:
        """Son or daughter of the same name; most of the time the record says so."""
        surname, mark = senior.last_name, self.random.choice((" Jr.", " Jr.", " jun.", "", ""))
        return replace(
            member, first_name=senior.first_name, salutation=senior.salutation, last_name=surname + mark
        )


def _sibling(given: str) -> str:
    """The name of a sibling that is almost the same: Daniel and Daniela, Mario and Maria."""
    return given[:-1] + ("o" if given[-1] == "a" else "a") if given[-1:] in "aeo" else given + "a"


def labelled_people(seed: int, records: int) -> Labelled:
    """About `records` people's records (copies of copies may add a few), the same for the same seed."""
    return Maker(seed, records).make()


def true_pairs(labelled: Labelled) -> set[tuple[int, int]]:
    """Every pair of ids, the lower first, that are one person's."""
    by_person: dict[int, list[int]] = {}
    for record, person in zip(labelled.records, labelled.people, strict=True):
        by_person.setdefault(person, []).append(record.id)
    return {
        (one, other)
        for ids in by_person.values()
        for place, one in enumerate(ids)
        for other in ids[place + 1 :]
    }
