"""Companies as columns: their blocks and how any two of them agree."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from contacts.matching.agreement import Levels
from contacts.matching.blocking import Block
from contacts.matching.columns import Codes, Ints, Slots, Vocabulary, combined, holders, rows_of
from contacts.matching.company_levels import SHAPE, levels_of
from contacts.matching.company_names import core_of, domain_key, shortened, stem_of
from contacts.matching.people_columns import COUNTED, LEAST_TOTAL, Population
from contacts.matching.reach import place_of
from contacts.matching.text import skeleton


@dataclass(slots=True)
class CompanyRecord:
    """One company as matching sees it. `addresses` are (street, postcode, city)."""

    id: int
    name: str = ""
    domain: str = ""
    country: str = ""
    phones: Iterable[str] = ()
    addresses: Iterable[tuple[str, str, str]] = ()


class Companies:
    """Companies added one by one, then frozen into columns."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.names, self.legals, self.domains = Vocabulary(), Vocabulary(), Vocabulary()
        self.phones, self.places, self.words = Vocabulary(), Vocabulary(), Vocabulary()
        self.countries = Vocabulary()
        self.named: set[int] = set()
        self._name, self._legal, self._domain, self._country = array("i"), array("i"), array("i"), array("i")
        self._phones, self._places, self._words = Slots(3), Slots(2), Slots(4)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, company: CompanyRecord) -> None:
        words, legal = core_of(company.name)
        domain = domain_key(company.domain)
        self.ids.append(company.id)
        self._name.append(self.names.code(words))
        self._legal.append(self.legals.code(legal))
        self._domain.append(self.domains.code(domain))
        if domain and stem_of(domain) == "".join(words):
            self.named.add(self._domain[-1])
        self._country.append(self.countries.code(company.country))
        self._phones.add(map(self.phones.code, company.phones))
        self._places.add(
            self.places.code(place_of(*address)) for address in company.addresses if any(address)
        )
        self._words.add(self.words.code(skeleton(word)) for word in words[:4] if len(word) > 2)

    def freeze(self, population: Population | None = None) -> "FrozenCompanies":
        return FrozenCompanies(self, population)


class FrozenCompanies:
    """Columns that are compared. Rows are given as arrays of row numbers."""

    shape = SHAPE

    def __init__(self, companies: Companies, population: Population | None) -> None:
        self.companies = companies
        for vocabulary in (companies.names, companies.domains, companies.phones, companies.places):
            vocabulary.close()
        self.ids: Ints = np.frombuffer(companies.ids, dtype=np.int64)
        self.name: Codes = np.frombuffer(companies._name, dtype=np.int32)
        self.legal: Codes = np.frombuffer(companies._legal, dtype=np.int32)
        self.domain: Codes = np.frombuffer(companies._domain, dtype=np.int32)
        self.country: Codes = np.frombuffer(companies._country, dtype=np.int32)
        self.phones, self.places = companies._phones.frozen(), companies._places.frozen()
        self.words = companies._words.frozen()
        self.stems = [stem_of(domain) for domain in companies.domains.values]
        sorted_names = Vocabulary()
        keys = [sorted_names.code("".join(sorted(words))) for words in companies.names.values] + [-1]
        self.key_of: Codes = np.array(keys, dtype=np.int32)
        self.key_counts = holders(self.key_of[self.name].reshape(-1, 1), len(sorted_names) + 1)
        self.domain_holders = holders(self.domain.reshape(-1, 1), len(companies.domains) + 1)
        self.place_holders = holders(self.places, len(companies.places) + 1)
        self.population = population or Population(len(self), self._counted_words())
        self._weigh_names()

    def __len__(self) -> int:
        return len(self.ids)

    def _counted_words(self) -> dict[str, int]:
        """How many companies have each word in their name, of words that are not all but unique."""
        names = self.name[self.name >= 0]
        counts: dict[str, int] = {}
        for code, number in enumerate(np.bincount(names, minlength=len(self.companies.names)).tolist()):
            for word in set(self.companies.names.values[code]):
                counts[word] = counts.get(word, 0) + number
        limit = max(len(self), LEAST_TOTAL) * COUNTED
        return {word: number for word, number in counts.items() if number - 2 > limit}

    def _weigh_names(self) -> None:
        """The shares of words, and how many others of each name to expect from them."""
        total = max(self.population.total, LEAST_TOTAL)
        known = self.population.surnames
        self.word_share = {word: (number - 2) / total for word, number in known.items()}
        expected = [total * self._share_of(words) for words in self.companies.names.values]
        self.expected = np.array([*expected, 0.0])
        self.is_named = np.zeros(len(self.stems) + 1, dtype=bool)
        self.is_named[list(self.companies.named)] = True

    def _share_of(self, words: tuple[str, ...]) -> float:
        share = 1.0
        for word in words:
            share *= max(self.word_share.get(word, 0.0), LEAST_WORD)
        return share

    def blocks(self) -> Iterator[Block]:
        """Every block, one at a time."""
        rows = np.arange(len(self), dtype=np.int32)
        named = rows[self.name >= 0]
        yield Block("name", named, self.key_of[self.name[named]].astype(np.int64), 20)
        sounds = Vocabulary()
        table = [sounds.code(skeleton("".join(sorted(words)))) for words in self.companies.names.values] + [
            -1
        ]
        sound = np.array(table, dtype=np.int32)
        yield Block("sound of the name", named, sound[self.name[named]].astype(np.int64), 15)
        yield Block("name with a slip", *self._slips(named), 15)
        stems = Vocabulary()
        table = [stems.code(text) for text in self.stems] + [-1]
        stem = np.array(table, dtype=np.int32)
        online = rows[self.domain >= 0]
        yield Block("domain", online, stem[self.domain[online]].astype(np.int64), 20)
        phoned, codes = rows_of(self.phones)
        yield Block("phone", phoned, codes.astype(np.int64), 20)
        placed, codes = rows_of(self.places)
        values = self.companies.places.values
        streets = np.array([bool(place[0]) for place in values] + [False])
        yield Block("street", placed[streets[codes]], codes[streets[codes]].astype(np.int64), 20)
        for name, part in (("postcode", 2), ("city", 3)):
            parts = Vocabulary()
            column = np.array([parts.code(place[part]) for place in values] + [-1], dtype=np.int32)
            known = column[codes] >= 0
            yield Block(f"{name} and word", *combined(placed[known], column[codes][known], self.words), 30)
        worded, words = rows_of(self.words)
        yield Block("word", worded, words.astype(np.int64), 12)

    def levels(self, left: Codes, right: Codes) -> Levels:
        return levels_of(self, left, right)

    def _slips(self, named: Codes) -> tuple[Codes, Ints]:
        """Rows with hashes of their names, whole and without any one letter."""
        keys = [
            [hash(text) for text in shortened(joined[:24])] if len(joined := "".join(words)) > 4 else []
            for words in self.companies.names.values
        ]
        sizes = np.array([len(hashes) for hashes in keys] + [0])
        starts = np.r_[0, np.cumsum(sizes)]
        flat = np.fromiter((key for hashes in keys for key in hashes), np.int64, int(starts[-1]))
        codes = self.name[named]
        rows = np.repeat(named, sizes[codes])
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes[codes]) - sizes[codes], sizes[codes])
        return rows, flat[np.repeat(starts[codes], sizes[codes]) + within]


LEAST_WORD = 1e-5
