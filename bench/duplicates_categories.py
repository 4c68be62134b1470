"""What sets two records apart, worked out from the records alone: where true pairs are lost, and which traps catch.

Nothing here is the engine's: a name is compared as written, without accents and in Latin letters.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from bench.duplicates_data import Labelled
from contacts.matching.nicknames import variants_of
from contacts.matching.people_rows import PersonRecord
from contacts.matching.text import fold, latin

Pairs = set[tuple[int, int]]


def by_category(labelled: Labelled, found: Pairs, truth: Pairs) -> dict[str, dict[str, Any]]:
    """For each thing that sets the two of a true pair apart: how many there are and which share was found; a pair
    counts under all that it has. For each trap: how many wrong pairs it caught."""
    records = {record.id: record for record in labelled.records}
    there, got, caught = Counter[str](), Counter[str](), Counter[str]()
    for a, b in truth:
        for name in apart(records[a], records[b]):
            there[name] += 1
            got[name] += (a, b) in found
    for a, b in found - truth:
        caught[_trap(records[a], records[b])] += 1
    rows = {
        name: {"pairs": there[name], "recall": round(got[name] / there[name], 4)} for name in sorted(there)
    }
    return {"true": rows, "wrong": dict(sorted(caught.items()))}


def apart(one: PersonRecord, other: PersonRecord) -> Iterator[str]:
    """The names of what sets two records of one person apart."""
    given, surname = (
        (_words(one.first_name), _words(other.first_name)),
        (_words(one.last_name), _words(other.last_name)),
    )
    if (given[0], surname[0]) == (surname[1], given[1]):
        yield "swapped order"
    else:
        yield from (f"first name: {name}" for name in _difference(*given, is_given=True))
        yield from (f"surname: {name}" for name in _difference(*surname, is_given=False))
    whole = (one.first_name + one.last_name, other.first_name + other.last_name)
    if whole[0].isascii() != whole[1].isascii():
        yield "transliteration"
    for name, x, y in (
        ("e-mail", one.emails, other.emails),
        ("mobile", one.mobiles, other.mobiles),
        ("phone", one.phones, other.phones),
        ("address", one.addresses, other.addresses),
    ):
        if set(x) and set(y) and not set(x) & set(y):
            yield f"{name} changed"
    if not any(_shared(one, other)):
        yield "nothing in common but the name"


def _words(name: str) -> str:
    return " ".join(map(fold, latin(name).split()))


def _difference(one: str, other: str, *, is_given: bool) -> Iterator[str]:
    short, long = sorted((one, other), key=len)
    if one == other:
        return
    if not short:
        yield "missing"
    elif len(short) == 1 and long.startswith(short):
        yield "initial"
    elif short in long.split() or short.split()[0] in long.split():
        yield "part"
    elif is_given and short in variants_of(long):
        yield "nickname"
    elif DamerauLevenshtein.distance(short, long) <= 2:
        yield "typo"
    else:
        yield "other"


def _shared(one: PersonRecord, other: PersonRecord) -> Iterator[bool]:
    yield bool(set(one.emails) & set(other.emails))
    yield bool({*one.mobiles, *one.phones} & {*other.mobiles, *other.phones})
    yield bool({a[1] for a in one.addresses if a[1]} & {a[1] for a in other.addresses if a[1]})
    yield bool(set(one.companies) & set(other.companies))
    yield one.birthday is not None and one.birthday == other.birthday


def _trap(one: PersonRecord, other: PersonRecord) -> str:
    homes = bool(set(one.addresses) & set(other.addresses)) or bool(set(one.phones) & set(other.phones))
    mails = bool(set(one.emails) & set(other.emails))
    same = _words(one.first_name) == _words(other.first_name)
    if homes or mails:
        return "household, one name" if same else "household"
    if set(one.companies) & set(other.companies):
        return "colleagues"
    return "strangers of one name" if same else "strangers"
