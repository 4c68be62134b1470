"""How any two people agree: the words of agreement, and the level of each for pairs of rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contacts.matching.agreement import Levels, Shape, cut
from contacts.matching.columns import Codes, Ints, best_of_slots, compare_codes
from contacts.matching.names import NameLevel, given_level, surname_level
from contacts.matching.people_blocks import is_placeholder
from contacts.matching.people_columns import COMMON, RARE, PeopleColumns
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
    has_number,
    phone_level,
)

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
CHANCE = ("none", "never", "hardly", "rarely", "seldom", "sometimes", "often", "usual")
MAIL_NAME = ("theirs", "other", "missing")
SPELLING = ("same", "odd", "usual")
REACH = ("email", "mobile", "phone", "address")

SHAPE = Shape(
    features={
        "given": GIVEN,
        "surname": SURNAME,
        "order": ("straight", "swapped"),
        "generation": ("none", "same", "one", "conflict"),
        "namesakes": ("none", "few", "some", "many"),
        "chance": CHANCE,
        "email": tuple(level.value for level in EmailLevel),
        "mobile": tuple(level.value for level in PhoneLevel),
        "phone": tuple(level.value for level in PhoneLevel),
        "address": tuple(level.value for level in AddressLevel),
        "company": ("same", "different", "missing"),
        "birthday": BIRTHDAY,
        "salutation": ("same", "conflict", "missing"),
        "mail_name": MAIL_NAME,
        "spelling": SPELLING,
    },
    crosses=(
        ("given", "surname"),
        *(
            (name, other)
            for name in ("given", "surname", "chance")
            for other in (*REACH, "birthday", "company")
        ),
        *((name, "mail_name") for name in ("given", "surname", "email")),
        *((name, "spelling") for name in ("given", "surname", "chance", *REACH, "birthday", "company")),
        ("generation", "given"),
        ("generation", "birthday"),
        ("order", "given"),
        ("email", "mobile"),
        ("email", "phone"),
        ("email", "address"),
        ("email", "birthday"),
        ("email", "company"),
        ("mobile", "phone"),
        ("mobile", "address"),
        ("mobile", "birthday"),
        ("phone", "address"),
        ("phone", "birthday"),
        ("phone", "company"),
        ("address", "birthday"),
        ("address", "company"),
        ("chance", "email", "phone"),
        ("chance", "email", "address"),
        ("chance", "email", "mobile"),
        ("chance", "mobile", "phone"),
        ("chance", "mobile", "address"),
        ("chance", "phone", "address"),
        ("given", "email", "address"),
        ("given", "phone", "address"),
    ),
)
_PLACE = {name: place for place, name in enumerate(SHAPE.features)}
_GIVEN = {level: place for place, level in enumerate(NameLevel)}
_SURNAME = {level: SURNAME.index(level.value) for level in NameLevel if level.value in SURNAME}
_EMAIL = {level: place for place, level in enumerate(EmailLevel)}
_PHONE = {level: place for place, level in enumerate(PhoneLevel)}
_ADDRESS = {level: place for place, level in enumerate(AddressLevel)}
_CROSSWISE = [
    _GIVEN[level] for level in (NameLevel.SAME, NameLevel.NICKNAME, NameLevel.TYPO, NameLevel.SOUND)
]
SPELT_FROM = 100_000
VARIED = ("typo", "sound", "gender", "alike")
CHANCES = (0.002, 0.008, 0.03, 0.12, 0.5, 2.5)
LEAST_SURNAME, LEAST_GIVEN = 1e-5, 2e-5


def levels_of(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    """One row of levels for each pair."""
    given, surname, swapped = _compare_names(people, left, right)
    one, other = people.gender[left], people.gender[right]
    found = {
        "given": given,
        "surname": surname,
        "order": swapped,
        "generation": _generations(people.generation[left], people.generation[right]),
        "namesakes": _namesakes(people, left, right),
        "chance": _chances(people, left, right, given, surname),
        "email": _compare_emails(people, left, right),
        "mobile": _compare_numbers(people, left, right, mobile=True),
        "phone": _compare_numbers(people, left, right, mobile=False),
        "address": _compare_places(people, left, right),
        "company": best_of_slots(
            people.companies[left], people.companies[right], lambda x, y: 1, lambda codes: 0, 2
        ),
        "birthday": _compare_birthdays(people, left, right),
        "salutation": np.where((one < 0) | (other < 0), 2, (one != other).astype(np.int8)),
        "mail_name": _mail_names(people, left, right),
        "spelling": _spellings(people, left, right, given, surname),
    }
    rows = np.empty((len(left), len(SHAPE.features)), dtype=np.int8)
    for name, column in found.items():
        rows[:, _PLACE[name]] = column
    return rows


def _compare_names(people: PeopleColumns, left: Codes, right: Codes) -> tuple[Any, Any, Any]:
    names = people.names
    given = compare_codes(
        people.first[left], people.first[right],
        lambda x, y: _GIVEN[given_level(names[x], names[y])], 0, _GIVEN[NameLevel.MISSING],
    )  # fmt: skip
    surname = compare_codes(
        people.last[left], people.last[right],
        lambda x, y: _SURNAME[surname_level(names[x], names[y])], 1, _SURNAME[NameLevel.MISSING],
    )  # fmt: skip
    share = people.surname_share[people.last[left]]
    same = surname == 1
    surname[same] = np.where(share[same] <= RARE, 0, np.where(share[same] <= COMMON, 1, 2))
    swapped = np.zeros(len(left), dtype=np.int8)
    _swap(people, left, right, given, surname, swapped)
    return given, surname, swapped


def _swap(people: PeopleColumns, left: Codes, right: Codes, given: Any, surname: Any, swapped: Any) -> None:
    """Where first and last name agree crosswise and not straight, take that."""
    first, last, names = people.first, people.last, people.names
    weak = np.flatnonzero(surname >= _SURNAME[NameLevel.GENDER])
    weak = weak[(first[left[weak]] >= 0) & (first[right[weak]] >= 0)]
    weak = weak[(last[left[weak]] >= 0) & (last[right[weak]] >= 0)]

    def level(x: int, y: int) -> int:
        return _GIVEN[given_level(names[x], names[y])]

    cross = compare_codes(first[left[weak]], last[right[weak]], level, 0, len(_GIVEN))
    back = compare_codes(last[left[weak]], first[right[weak]], level, 0, len(_GIVEN))
    fits = np.isin(cross, _CROSSWISE) & np.isin(back, _CROSSWISE)
    strong, soft = np.minimum(cross, back), np.maximum(cross, back)
    fits &= strong != _GIVEN[NameLevel.NICKNAME]
    rows = weak[fits]
    given[rows], swapped[rows] = soft[fits], 1
    surname[rows] = np.array([1, -1, -1, -1, _SURNAME[NameLevel.TYPO], _SURNAME[NameLevel.SOUND]])[
        strong[fits]
    ]


def _namesakes(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    """How many records have this very name, where both have the same."""
    same = people.who[left] == people.who[right]
    same &= (people.first[left] >= 0) | (people.last[left] >= 0)
    return np.where(same, cut(people.who_counts[people.who[left]], 3, 10) + 1, 0).astype(np.int8)


def _chances(people: PeopleColumns, left: Codes, right: Codes, given: Any, surname: Any) -> Levels:
    """How many others of such a name to expect among all, from how common its parts are."""
    family, first = people.surname_share, people.given_share
    shares = [
        np.maximum(np.maximum(table[column[left]], table[column[right]]), least)
        for table, column, least in (
            (family, people.last, LEAST_SURNAME),
            (first, people.first, LEAST_GIVEN),
        )
    ]
    expected = people.total * shares[0] * shares[1]
    found = np.searchsorted(np.array(CHANCES), expected, side="left") + 1
    unknown = np.isin(given, [GIVEN.index(name) for name in ("gender", "middle", "different", "missing")])
    unknown |= np.isin(surname, [SURNAME.index(name) for name in ("different", "missing")])
    return np.where(unknown, 0, found).astype(np.int8)


def _spellings(people: PeopleColumns, left: Codes, right: Codes, given: Any, surname: Any) -> Levels:
    """Where a name is written in two ways: whether hardly anybody else writes it in one of them, as with a slip,
    or whether both are names that people have. Among few people no name can be told from a slip."""
    found = np.zeros(len(left), dtype=np.int8)
    if people.population.total < SPELT_FROM:
        return found
    for level, steps, column, share in (
        (given, GIVEN, people.first, people.given_share),
        (surname, SURNAME, people.last, people.surname_share),
    ):
        apart = np.isin(level, [steps.index(name) for name in VARIED if name in steps])
        rarer = np.minimum(share[column[left]], share[column[right]])
        found = np.maximum(found, np.where(apart, np.where(rarer > 0, 2, 1), 0))
    return found.astype(np.int8)


def _held(holders: Ints, shared: int, levels: tuple[int, int, int]) -> Callable[[Codes], Levels]:
    """The level of a value that both have: one person's, several people's, everybody's."""
    table = np.array(levels, dtype=np.int8)
    return lambda codes: table[(holders[codes] > 1).astype(int) + (holders[codes] >= shared)]


