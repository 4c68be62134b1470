"""Companies and contacts with points, affiliations, tags and consent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from contacts.models import Affiliation, Company, Consent, Contact, ContactPoint, TimelineEntry
from contacts.services.wordings import ensure_wordings, wording_in_force
from core.models import Tag, User
from core.text import sort_key
from demo.copying import columns, copy_rows, reserve_ids
from demo.custom import Values
from demo.geography import point_of, preferences_of, role_of
from demo.names import PLACES, Person, people
from demo.words import FIRST_WORDS, INDUSTRIES, LEGAL_FORMS, SOURCES, TAGS, TITLES
from demo.world import World

CONTACTS_PER_COMPANY = 6
STAGES = ("lead", "opportunity", "customer", "customer", "customer", "subscriber", "former")
CODES = {"DE": "+4930", "GB": "+4420", "FR": "+331", "ES": "+3491", "PL": "+4822", "SE": "+468"}
COUNTRIES = list(PLACES)
COMPANY_COLUMNS = columns("""
    id name sort_name kind domain industry employees annual_revenue currency country city
    latitude longitude parent owner team source created_at custom last_activity_at
""")
CONTACT_COLUMNS = columns("""
    id first_name last_name name sort_name lifecycle_stage job_title company language
    time_zone country city latitude longitude preferred_channel best_hour communication_style
    interests values_held owner team source created_at activity_at last_activity_at custom
