"""Indexes on demand: what a flagged field needs, made CONCURRENTLY by the login that owns the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection
from django.db.models import F, Index, Q

from core.custom_fields.definition import Definition, definition_of
from core.custom_fields.expressions import expression, is_sortable, listed_values, searched
from core.custom_fields.searching import SEARCHED
from core.enums import CustomIndexState, CustomKind
from core.models import CustomField
from core.registries import custom_fields as hosts

LIVE = Q(deleted_at__isnull=True)
LOCK_TIMEOUT = "5s"


def can_be_indexed(definition: Definition) -> bool:
    return is_sortable(definition) or definition.value_kind in (CustomKind.MULTI, CustomKind.LINK)


def wanted_indexes(definition: Definition) -> list[Index]:
    """The indexes that the field's flags ask for."""
    host = hosts.get(definition.record_type)
    found: list[Index] = []
    if host is None:
        return found
    if definition.indexed and definition.value_kind == CustomKind.MULTI:
        found.append(GinIndex(listed_values(definition), name=_name(definition, "in"), condition=LIVE))
    elif definition.indexed and can_be_indexed(definition):
        order = [F(name) for name in (*host.order, "id")]
        found.append(Index(expression(definition), *order, name=_name(definition, "sort"), condition=LIVE))
    if definition.searchable and definition.value_kind in SEARCHED:
        words = OpClass(searched(definition), name="gin_trgm_ops")
        found.append(GinIndex(words, name=_name(definition, "trgm"), condition=LIVE))
    return found


def _name(definition: Definition, use: str) -> str:
    return f"cf_{definition.id}_{definition.value_kind}_{use}"


class NotOwner(Exception):
    """This process has no login that may make indexes; the text says what to run."""


def renew_indexes(field_id: int) -> str:
    """Make the field's indexes be those that it wants, and say so on its row. Safe to repeat. Blocks no
    writer: CONCURRENTLY, and what was half made before is dropped. Raises NotOwner."""
    row = CustomField.objects.get(pk=field_id)
    definition = definition_of(row)
    host = hosts.get(row.record_type)
    wanted = wanted_indexes(definition) if row.archived_at is None and host is not None else []
    names = {index.name for index in wanted}
    with _owner() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relname LIKE %s",
            [f"cf\\_{field_id}\\_%"],
        )
        there = dict(cursor.fetchall())
        for name, valid in there.items():
            if name not in names or not valid:
                # a name of ours, `cf_<id>_…`, as the catalogue has it; a name can't be a parameter
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        missing = [index for index in wanted if not there.get(index.name)]
        for index in missing:
            assert host is not None  # nothing is wanted of a type that is not there
            cursor.execute(_statement(host.model, index))
        if missing and host is not None:
            # the table's name is the model's own
            cursor.execute(f'ANALYZE "{host.model._meta.db_table}"')
    state = CustomIndexState.READY if wanted else ""
    _say(field_id, state)
    return state


def _statement(model: Any, index: Index) -> str:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.add_index(model, index, concurrently=True)  # type: ignore[call-arg]
    return "".join(line for line in editor.collected_sql if not line.startswith("--"))


def _say(field_id: int, state: str) -> None:
    from django.db.models import F as Column
    from django.utils import timezone

    CustomField.objects.filter(pk=field_id).update(
        index_state=state, version=Column("version") + 1, updated_at=timezone.now()
    )


@contextmanager
def _owner() -> Iterator[Any]:
    """A cursor of the tables' owner, outside of any transaction."""
    url = settings.CONNECTIONS.migration_database_url or settings.CONNECTIONS.database_url
    try:
        link = psycopg2.connect(url)
    except psycopg2.OperationalError as error:
        raise NotOwner(NOT_OWNER) from error
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            yield cursor
    except psycopg2.errors.InsufficientPrivilege as error:
        raise NotOwner(NOT_OWNER) from error
    finally:
        link.close()


NOT_OWNER = "Run “manage.py build_custom_indexes” where MIGRATION_DATABASE_URL is set: this process may not."
