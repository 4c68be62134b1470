"""Which given names may be one person's: short forms, pet names, the same name in another language."""

from functools import cache
from pathlib import Path

from contacts.matching.text import fold

_FILE = Path(__file__).with_name("nicknames.txt")
NONE: frozenset[str] = frozenset()


@cache
def _groups() -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    of_name: dict[str, set[str]] = {}
    members: dict[str, tuple[str, ...]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            names = tuple(fold(name) for name in line.split())
            members[names[0]] = (*members.get(names[0], ()), *names)
            for name in names:
                of_name.setdefault(name, set()).add(names[0])
    return {name: frozenset(groups) for name, groups in of_name.items()}, members


def groups_of(name: str) -> frozenset[str]:
    """The full forms that a folded Latin given name may stand for.

    >>> sorted(groups_of("alex")), groups_of("bob") == groups_of("robert")
    (['alexander', 'alexandra'], True)
    """
    return _groups()[0].get(name, NONE)


def variants_of(name: str) -> frozenset[str]:
    """Every name that shares a full form with `name`, itself among them.

    >>> "robert" in variants_of("bob"), variants_of("xiu")
    (True, frozenset({'xiu'}))
    """
    found = {name}
    for group in groups_of(name):
        found.update(_groups()[1][group])
    return frozenset(found)


def is_full_form(name: str, other: str) -> bool:
    """Whether `name` is the full form of a group in which `other` stands."""
    return name in groups_of(other)