def _compare_emails(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    texts, named = people.people.emails.values, people.people.named

    def level(x: int, y: int) -> int:
        found = email_level(texts[x], texts[y])
        if (
            found == EmailLevel.LOCAL
            and (x in named or y in named)
            and not has_number(email_parts(texts[x])[0])
        ):
            found = EmailLevel.NAMED
        return _EMAIL[found]

    held = _held(people.email_holders, SHARED_EMAIL, (0, 1, 2))

    def same(codes: Codes) -> Levels:
        return np.where(people.is_family[codes], _EMAIL[EmailLevel.FAMILY], held(codes)).astype(np.int8)

    return best_of_slots(people.emails[left], people.emails[right], level, same, _EMAIL[EmailLevel.MISSING])


def _compare_numbers(people: PeopleColumns, left: Codes, right: Codes, *, mobile: bool) -> Levels:
    texts = people.people.phones.values
    wanted = people.is_mobile if mobile else ~people.is_mobile

    def only(rows: Codes) -> Codes:
        slots = people.phones[rows]
        return np.where((slots >= 0) & wanted[slots], slots, -1).astype(np.int32)

    return best_of_slots(
        only(left), only(right), lambda x, y: _PHONE[phone_level(texts[x], texts[y])],
        _held(people.phone_holders, SHARED_PHONE, (0, 1, 2)), _PHONE[PhoneLevel.MISSING],
    )  # fmt: skip


def _compare_places(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    places = people.people.places.values
    exact = np.array([_ADDRESS[exactness(place)] for place in places] + [0], dtype=np.int8)
    held = _held(people.place_holders, SHARED_PLACE, (0, 1, 2))

    def same(codes: Codes) -> Levels:
        return np.where(exact[codes] == 0, held(codes), exact[codes]).astype(np.int8)

    return best_of_slots(
        people.places[left], people.places[right],
        lambda x, y: _ADDRESS[address_level(places[x], places[y])], same, _ADDRESS[AddressLevel.MISSING],
    )  # fmt: skip


def _compare_birthdays(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    found = compare_codes(
        np.where(people.birthday[left] > 0, people.birthday[left], -1),
        np.where(people.birthday[right] > 0, people.birthday[right], -1),
        _birthday_level, 0, BIRTHDAY.index("missing"),
    )  # fmt: skip
    rows = np.flatnonzero(found == 0)
    days, place = np.unique(people.birthday[left[rows]], return_inverse=True)
    placeholders = np.array([is_placeholder(date.fromordinal(day)) for day in days.tolist()], dtype=bool)
    found[rows[placeholders[place]]] = BIRTHDAY.index("placeholder")
    return found


def _birthday_level(one: int, other: int) -> int:
    """Days that have day and month exchanged, or differ in one of day, month and year, are near; years only if
    one digit, one year or ten are between them."""
    x, y = date.fromordinal(one), date.fromordinal(other)
    if is_placeholder(x) or is_placeholder(y):
        return BIRTHDAY.index("missing") if x.year != y.year else BIRTHDAY.index("placeholder")
    shared = (x.year == y.year) + (x.month == y.month) + (x.day == y.day)
    exchanged = (x.year, x.month, x.day) == (y.year, y.day, y.month)
    close = x.year == y.year or abs(x.year - y.year) in (1, 10) or _one_digit(x.year, y.year)
    return BIRTHDAY.index("near" if exchanged or (shared == 2 and close) else "different")


def _one_digit(one: int, other: int) -> bool:
    return sum(x != y for x, y in zip(str(one), str(other), strict=False)) == 1


def _generations(one: Any, other: Any) -> Levels:
    conflict = np.where((one >= 0) & (other >= 0), np.where(one == other, 1, 3), 2)
    return np.where((one < 0) & (other < 0), 0, conflict).astype(np.int8)


def _mail_names(people: PeopleColumns, left: Codes, right: Codes) -> Levels:
    """Where two names differ: whether the e-mail name of one holds the other's."""
    found = np.full(len(left), MAIL_NAME.index("missing"), dtype=np.int8)
    keys = [name.key if len(name.key) > 3 else "" for name in people.names]
    letters = [email_parts(address)[2] for address in people.people.emails.values]

    def level(email: int, name: int) -> int:
        return MAIL_NAME.index("theirs" if keys[name] and keys[name] in letters[email] else "other")

    for column in (people.first, people.last):
        differs = np.flatnonzero(people.key_of[column[left]] != people.key_of[column[right]])
        for one, other in ((left[differs], right[differs]), (right[differs], left[differs])):
            named = column[other]
            for slot in range(people.emails.shape[1]):
                found[differs] = np.minimum(found[differs], _each(people.emails[one, slot], named, level))
    return found


def _each(codes: Codes, others: Codes, level: Callable[[int, int], int]) -> NDArray[np.int8]:
    """`level(code, other)` for each row, worked out once for each distinct pair."""
    found = np.full(len(codes), MAIL_NAME.index("missing"), dtype=np.int8)
    both = np.flatnonzero((codes >= 0) & (others >= 0))
    if len(both):
        packed = (codes[both].astype(np.int64) << 32) | others[both]
        distinct, place = np.unique(packed, return_inverse=True)
        one, other = (distinct >> 32).tolist(), (distinct & 0xFFFFFFFF).tolist()
        found[both] = np.fromiter(map(level, one, other), dtype=np.int8, count=len(one))[place]
    return found