""")


@dataclass(slots=True)
class Firm:
    """What later seeders need of a company."""

    id: int
    name: str
    domain: str
    owner: User
    row: tuple[Any, ...]
    """What `write_companies` writes, but for the last activity."""


@dataclass(slots=True)
class Known:
    """What later seeders need of a contact."""

    id: int
    firm: Firm | None
    owner: User
    email: str
    created: datetime
    stage: str
    person: Person
    last: datetime | None = None

    def touch(self, at: datetime) -> None:
        """Something happened with this contact at `at`."""
        if self.last is None or at > self.last:
            self.last = at


def plan_companies(world: World) -> list[Firm]:
    """One company for six contacts. Written by `write_companies`."""
    ids = reserve_ids(Company, max(world.contacts // CONTACTS_PER_COMPANY, 1))
    return list(_firms(world, ids))


def write_companies(firms: list[Firm]) -> None:
    """The companies themselves, with what the timeline says happened with them last."""
    told = TimelineEntry.objects.exclude(company=None).exclude(kind__startswith="contact.")
    last = dict(told.values_list("company_id").annotate(Max("occurred_at")))
    copy_rows(Company, COMPANY_COLUMNS, ((*firm.row, last.get(firm.id)) for firm in firms))


def _firms(world: World, ids: range) -> Iterator[Firm]:
    random, custom = world.random, Values(world, "company")
    kinds = ("customer",) * 5 + ("prospect",) * 4 + ("partner", "supplier", "competitor")
    for number, pk in enumerate(ids):
        industry = random.choice(list(INDUSTRIES))
        country = random.choice(COUNTRIES[:6])
        first = FIRST_WORDS[number % len(FIRST_WORDS)]
        second = random.choice(INDUSTRIES[industry].split())
        serial = f" {number // len(FIRST_WORDS) + 1}" if number >= len(FIRST_WORDS) * 4 else ""
        name = f"{first} {second}{serial} {LEGAL_FORMS.get(country, 'Ltd')}"
        domain = f"{sort_key(first)}-{sort_key(second)}-{number + 1}.example"
        owner = random.choice(world.sellers)
        employees = int(random.lognormvariate(4, 1.4)) + 1
        city = random.choice(PLACES[country][2].split()).replace("_", " ")
        row = (
            pk,
            name,
            sort_key(name, 200),
            random.choice(kinds),
            domain,
            industry,
            employees,
            employees * random.randint(60, 300) * 1000,
            "EUR",
            country,
            city,
            *point_of(country, city),
            ids[number - 1] if number % 12 in (1, 2) else None,
            owner.pk,
            owner.team_id,
            random.choice(SOURCES),
            world.moment(world.start, world.start + timedelta(days=400)),
            custom.of_company(),
        )
        yield Firm(pk, name, domain, owner, row)


def plan_contacts(world: World, firms: list[Firm]) -> list[Known]:
    """Who the contacts are: growth over the years, most of them at a company. Written by `write_contacts`."""
    random = world.random
    known = []
    ids = reserve_ids(Contact, world.contacts)
    for number, (pk, person) in enumerate(zip(ids, people(random, world.contacts), strict=True)):
        firm = random.choice(firms) if random.random() < 0.7 else None
        owner = firm.owner if firm else random.choice(world.sellers)
        created = world.start + (world.now - world.start) * random.random() ** 0.8
        email = f"{_local(person)}.{number + 1}@{firm.domain if firm else 'mail.example'}"
        known.append(Known(pk, firm, owner, email, created, random.choice(STAGES), person))
    return known


def write_contacts(world: World, known: list[Known]) -> None:
    """The contacts themselves, last of all, as they carry their last activity (foreign keys are checked at
    commit), with points, affiliations, consent and tags."""
    copy_rows(Contact, CONTACT_COLUMNS, _contact_rows(world, known))
    _seed_points(world, known)
    _seed_affiliations(known)
    _seed_consents(world, known)
    _seed_tags(world, known)


def _contact_rows(world: World, known: list[Known]) -> Iterator[tuple[Any, ...]]:
    random, custom = world.random, Values(world, "contact")
    for contact in known:
        person, firm = contact.person, contact.firm
        yield (
            contact.id,
            person.given,
            person.family,
            _full(person),
            sort_key(f"{person.family} {person.given}"),
            contact.stage,
            random.choice(TITLES) if firm else "",
            firm.id if firm else None,
            person.language,
            person.zone,
            person.country,
            person.city,
            *point_of(person.country, person.city),
            *preferences_of(contact.id),
            contact.owner.pk,
            contact.owner.team_id,
            random.choice(SOURCES),
            contact.created,
            contact.last or contact.created,
            contact.last,
            custom.of_contact(),
        )


def _full(person: Person) -> str:
    family_first = PLACES[person.country][3]
    return f"{person.family} {person.given}" if family_first else f"{person.given} {person.family}"


def _local(person: Person) -> str:
    return "".join(c for c in person.latin.replace(" ", "-") if c.isascii())


def _seed_points(world: World, known: list[Known]) -> None:
    random = world.random

    def rows() -> Iterator[tuple[Any, ...]]:
        for contact in known:
            yield (contact.id, "email", contact.email, contact.email, True)
            if random.random() < 0.8:
                number = f"{CODES.get(contact.person.country, '+4940')}{random.randint(1000000, 9999999)}"
                yield (contact.id, "phone", f"{number[:3]} {number[3:6]} {number[6:]}", number, True)

    copy_rows(ContactPoint, ("contact", "kind", "value", "normalised", "is_primary"), rows())


def _seed_affiliations(known: list[Known]) -> None:
    rows = (
        (c.id, c.firm.id, True, role_of(c.id), c.created.date(), c.owner.pk, c.owner.team_id)
        for c in known
        if c.firm
    )
    names = ("contact", "company", "is_primary", "role", "valid_from", "owner", "team")
    copy_rows(Affiliation, names, rows)


def _seed_consents(world: World, known: list[Known]) -> None:
    random = world.random
    ensure_wordings()
    words = wording_in_force("marketing", "en")

    def rows() -> Iterator[tuple[Any, ...]]:
        for contact in known:
            chance = random.random()
            if chance < 0.75:
                yield (contact.id, "granted", contact.created)
            if chance < 0.05:
                yield (contact.id, "withdrawn", world.moment(contact.created))

    copy_rows(
        Consent,
        ("contact", "state", "at"),
        rows(),
        purpose="marketing",
        channel="email",
        basis="consent",
        source="Website form",
        wording=words.text if words else "",
        wording_version=words.pk if words else None,
    )


def _seed_tags(world: World, known: list[Known]) -> None:
    random = world.random
    tags = [
        Tag.objects.get_or_create(name=name, defaults={"colour": n % 8 + 1})[0] for n, name in enumerate(TAGS)
    ]
    rows = ((contact.id, random.choice(tags).pk) for contact in known if random.random() < 0.3)
    copy_rows(Contact.tags.through, ("contact", "tag"), rows)
