"""What the runner must know of a database before it starts the application on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import sql

from local import roles
from local.fingerprints import schema_fingerprint


def has_rows(url: str, table: str, email: str = "") -> bool:
    """Whether the table is there with a row in it, or with one of that e-mail address."""
    with _query(url) as scalar:
        if not scalar("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]):
            return False
        statement = sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(sql.Identifier(table))
        if email:
            statement = sql.SQL("SELECT EXISTS (SELECT FROM public.{} WHERE email = %s)").format(
                sql.Identifier(table)
            )
        return bool(scalar(statement, [email] if email else []))


def migrated_stamp(url: str) -> str:
    """Names this code and the migrations this very database has had; empty before its first.

    The same stamp as after the last `migrate` means that another would do nothing, also when a backup was
    restored in between.
    """
    with _query(url) as scalar:
        if not scalar("SELECT to_regclass('public.django_migrations') IS NOT NULL", []):
            return ""
        applied = scalar(
            "SELECT md5(string_agg(app || '.' || name, ' ' ORDER BY id)) FROM django_migrations", []
        )
    return f"{schema_fingerprint()} {applied}" if applied else ""


@contextmanager
def _query(url: str) -> Iterator[Any]:
    connection = roles.connect(url)
    with connection.cursor() as cursor:

        def scalar(statement: str | sql.Composed, parameters: list[str]) -> Any:
            cursor.execute(statement, parameters)
            row = cursor.fetchone()
            return row[0] if row else None

        yield scalar
    connection.close()
