"""Databases for tests: migrated once into a template, cloned for each process, wiped between tests.

The template is named by a fingerprint of everything that shapes it, so it is made again exactly when that
changes. Rows that migrations and `post_migrate` put there (roles, permissions, content types) are the baseline:
they are copied to a schema of their own, and a wipe brings them back.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from local import roles
from local.errors import StartError
from local.fingerprints import schema_fingerprint
from local.instance import PROJECT_ROOT
from local.testing import Lease, locked

_PREFIX = "crm_template_"


def make_test_database(lease: Lease, directory: Path) -> None:
    """Put a fresh clone of the template in the place of the lease's own database. Raises StartError."""
    template = _PREFIX + schema_fingerprint()
    with locked(directory / "template.lock"):
        server = roles.connect(lease.superuser_url)
        if not _exists(server, template):
            _make_template(lease, server, template)
        with server.cursor() as cursor:
            _drop(server, lease.database)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(lease.database), sql.Identifier(template), sql.Identifier(roles.OWNER)
                )
            )
        server.close()


def _make_template(lease: Lease, server: Connection, template: str) -> None:
    building = "crm_template_building"
    with server.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
        outdated = [name for (name,) in cursor.fetchall()]
    for name in outdated:
        _drop(server, name)
    roles.ensure_database(lease.superuser_url, building)
    owner_url = lease.owner_url(building)
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DATABASE_URL": owner_url, "MIGRATION_DATABASE_URL": owner_url},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise StartError(f"The migrations failed:\n{result.stderr[-6000:]}")
    _keep_baseline(lease, building)
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(building), sql.Identifier(template)
            )
        )


def _exists(server: Connection, name: str) -> bool:
    with server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _drop(server: Connection, name: str) -> None:
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _keep_baseline(lease: Lease, database: str) -> None:
    connection = roles.connect(lease.superuser_url, database)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA baseline")
        for table in _filled(connection, _tables(connection)):
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("CREATE TABLE baseline.{} AS TABLE public.{}").format(name, name))
    connection.close()


def _tables(connection: Connection) -> list[str]:
    """Every table of the schema public by name, partitions through their parent, without the migrations' own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'django_migrations' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _filled(connection: Connection, tables: list[str]) -> list[str]:
    if not tables:
        return []
    probes = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(
            sql.Literal(table), sql.Identifier(table)
        )
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(probes))
        return [name for (name,) in cursor.fetchall()]


class Wiper:
    """Empties a test database down to its baseline, change history included, over a superuser's connection.

    Needed by tests that commit: the application's login may neither truncate nor touch the history.
    """

    def __init__(self, superuser_url: str, database: str) -> None:
        self._connection = roles.connect(superuser_url, database)
        with self._connection.cursor() as cursor:
            # triggers and foreign keys are off for this connection: order does not matter, nothing is recorded
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET lock_timeout = '20s'")
            cursor.execute(
                "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)::text[] FROM pg_class c "
                "JOIN pg_class p ON p.relname = c.relname AND p.relnamespace = 'public'::regnamespace "
                "JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped "
                "AND a.attgenerated = '' "
                "WHERE c.relnamespace = 'baseline'::regnamespace AND c.relkind = 'r' GROUP BY 1"
            )
            self._baseline: dict[str, list[str]] = dict(cursor.fetchall())

    def wipe(self) -> None:
        """Delete every row and bring the baseline back; sequences go on, so ids never repeat."""
        with self._connection.cursor() as cursor:
            statements = list(self._statements())
            if statements:
                cursor.execute(sql.SQL("BEGIN; {} COMMIT").format(sql.SQL(" ").join(statements)))

    def _statements(self) -> Iterator[sql.Composed]:
        # deleting a test's few rows is quicker than truncating a hundred files
        for table in _filled(self._connection, _tables(self._connection)):
            yield sql.SQL("DELETE FROM public.{};").format(sql.Identifier(table))
        for table, columns in self._baseline.items():
            yield sql.SQL(
                "INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM baseline.{0};"
            ).format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))

    def close(self) -> None:
        self._connection.close()
