"""An erased person's address, number or name in the words of others: a saved view's filter, a segment's rule, a
job's message.

The columns are read off the models, so that a new one is covered. Rows about people have erasers of their own; what
else of such a model is searched as well, an app says (`search_also`).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Field, JSONField, Model, TextField

from core.history.install import OUR_APPS
from core.privacy.erase import erase_history
from core.registries import privacy
from core.text import sort_key

LEFT_OUT = {
    "core.User": "an account of a colleague, who may have been a contact as well",
    "core.ApiToken": "digests and names of colleagues' tokens",
    "core.HandledEvent": "names of handlers",
    "core.TrackedModel": "names of models",
    "core.ChangeSet": "not editable; causes and request ids",
    "core.Change": "erased through the rows that it is about",
    "contacts.Erasure": "digests without a word about the person",
    "contacts.Place": "the gazetteer",
}
NAMES_OF_THEIR_OWN = {
    "contacts.Company": "a firm may be called like a person, and is not that person",
    "sales.Product": "goods are called after people who never bought them",
    "core.Tag": "a word for many records",
    "core.Team": "a team of colleagues",
}
REPLACEMENT = "erased"
Columns = list["Field[Any, Any]"]
_also: dict[str, tuple[str, ...]] = {}
# what people and addresses of pages put between the parts of a number, and between the words of a name
_BETWEEN_DIGITS = r"([ ()./+-]|%20|%28|%29|%2F)*"
_BETWEEN_WORDS = r"(\s|[+]|%20)+"
_NUMBER = re.compile(r"\+[0-9]{7,}\Z")


def search_also(model: type[Model], *fields: str) -> None:
    """These columns of a model with an eraser of its own are searched too: rows about others may name the person."""
    _also[model._meta.label] = fields


def mention_columns() -> dict[type[Model], Columns]:
    """Every column with words of the models that have no eraser of their own, and what `search_also` named."""
    with_eraser = {source.model for source in privacy.sources()}
    found: dict[type[Model], Columns] = {}
    for model in apps.get_models():
        meta = model._meta
        if meta.app_label not in OUR_APPS or not meta.managed or meta.proxy or meta.label in LEFT_OUT:
            continue
        if meta.label in _also:
            found[model] = [meta.get_field(name) for name in _also[meta.label]]  # type: ignore[misc]
            continue
        columns = [one for one in meta.concrete_fields if _holds_words(one)]
        if columns and model not in with_eraser:
            found[model] = columns
    return found


def _holds_words(one: "Field[Any, Any]") -> bool:
    if isinstance(one, ArrayField):
        return isinstance(one.base_field, CharField | TextField)
    return isinstance(one, CharField | TextField | JSONField) and not one.choices


def forget_mentions(values: Sequence[str], names: Sequence[str] = ()) -> int:
    """Replace addresses and numbers wherever they stand, as people and addresses of pages write them, and full names
    where they can't be another's; take them out of the history too. Returns how many rows named one. Reads each of
    these tables once."""
    reach, named = patterns_of(values), patterns_of((), names)
    count = 0
    for model, columns in mention_columns().items() if reach or named else ():
        patterns = reach if model._meta.label in NAMES_OF_THEIR_OWN else reach + named
        if patterns:
            count += _forget_in(model, columns, "|".join(patterns))
    return count


def patterns_of(values: Sequence[str], names: Sequence[str] = ()) -> list[str]:
    """Patterns of PostgreSQL (case aside) of addresses and numbers however they are written, and of full names."""
    reach = [_written(value) for value in values if len(value) > len(REPLACEMENT)]
    # a column to sort by holds the name without its accents
    spellings = dict.fromkeys(spelt for name in names for spelt in (name, sort_key(name)))
    return reach + [_name_written(name) for name in spellings]


def _written(value: str) -> str:
    if not _NUMBER.match(value):
        return "|".join(dict.fromkeys([re.escape(value), re.escape(quote(value, safe=""))]))
    digits = _BETWEEN_DIGITS.join(value[1:][-9:])
    before = (
        rf"([+(]|%2B|%28)*([0-9]{{1,4}}{_BETWEEN_DIGITS}){{0,3}}"  # the country, “(0)”, what the nine leave
    )
    return rf"(?<![0-9]){before}{digits}(?![0-9])"


def _name_written(name: str) -> str:
    words = ("|".join(dict.fromkeys([re.escape(word), re.escape(quote(word))])) for word in name.split())
    return rf"\y{_BETWEEN_WORDS.join(f'({word})' for word in words)}\y"


def _forget_in(model: type[Model], columns: Columns, pattern: str) -> int:
    ids = _rows_with(model, columns, pattern)
    texts = [one for one in columns if not isinstance(one, JSONField)]
    if ids and texts:
        _replace_texts(model, texts, pattern, ids)
    for one in columns:
        if ids and isinstance(one, JSONField):
            _replace_json(model, one, pattern, ids)
    erase_history(
        model._meta.label, sorted({*ids, *_in_history(model, pattern)}), [one.attname for one in columns]
    )
    return len(ids)


def _rows_with(model: type[Model], columns: Columns, pattern: str) -> list[int]:
    quoted = connection.ops.quote_name
    conditions = " OR ".join(f"{quoted(str(one.column))}::text ~* %s" for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_key(model)} FROM {quoted(model._meta.db_table)} WHERE {conditions}",  # noqa: S608 - names
            [pattern] * len(columns),
        )
        return [row[0] for row in cursor.fetchall()]


def _replace_texts(model: type[Model], columns: Columns, pattern: str, ids: list[int]) -> None:
    """Two rows that may not have the same words, and would have now, are kept apart by their numbers."""
    try:
        with transaction.atomic():
            _write_texts(model, columns, pattern, ids, "%s")
    except IntegrityError:
        _write_texts(model, columns, pattern, ids, f"%s || ' ' || {_key(model)}")


def _write_texts(model: type[Model], columns: Columns, pattern: str, ids: list[int], words: str) -> None:
    quoted = connection.ops.quote_name
    sets, params = [], []
    for one in columns:
        column = quoted(str(one.column))
        sets.append(
            f"{column} = regexp_replace({column}::text, %s, {words}, 'gi')::{one.db_type(connection)}"
        )
        params += [pattern, REPLACEMENT]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(model._meta.db_table)} SET {', '.join(sets)}"  # noqa: S608 - names of columns
            f" WHERE {_key(model)} = ANY(%s)",
            [*params, ids],
        )


def _replace_json(model: type[Model], column: "Field[Any, Any]", pattern: str, ids: list[int]) -> None:
    """In the strings alone: a number within a document is a key or a sum, and stays one."""
    # Python's word for the edge of a word is another than PostgreSQL's
    found = re.compile(pattern.replace(r"\y", r"\b"), re.IGNORECASE)
    for pk, value in model._base_manager.filter(pk__in=ids).values_list("pk", column.attname):
        cleaned = _in_strings(value, lambda text: found.sub(REPLACEMENT, text))
        if cleaned != value:
            model._base_manager.filter(pk=pk).update(**{column.attname: cleaned})


def _in_strings(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_in_strings(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): _in_strings(one, change) for key, one in value.items()}
    return value


def _in_history(model: type[Model], pattern: str) -> set[int]:
    """Rows that once said it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.object_id FROM history.change c JOIN history.model m ON m.id = c.model_id"
            " WHERE m.label = %s AND c.before::text ~* %s",
            [model._meta.label, pattern],
        )
        return {row[0] for row in cursor.fetchall()}


def _key(model: type[Model]) -> str:
    assert model._meta.pk is not None
    return connection.ops.quote_name(str(model._meta.pk.column))
