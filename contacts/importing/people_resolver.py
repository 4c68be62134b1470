"""Which people the words of a column mean: by another program's keys, by address, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contacts.enums import PointKind
from contacts.importing.reach import imported_email
from contacts.models import Contact, ContactPoint
from core.importing.references import RecordResolver
from core.importing.style import BadValue
from core.text import sort_key

SEPARATOR = ";"


@dataclass
class PeopleResolver(RecordResolver):
    """One or more people in a cell, divided by semicolons; the value is the list of their ids. Known are words
    whose every part means exactly one person: an address or a name that several have is nobody's."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        parts = {text: _parts(text) for text in texts}
        every = {part for found in parts.values() for part in found}
        known = super().find(every, user, namespace)
        rest = every - known.keys()
        known |= self._by_address(rest, user)
        known |= self._by_written_name(rest - known.keys(), user)
        return {
            text: [known[part] for part in found]
            for text, found in parts.items()
            if found and all(part in known for part in found)
        }

    def _by_address(self, texts: set[str], user: Any) -> dict[str, int]:
        keys: dict[str, list[str]] = {}
        for text in texts:
            if "@" in text:
                keys.setdefault(_address(text), []).append(text)
        points = ContactPoint.objects.filter(
            kind=PointKind.EMAIL, normalised__in=[key for key in keys if key], contact__in=self._rows(user)
        )
        holders: dict[str, set[int]] = {}
        for key, pk in points.values_list("normalised", "contact_id"):
            holders.setdefault(key, set()).add(pk)
        single = {key: min(ids) for key, ids in holders.items() if len(ids) == 1}
        return {text: single[key] for key, written in keys.items() if key in single for text in written}

    def _by_written_name(self, texts: set[str], user: Any) -> dict[str, int]:
        """Names as they are read («Anna Snelling»); lists are ordered by the family name."""
        keys: dict[str, list[str]] = {}
        for text in texts:
            words = sort_key(text.replace(",", " ")).split()
            for at in range(1, len(words)):
                keys.setdefault(" ".join([*words[at:], *words[:at]]), []).append(text)
        found: dict[str, set[int]] = {}
        for name, pk in self._rows(user).filter(sort_name__in=list(keys)).values_list("sort_name", "pk"):
            for text in keys[name]:
                found.setdefault(text, set()).add(pk)
        return {text: min(ids) for text, ids in found.items() if len(ids) == 1}

    def option(self, text: str, user: Any) -> Any:
        return [super().option(text, user)]

    def label_of(self, value: Any, user: Any) -> str:
        return "; ".join(super(PeopleResolver, self).label_of(pk, user) for pk in value)


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(SEPARATOR) if part.strip()))


def _address(text: str) -> str:
    bare = text.rpartition("<")[2].rstrip("> ")
    try:
        return imported_email(bare)
    except BadValue:
        return ""


PEOPLE = PeopleResolver(Contact, name_field="sort_name", sorted_names=True, id_fields=("external_id",))


class PeopleById(PeopleResolver):
    """People by keys alone."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        parts = {text: _parts(text) for text in texts}
        known = RecordResolver.find(self, {p for found in parts.values() for p in found}, user, namespace)
        return {t: [known[p] for p in found] for t, found in parts.items() if all(p in known for p in found)}

    def suggestions(self, text: str, user: Any) -> list[Any]:
        return []


PEOPLE_BY_ID = PeopleById(Contact, name_field="sort_name", sorted_names=True, id_fields=("external_id",))
