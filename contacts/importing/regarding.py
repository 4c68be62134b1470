"""What an activity is about, where one column may name records of any type by another program's key."""

from collections.abc import Iterable
from typing import Any

from contacts.importing.people_resolver import PEOPLE
from core.importing.keys import EXTERNAL_ID, qualified
from core.importing.problems import Suggestion
from core.importing.references import Resolver
from core.registries import records
from core.registries.imports import further_ids
from core.text import sort_key

Reference = tuple[str, int]


class Regarding(Resolver):
    """Records of every registered type that has external ids, in the person's scope. The value is (type, id);
    a key that two types know is nobody's."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        keys = {qualified(namespace, text): text for text in texts}
        found: dict[str, list[Reference]] = {}
        for kind in records.all_types():
            if kind.key == "activity" or EXTERNAL_ID not in {
                f.name for f in kind.model._meta.concrete_fields
            }:
                continue
            manager: Any = kind.model._default_manager
            rows = manager.all() if user is None else kind.visible_to(user)
            direct = dict(rows.filter(external_id__in=list(keys)).values_list(EXTERNAL_ID, "pk"))
            further = further_ids(kind.model, [key for key in keys if key not in direct])
            seen = set(rows.filter(pk__in=further.values()).values_list("pk", flat=True)) if further else ()
            for key, pk in (direct | {k: v for k, v in further.items() if v in seen}).items():
                found.setdefault(keys[key], []).append((kind.key, pk))
        return {text: list(refs[0]) for text, refs in found.items() if len(refs) == 1}

    def suggestions(self, text: str, user: Any) -> list[Suggestion]:
        return []


class RegardingByName(Regarding):
    """The same records by their names. A name that two records have is nobody's."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        wanted = {text: sort_key(text, 200) for text in texts}
        found: dict[str, list[Reference]] = {}
        for text, people in PEOPLE.find(wanted, user).items():
            found[text] = [("contact", pk) for pk in people]
        for kind in records.all_types():
            names = {field.name for field in kind.model._meta.concrete_fields}
            if kind.key == "contact" or not {EXTERNAL_ID, "sort_name"} <= names:
                continue
            manager: Any = kind.model._default_manager
            rows = manager.all() if user is None else kind.visible_to(user)
            rows = rows.filter(sort_name__in=set(wanted.values()))
            by_name: dict[str, list[Reference]] = {}
            for name, pk in rows.values_list("sort_name", "pk"):
                by_name.setdefault(name, []).append((kind.key, pk))
            for text, name in wanted.items():
                found.setdefault(text, []).extend(by_name.get(name, []))
        return {text: list(refs[0]) for text, refs in found.items() if len(refs) == 1}
