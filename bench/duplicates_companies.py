"""Companies of whom some are there twice, and which: the labelled set for the model of companies.

Copies drop or change the legal form, lose a word, are mistyped, move, have another top-level domain. The traps:
subsidiaries (one name, other country and legal form), one office building, companies of one common name, two of a
family's firms under one roof and number.
"""

from dataclasses import replace

from bench.duplicates_data import COPIES, Labelled, Maker
from bench.duplicates_world import Country
from contacts.matching.companies import CompanyRecord
from contacts.matching.company_names import core_of

TRADES = [
    "Logistics",
    "Systems",
    "Solutions",
    "Consulting",
    "Software",
    "Foods",
    "Energy",
    "Bau",
    "Technik",
    "Metall",
    "Design",
    "Media",
    "Pharma",
    "Textil",
    "Motors",
    "Elektro",
    "Immobilien",
    "Transport",
    "Finance",
    "Trading",
    "Labs",
    "Works",
    "Partners",
    "Service",
    "Print",
    "Optik",
    "Garden",
    "Security",
]
FORMS = {"US": ("Inc.", "LLC", "Corp."), "GB": ("Ltd", "Limited", "PLC"), "DE": ("GmbH", "AG", "GmbH & Co. KG"),
         "FR": ("SA", "SARL", "SAS"), "ES": ("S.L.", "S.A."), "IT": ("S.p.A.", "S.r.l."), "PL": ("Sp. z o.o.", "S.A."),
         "NL": ("B.V.", "N.V.")}  # fmt: skip
ENDINGS = ("example", "com.example", "co.example", "de.example", "net.example")


class CompanyMaker(Maker):
    """Makes companies and their copies from one seed."""

    def make_companies(self) -> tuple[list[CompanyRecord], list[int]]:
        records: list[CompanyRecord] = []
        owners: list[int] = []
        number = 0
        while len(records) < self.total * (1 - COPIES):
            country = self.random.choices(self.countries, cum_weights=self.weights)[0]
            family = [self._company_of(country, number)]
            if self.random.random() < 0.05:
                family.append(self._sister(family[0], number + 1))
            for made in family:
                records.append(made)
                owners.append(number)
                number += 1
        originals = len(records)
        while len(records) < self.total:
            place = self.random.randrange(originals)
            records.append(self._copy_of(records[place]))
            owners.append(owners[place])
        order = list(range(len(records)))
        self.random.shuffle(order)
        return [replace(records[p], id=n + 1) for n, p in enumerate(order)], [owners[p] for p in order]

    def _company_of(self, country: Country, number: int) -> CompanyRecord:
        chance = self.random.random
        code = country.locale[-2:]
        first = self._pick(country.surnames)
        words = [first]
        if chance() < 0.15:
            words.append("& " + self._pick(country.surnames))
        if chance() < 0.75:
            words.append(self.random.choice(TRADES))
        name = " ".join(words)
        form = self.random.choice(FORMS.get(code, ("Ltd", "OOD")))
        stem = "".join(core_of(name)[0])[:30]
        domain = f"{stem}.{self.random.choice(ENDINGS)}" if chance() < 0.6 else ""
        if domain in self.addresses:
            domain = f"{stem}{number}.example"
        self.addresses.add(domain)
        return CompanyRecord(
            id=0,
            name=f"{name} {form}" if chance() < 0.85 else name,
            domain=domain,
            country=code if chance() < 0.8 else "",
            phones=(f"{country.dial}40{self.random.randint(10**6, 10**7 - 1)}0",) if chance() < 0.6 else (),
            addresses=(self._address(country),) if chance() < 0.65 else (),
        )

    def _sister(self, parent: CompanyRecord, number: int) -> CompanyRecord:
        """A subsidiary abroad, or the owner's second firm in the same house."""
        if self.random.random() < 0.5:
            country = self.random.choice(self.countries)
            made = self._company_of(country, number)
            name = (
                " ".join(core_of(parent.name)[0]).title() + " " + FORMS.get(country.locale[-2:], ("Ltd",))[0]
            )
            return replace(made, name=name)
        other = self._company_of(self.countries[0], number)
        surname = parent.name.split()[0]
        name = f"{surname} {self.random.choice(TRADES)} {parent.name.split()[-1]}"
        return replace(
            other, name=name, country=parent.country, phones=parent.phones, addresses=parent.addresses
        )

    def _copy_of(self, record: CompanyRecord) -> CompanyRecord:
        chance = self.random.random
        country = self.random.choice(self.countries)
        words, legal = record.name.split(), core_of(record.name)[1]
        if legal and len(words) > 1 and chance() < 0.45:
            words = words[:-1] if "Co." not in words else words[:-4]
        what = chance()
        if what < 0.12:
            words[0] = self._typo(words[0])
        elif what < 0.2 and len(words) > 2:
            words.pop(1)
        elif what < 0.25:
            words.append(self.random.choice(("Group", "Deutschland", "International", "UK")))
        elif what < 0.3:
            words = [word.upper() for word in words]
        domain = record.domain
        if chance() < 0.35:
            domain = ""
        elif domain and chance() < 0.12:
            domain = f"{domain.partition('.')[0]}.{self.random.choice(ENDINGS)}"
        made = replace(record, name=" ".join(words) or record.name, domain=domain)
        made.country = record.country if chance() < 0.7 else ""
        made.phones = tuple(self._number(n, country) for n in record.phones if chance() < 0.65)
        made.addresses = tuple(self._moved(a, country) for a in record.addresses if chance() < 0.7)
        return made


def labelled_companies(seed: int, records: int) -> Labelled:
    """`records` companies, the same for the same seed."""
    maker = CompanyMaker(seed, records)
    made, owners = maker.make_companies()
    return Labelled(made, owners, 0)
