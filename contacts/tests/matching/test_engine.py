"""The engine alone: symmetry, independence of order, new records against all, reasons, groups."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.matching.companies import CompanyRecord
from contacts.matching.comparing import compare_all, compare_new
from contacts.matching.groups import groups_of
from contacts.matching.kinds import COMPANY, CONTACT, KINDS
from contacts.matching.names import given_level, name_of, surname_level
from contacts.matching.people_columns import Population
from contacts.matching.people_rows import PersonRecord
from contacts.matching.words import reasons, sentence

GIVEN = (
    "Robert",
    "Bob",
    "Rob",
    "Anna",
    "Anna Maria",
    "A.",
    "Elena",
    "Елена",
    "Daniel",
    "Daniela",
    "Jürgen",
    "",
)
FAMILY = (
    "Harrington",
    "Harringtom",
    "Müller",
    "Mueller-Schmidt",
    "Ivanova",
    "Иванов",
    "King Jr.",
    "King",
    "Lee",
)
people = st.builds(
    PersonRecord,
    id=st.just(0),
    first_name=st.sampled_from(GIVEN),
    last_name=st.sampled_from(FAMILY),
    salutation=st.sampled_from(("", "Mr", "Ms")),
    birthday=st.sampled_from((None, date(1980, 5, 6), date(1980, 6, 5), date(1980, 1, 1))),
    emails=st.lists(
        st.sampled_from(("r.harrington@a.example", "rharrington@b.example", "info@a.example")), max_size=2
    ),
    mobiles=st.lists(st.sampled_from(("+4917012345678", "+4917012354678")), max_size=1),
    phones=st.lists(st.just("+49301234500"), max_size=1),
    addresses=st.lists(st.sampled_from((("Long Street 5", "10115", "Leeds"), ("", "", "Leeds"))), max_size=1),
    companies=st.lists(st.sampled_from((1, 2)), max_size=1),
)
groups_of_people = st.lists(people, min_size=2, max_size=9)


def numbered(found: list[Any]) -> list[Any]:
    for number, person in enumerate(found, 1):
        person.id = number
    return found


@given(st.sampled_from(GIVEN), st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from(FAMILY))
def test_levels_of_names_are_symmetric(a: str, b: str, c: str, d: str) -> None:
    assert given_level(name_of(a), name_of(b)) == given_level(name_of(b), name_of(a))
    assert surname_level(name_of(c), name_of(d)) == surname_level(name_of(d), name_of(c))


@settings(max_examples=60, deadline=None)
@given(groups_of_people, st.randoms())
def test_order_of_the_records_does_not_matter(found: list[PersonRecord], random: Any) -> None:
    """The same pairs with the same scores, whatever ids the records have and however they come."""
    numbered(found)
    before = {(p.a, p.b): (p.score, p.levels) for p in compare_all(CONTACT, found)}
    new_ids = list(range(1, len(found) + 1))
    random.shuffle(new_ids)
    old_of = {}
    for person, new in zip(found, new_ids, strict=True):
        old_of[new] = person.id
        person.id = new
    random.shuffle(found)
    after = {
        tuple(sorted((old_of[p.a], old_of[p.b]))): (p.score, p.levels) for p in compare_all(CONTACT, found)
    }
    assert after == before


@settings(max_examples=60, deadline=None)
@given(groups_of_people)
def test_new_record_finds_what_a_full_scan_finds_for_it(found: list[PersonRecord]) -> None:
    numbered(found)
    population = Population(40_000, {"lee": 400})
    *known, new = found
    full = {p.a: (p.score, p.levels) for p in compare_all(CONTACT, found, population) if p.b == new.id}
    (alone,) = compare_new(CONTACT, known, [new], population)
    assert {p.a: (p.score, p.levels) for p in alone} == full


companies = st.builds(
    CompanyRecord,
    id=st.just(0),
    name=st.sampled_from(
        (
            "Harrington Foods Ltd",
            "Harringtom Foods",
            "Foods Harrington",
            "Harrington",
            "Lee Media",
            "Müller AG",
        )
    ),
    domain=st.sampled_from(("", "harringtonfoods.example", "harringtonfoods.co.example", "shop.example")),
    country=st.sampled_from(("", "GB", "DE")),
    phones=st.lists(st.sampled_from(("+44113123450", "+44113132450")), max_size=1),
    addresses=st.lists(st.sampled_from((("Long Street 5", "10115", "Leeds"), ("", "", "Leeds"))), max_size=1),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(companies, min_size=2, max_size=9))
def test_new_company_finds_what_a_full_scan_finds_for_it(found: list[Any]) -> None:
    numbered(found)
    population = Population(40_000, {"lee": 90, "media": 400, "foods": 300})
    *known, new = found
    full = {p.a: (p.score, p.levels) for p in compare_all(COMPANY, found, population) if p.b == new.id}
    (alone,) = compare_new(COMPANY, known, [new], population)
    assert {p.a: (p.score, p.levels) for p in alone} == full


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_weights_name_terms_of_the_shape(kind: Any) -> None:
    lines = kind.weights_file.read_text().splitlines()
    assert lines[0].startswith("# Weights of the logistic model")
    terms = [line.rpartition(",")[0] for line in lines if not line.startswith(("#", "term,"))]
    assert len(terms) > 20
    assert set(terms) <= set(kind.shape.terms())


def pair_of(one: PersonRecord, other: PersonRecord, population: Population | None = None) -> Any:
    one.id, other.id = 1, 2
    (pair,) = compare_all(CONTACT, [one, other], population)
    return pair


def test_a_letter_that_nobody_else_writes_is_a_slip() -> None:
    """Harringtom is a slip where everybody else is called Harrington, and a name where others have it too."""
    home = ("Long Street 5", "10115", "Leeds")
    one = PersonRecord(0, "Paul", "Harrington", addresses=[home])
    other = PersonRecord(0, "Paul", "Harringtom", addresses=[home])
    slip = pair_of(one, other, Population(100_000, {"harrington": 90}))
    name = pair_of(one, other, Population(100_000, {"harrington": 90, "harringtom": 80}))
    assert (slip.levels["spelling"], name.levels["spelling"]) == ("odd", "usual")
    assert slip.score > name.score


def test_frequency_of_a_name_says_how_many_others_to_expect() -> None:
    found = [
        pair_of(
            PersonRecord(0, "Ann", "Lee", mobiles=["+4917012345678"]),
            PersonRecord(0, "Ann", "Lee", mobiles=["+4917012345678"]),
            Population(100_000, {"lee": surnames}, {"ann": given}),
        ).levels["chance"]
        for surnames, given in ((0, 0), (42, 12), (42, 102), (102, 402), (1002, 1002))
    ]
    assert found == ["never", "hardly", "seldom", "sometimes", "usual"]


def test_mailbox_of_a_family_is_not_one_persons() -> None:
    one = PersonRecord(0, "Paul", "Lee", emails=["lee.family@mail.example"])
    other = PersonRecord(0, "Paul", "Lee", emails=["lee.family@mail.example"])
    assert pair_of(one, other).levels["email"] == "family"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (date(1996, 2, 8), date(2003, 2, 8), "different"),
        (date(1986, 2, 8), date(1996, 2, 8), "near"),
        (date(1999, 2, 8), date(2000, 2, 8), "near"),
        (date(1986, 2, 8), date(1946, 2, 8), "near"),
        (date(1986, 2, 8), date(1986, 2, 9), "near"),
        (date(1986, 2, 8), date(1986, 8, 2), "near"),
    ],
)
def test_birthdays_are_near_by_one_slip(one: date, other: date, level: str) -> None:
    mobiles = ["+4917012345678"]
    pair = pair_of(
        PersonRecord(0, "Paul", "Lee", mobiles=mobiles, birthday=one),
        PersonRecord(0, "Paul", "Lee", mobiles=mobiles, birthday=other),
    )
    assert pair.levels["birthday"] == level


def company_pairs(*records: CompanyRecord, population: Population | None = None) -> list[Any]:
    return compare_all(COMPANY, records, population)


def test_mistyped_rare_company_is_found_by_its_name_alone() -> None:
    (pair,) = company_pairs(
        CompanyRecord(1, "Jungfer Elektro GmbH", country="DE"),
        CompanyRecord(2, "Jugnfer Elektro", country="DE"),
        population=Population(100_000, {"elektro": 900}),
    )
    assert (pair.levels["name"], pair.levels["spelling"]) == ("typo", "odd")
    assert pair.score >= 0.65


def test_web_name_tells_more_when_it_is_not_the_companies_name() -> None:
    found = [
        company_pairs(
            CompanyRecord(1, "Roy Print", f"{stem}.example"),
            CompanyRecord(2, "Roy Print", f"{stem}.co.example"),
        )[0]
        for stem in ("royprint", "royprint4711")
    ]
    assert [pair.levels["domain"] for pair in found] == ["named", "stem"]
    assert found[0].score < found[1].score


def test_web_domain_made_of_the_other_companys_name_is_said() -> None:
    (pair,) = company_pairs(
        CompanyRecord(1, "Jungdfer Elektro", "jungferelektro.example"),
        CompanyRecord(2, "Jungfer Elektro GmbH"),
        population=Population(100_000, {"elektro": 900}),
    )
    assert pair.levels["site_name"] == "theirs"
    said = sentence(reasons(pair.levels, SimpleNamespace(), SimpleNamespace()))
    assert said == "Names a letter or two apart; the web domain of one is the other’s name"


def test_reasons_are_said_in_words() -> None:
    one = PersonRecord(0, "Bob", "Harrington", mobiles=["+4917012345678"])
    other = PersonRecord(0, "Robert", "Harringtom", mobiles=["+4917012345678"], birthday=date(1980, 5, 6))
    pair = pair_of(one, other)
    said = reasons(pair.levels, one, other)
    assert sentence(said) == "Same mobile; Bob is short for Robert; surname one letter off"
    assert all(reason.speaks_for for reason in said)


def test_a_name_in_another_language_is_not_called_short() -> None:
    one, other = SimpleNamespace(first_name="Иван"), SimpleNamespace(first_name="John")
    for pair in ((one, other), (other, one)):
        (said,) = reasons({"given": "nickname"}, *pair)
        assert "forms of one name" in said.text


def test_reasons_against_stand_last() -> None:
    one, other = SimpleNamespace(first_name="Ann"), SimpleNamespace(first_name="Ann")
    said = reasons({"email": "different", "phone": "same", "birthday": "different"}, one, other)
    assert [(r.text, r.speaks_for) for r in said] == [
        ("same phone number", True), ("different e-mail addresses", False), ("different birthdays", False),
    ]  # fmt: skip


def test_transliterated_swapped_names_are_found() -> None:
    one = PersonRecord(0, "Елена", "Щербакова", mobiles=["+79161234567"])
    other = PersonRecord(0, "Shcherbakova", "Elena", mobiles=["+79161234567"])
    pair = pair_of(one, other)
    assert (pair.levels["order"], pair.score > 0.9) == ("swapped", True)


def test_household_is_not_one_person() -> None:
    home = ("Long Street 5", "10115", "Leeds")
    family = [
        PersonRecord(n, name, "Harrington", phones=["+44113123456"], addresses=[home])
        for n, name in enumerate(("George", "Martha", "Daniel", "Dora"), 1)
    ]
    assert [pair for pair in compare_all(CONTACT, family) if pair.score >= 0.65] == []


def test_father_and_son_are_told_apart_by_their_generation() -> None:
    home = ("Long Street 5", "10115", "Leeds")
    father = PersonRecord(1, "Robert", "King Sr.", addresses=[home], birthday=date(1950, 3, 4))
    son = PersonRecord(2, "Robert", "King Jr.", addresses=[home], birthday=date(1979, 8, 9))
    assert [pair for pair in compare_all(CONTACT, [father, son]) if pair.score >= 0.65] == []


def test_groups_are_never_chains_of_strangers() -> None:
    chain = {(1, 2): 0.99, (2, 3): 0.98, (3, 4): 0.99}
    assert groups_of(chain, join=0.9, hold=0.6) == [[1, 2], [3, 4]]
    ring = {**chain, (1, 3): 0.7, (2, 4): 0.7, (1, 4): 0.61}
    assert groups_of(ring, join=0.9, hold=0.6) == [[1, 2, 3, 4]]
