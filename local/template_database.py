"""Databases for tests: migrated once into a template, cloned for each process, wiped between tests.

The template is named by a fingerprint of everything that shapes it, so it is made again exactly when that
changes. Rows that migrations and `post_migrate` put there (roles, permissions, content types) are the baseline:
they are copied to a schema of their own, and a wipe brings them back.
"""

import os
import subprocess
import sys
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from local import roles
from local.errors import StartError
from local.fingerprints import schema_fingerprint
from local.instance import PROJECT_ROOT
from local.testing import Lease, locked

Table = tuple[str, str]  # schema and name
_PREFIX = "crm_template_"
_DEAD_ROWS = 500


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
            cursor.execute(
                sql.SQL("CREATE TABLE baseline.{} AS TABLE {}").format(
                    sql.Identifier(".".join(table)), sql.Identifier(*table)
                )
            )
    connection.close()


def _tables(connection: Connection) -> list[Table]:
    """Every table of ours, the history's included, partitions through their parent; not the migrations' own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'baseline') "
            "AND NOT starts_with(nspname, 'pg_temp') AND NOT starts_with(nspname, 'pg_toast_temp') "
            "AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'django_migrations' ORDER BY 1, 2"
        )
        return cursor.fetchall()


def _filled(connection: Connection, tables: list[Table]) -> list[Table]:
    if not tables:
        return []
    probes = [
        sql.SQL("SELECT {}, {} WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(table[0]), sql.Literal(table[1]), sql.Identifier(*table)
        )
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(probes))
        return cursor.fetchall()


class Wiper:
    """Empties a test database down to its baseline, change history included, over a superuser's connection.

    Needed by tests that commit: the application's login may neither truncate nor touch the history.
    """

    def __init__(self, superuser_url: str, database: str) -> None:
        self._connection = roles.connect(superuser_url, database)
        with self._connection.cursor() as cursor:
            # triggers and foreign keys are off for this connection: order is free, nothing is recorded
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET lock_timeout = '20s'")
        self._restore = [self._restoring(*table) for table in self._baseline()]

    def wipe(self) -> None:
        """Delete every row and bring the baseline back; sequences go on, so ids never repeat."""
        # deleting a test's few rows is quicker than truncating a hundred files
        deletes = [
            sql.SQL("DELETE FROM {};").format(sql.Identifier(*table))
            for table in _filled(self._connection, _tables(self._connection))
        ]
        with self._connection.cursor() as cursor:
            cursor.execute(sql.SQL("BEGIN; {} COMMIT").format(sql.SQL(" ").join([*deletes, *self._restore])))

    def tidy(self) -> None:
        """Vacuum the tables in which many dead rows stand: those of tests rolled back, and those wiped.

        Autovacuum is off, so that a table is as tidy in each run; without this a session's last tests would read
        through what all others left behind.
        """
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT schemaname, relname FROM pg_stat_all_tables "
                "WHERE n_dead_tup > %s AND schemaname <> 'pg_toast'",
                [_DEAD_ROWS],
            )
            for table in cursor.fetchall():
                cursor.execute(
                    sql.SQL("VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON, TRUNCATE ON) {}").format(
                        sql.Identifier(*table)
                    )
                )

    def close(self) -> None:
        self._connection.close()

    def _baseline(self) -> list[Table]:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'baseline' ORDER BY 1")
            names = [name.partition(".") for (name,) in cursor.fetchall()]
        return [(schema, table) for schema, _, table in names]

    def _restoring(self, schema: str, table: str) -> sql.Composed:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
                [sql.Identifier(schema, table).as_string(self._connection)],
            )
            columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
        return sql.SQL("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM baseline.{2};").format(
            sql.Identifier(schema, table), columns, sql.Identifier(f"{schema}.{table}")
        )
