"""Many rows in one statement: COPY for new ones, one UPDATE for changed ones. Triggers see them all.

Only for services that write imports: nothing is validated here but what the database checks itself.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import repeat
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def next_ids(model: type[Model], count: int) -> list[int]:
    """`count` fresh keys of the model's table, to know them before the rows are written."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [number for (number,) in cursor.fetchall()]


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows by COPY; `columns` are column names. Columns not named need a default in the database."""
    found = list(rows)
    if found:
        texts = [column_texts(values) for values in zip(*found, strict=True)]
        buffer = StringIO("".join([f"{line}\n" for line in map("\t".join, zip(*texts, strict=True))]))
        quote = connection.ops.quote_name
        names = ", ".join(quote(name) for name in columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", buffer)
    return len(found)


def column_texts(values: Sequence[Any]) -> Iterable[str]:
    """A column as COPY writes it. Most columns of a chunk hold one and the same value: it is written once."""
    if len(set(map(id, values))) == 1:
        return repeat(copy_text(values[0]), len(values))
    return map(copy_text, values)


def copy_text(value: Any) -> str:
    """A value as COPY's text format writes it."""
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    return str(value)


def update_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Set `columns` of the rows whose first value is their id, in one statement; returns the ids that
    really changed. Moves `updated_at` and `version` where the model has them."""
    records = [dict(zip(("id", *columns), row, strict=True)) for row in rows]
    if not records:
        return []
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    here = ", ".join(f"t.{quote(name)}" for name in columns)
    there = ", ".join(f"r.{quote(name)}" for name in columns)
    own = {field.name for field in model._meta.fields}
    extra = (", updated_at = now()" if "updated_at" in own else "") + (
        ", version = t.version + 1" if "version" in own else ""
    )
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET ({names}) = ROW({there}){extra}"
            f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r"
            f" WHERE t.id = r.id AND ({here}) IS DISTINCT FROM ({there}) RETURNING t.id",
            [json.dumps(records, default=_plain)],
        )
        return [pk for (pk,) in cursor.fetchall()]


def update_values(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of the rows whose first value is their id, in one statement, as machinery does: nobody has edited
    the records, so their version and `updated_at` stay."""
    records = [dict(zip(("id", *columns), row, strict=True)) for row in rows]
    if not records:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    changes = ", ".join(f"{quote(name)} = r.{quote(name)}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {changes}"
            f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r WHERE t.id = r.id",
            [json.dumps(records, default=_plain)],
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return DjangoJSONEncoder().default(value)
