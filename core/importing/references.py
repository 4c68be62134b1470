"""What turns the words of a column into records, choices or known words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from core.importing.keys import EXTERNAL_ID, qualified
from core.importing.problems import Suggestion
from core.importing.words import nearest, squeezed
from core.registries.imports import further_ids
from core.text import sort_key

UNSURE = object()
LISTED = 5000  # up to so many records all are compared; beyond, the trigram index finds the candidates


SHORT_LIKENESS, LONG_LIKENESS, LONG = 0.3, 0.45, 12
"""Trigrams that two words share from which they are compared. Names of twelve letters and more with two mistakes
share far more than half; asking for less reads eight times as many rows."""


@contextmanager
def _similar_from(likeness: float) -> Iterator[None]:
    """`trigram_similar` from another likeness on than the usual one; outside a transaction nothing changes."""
    set_to = "SELECT set_config('pg_trgm.similarity_threshold', %s, true)"
    with connection.cursor() as cursor:
        cursor.execute(set_to, [str(likeness)])
        yield
        cursor.execute(set_to, [str(SHORT_LIKENESS)])


class Resolver:
    """Finds what words mean. A word that `find` does not know waits for a person's decision; until then the
    field stays empty, or keeps the word as written where `keeps_text` says so."""

    keeps_text = False
    makes_new = False
    """Whether a word that resembles nothing known is right as it is, and `new` says what it means."""

    def new(self, text: str) -> Any:
        """What a word stands for that nobody knew before."""
        raise TypeError(f"{type(self).__name__} makes nothing new")

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        """The value of each text that is known for certain. One or two queries, whatever the number.
        `namespace` is the program whose keys the texts may be."""
        raise TypeError(f"{type(self).__name__} does not say how it finds")

    def suggestions(self, text: str, user: Any) -> list[Suggestion]:
        """What `text` may have meant, best first."""
        return nearest(text, self.options(user))

    def options(self, user: Any) -> list[Suggestion]:
        """What a person can choose from (at most `LISTED`)."""
        return []

    def option(self, text: str, user: Any) -> Any:
        """The value that a submitted form's text stands for. Raises KeyError for anything not on offer."""
        for item in self.options(user):
            if str(item.value) == text:
                return item.value
        raise KeyError(text)

    def label_of(self, value: Any, user: Any) -> str:
        return next((item.label for item in self.options(user) if item.value == value), str(value))


@dataclass
class ChoiceResolver(Resolver):
    """A fixed list: `choices` gives (value, label), `aliases` other words for a value."""

    choices: Callable[[], Sequence[tuple[Any, Any]]]
    aliases: Mapping[str, Any] = field(default_factory=dict)

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        """As it is written first, a label before a value, and the reader's language before the others: a file comes
        from anywhere. Else by letters and digits, where no other choice has the same: “C++” is not “C#”, and “*”
        and “***” are two."""
        labels = self._labels()
        tiers: list[list[tuple[str, Any]]] = [
            labels,
            [(str(value), value) for _label, value in labels],
            list(self.aliases.items()),
        ]
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                tiers.append(self._labels())
        written: dict[str, Any] = {}
        bare: dict[str, Any] = {}
        for tier in tiers:
            alike: dict[str, set[Any]] = {}
            for word, value in tier:
                written.setdefault(word.casefold(), value)
                alike.setdefault(squeezed(word), set()).add(value)
            for key, values in alike.items():
                bare.setdefault(key, next(iter(values)) if key and len(values) == 1 else UNSURE)
        found = {text: written.get(text.casefold(), bare.get(squeezed(text), UNSURE)) for text in texts}
        return {text: value for text, value in found.items() if value is not UNSURE}

    def _labels(self) -> list[tuple[str, Any]]:
        return [(str(label), value) for value, label in self.choices()]

    def options(self, user: Any) -> list[Suggestion]:
        return [Suggestion(value, str(label)) for value, label in self.choices()]


