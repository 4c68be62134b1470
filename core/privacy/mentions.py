"""An erased person's address in the words of others: a saved view's filter, a segment's rule, a job's message.

The columns are read off the models, so that a new one is covered. Rows about people have erasers of their own.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, Field, JSONField, Model, TextField

from core.history.install import OUR_APPS
from core.privacy.erase import erase_history
from core.registries import privacy

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
REPLACEMENT = "erased"
_LIKE_SPECIAL, _ESCAPED = re.compile(r"([%_\\])"), r"\\\1"


def mention_columns() -> dict[type[Model], list["Field[Any, Any]"]]:
    """Every column with words of the models that have no eraser of their own."""
    with_eraser = {source.model for source in privacy.sources()}
    found: dict[type[Model], list[Field[Any, Any]]] = {}
    for model in apps.get_models():
        meta = model._meta
        if meta.app_label not in OUR_APPS or not meta.managed or meta.proxy:
            continue
        if model in with_eraser or meta.label in LEFT_OUT:
            continue
        columns = [one for one in meta.concrete_fields if _holds_words(one)]
        if columns:
            found[model] = columns
    return found


def _holds_words(one: "Field[Any, Any]") -> bool:
    if isinstance(one, ArrayField):
        return isinstance(one.base_field, CharField | TextField)
    return isinstance(one, CharField | TextField | JSONField) and not one.choices


def forget_mentions(values: Sequence[str]) -> int:
    """Replace the addresses and numbers wherever they stand, and take them out of the history; returns how many
    rows named one. Reads each of these tables once."""
    wanted = [value for value in values if len(value) > len(REPLACEMENT)]
    if not wanted:
        return 0
    like = [f"%{_LIKE_SPECIAL.sub(_ESCAPED, value)}%" for value in wanted]
    pattern = "|".join(re.escape(value) for value in wanted)
    count = 0
    for model, columns in mention_columns().items():
        ids = _replace_in(model, columns, like, pattern)
        count += len(ids)
        ids |= _in_history(model, like)
        erase_history(model._meta.label, sorted(ids), [one.attname for one in columns])
    return count


def _replace_in(
    model: type[Model], columns: list["Field[Any, Any]"], like: list[str], pattern: str
) -> set[int]:
    quote, pk = connection.ops.quote_name, model._meta.pk
    assert pk is not None
    sets, conditions, params = [], [], []
    for one in columns:
        column, kind = quote(str(one.column)), one.db_type(connection)
        sets.append(f"{column} = regexp_replace({column}::text, %s, %s, 'gi')::{kind}")
        conditions.append(f"{column}::text ILIKE ANY(%s)")
        params += [pattern, REPLACEMENT]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {', '.join(sets)}"  # noqa: S608 - names of columns
            f" WHERE {' OR '.join(conditions)} RETURNING {quote(str(pk.column))}",
            [*params, *([like] * len(columns))],
        )
        return {row[0] for row in cursor.fetchall()}


def _in_history(model: type[Model], like: list[str]) -> set[int]:
    """Rows that once said it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.object_id FROM history.change c JOIN history.model m ON m.id = c.model_id"
            " WHERE m.label = %s AND c.before::text ILIKE ANY(%s)",
            [model._meta.label, like],
        )
        return {row[0] for row in cursor.fetchall()}