@dataclass
class WordResolver(Resolver):
    """A free word with a customary list: unknown words are kept, those that resemble a known one are asked
    about, the others are new words and right as they are."""

    words: Callable[[], Sequence[str]]
    keeps_text = True

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        words = self.words()
        known = {squeezed(word): word for word in words}
        options = [Suggestion(word, word) for word in words]
        found = {text: known.get(squeezed(text), text) for text in texts}
        return {t: v for t, v in found.items() if squeezed(t) in known or not nearest(t, options)}

    def options(self, user: Any) -> list[Suggestion]:
        return [Suggestion(word, word) for word in self.words()]


@dataclass
class RecordResolver(Resolver):
    """Records in the person's scope, by external id or by name (case and accents don't count).

    `name_field` is compared in lower case, or by its sort key where `sorted_names` says that it holds one.
    External ids are looked up as those of the file's program, but for `bare_ids`, which no program owns.
    """

    model: type[Model]
    name_field: str = "name"
    sorted_names: bool = False
    id_fields: tuple[str, ...] = ()
    label_field: str = "name"
    bare_ids: bool = False

    def _rows(self, user: Any) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        return manager.all() if user is None else manager.visible_to(user)  # type: ignore[no-any-return]

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        wanted = list(texts)
        found: dict[str, Any] = {}
        for name in self.id_fields:
            of_program = name == EXTERNAL_ID and not self.bare_ids
            keys = {qualified(namespace, text) if of_program else text: text for text in wanted}
            rows = self._rows(user).filter(**{f"{name}__in": list(keys)}).values_list(name, "pk")
            found.update((keys[key], pk) for key, pk in rows)
            if of_program:
                found |= self.further(keys, found, user)
        rest = {self._key(text): text for text in wanted if text not in found}
        by_key: dict[str, set[int]] = {}
        expression = self.name_field if self.sorted_names else Lower(self.name_field)
        rows = self._rows(user).annotate(_key=expression) if not self.sorted_names else self._rows(user)
        column = self.name_field if self.sorted_names else "_key"
        for key, pk in rows.filter(**{f"{column}__in": list(rest)}).values_list(column, "pk"):
            by_key.setdefault(key, set()).add(pk)
        for text in wanted:
            ids = by_key.get(self._key(text), set())
            if text not in found and len(ids) == 1:
                found[text] = next(iter(ids))
        return found

    def further(self, keys: Mapping[str, str], found: Mapping[str, Any], user: Any) -> dict[str, Any]:
        """Records that have one of the keys (qualified: as written) beside their own external id."""
        missing = [key for key, text in keys.items() if text not in found]
        ids = further_ids(self.model, missing)
        seen = set(self._rows(user).filter(pk__in=ids.values()).values_list("pk", flat=True)) if ids else ()
        return {keys[key]: pk for key, pk in ids.items() if pk in seen}

    def suggestions(self, text: str, user: Any) -> list[Suggestion]:
        if self._rows(user).order_by()[:LISTED].count() < LISTED:
            return nearest(text, self.options(user))
        key = self._key(text)
        rows = self._rows(user).filter(**{f"{self.name_field}__trigram_similar": key})
        rows = rows.annotate(_near=TrigramSimilarity(self.name_field, key)).order_by("-_near", "pk")
        with _similar_from(LONG_LIKENESS if len(key) >= LONG else SHORT_LIKENESS):
            return nearest(text, self._listed(rows[:20]))

    def options(self, user: Any) -> list[Suggestion]:
        return self._listed(self._rows(user).order_by(self.label_field, "pk")[:LISTED])

    def option(self, text: str, user: Any) -> Any:
        if not text.isdecimal() or not self._rows(user).filter(pk=int(text)).exists():
            raise KeyError(text)
        return int(text)

    def label_of(self, value: Any, user: Any) -> str:
        label = self._rows(user).filter(pk=value).values_list(self.label_field, flat=True).first()
        return str(label or value)

    def _listed(self, rows: QuerySet[Any]) -> list[Suggestion]:
        return [Suggestion(pk, str(label)) for pk, label in rows.values_list("pk", self.label_field)]

    def _key(self, text: str) -> str:
        return sort_key(text, 200) if self.sorted_names else text.strip().lower()
