"""The database's logins, and who owns what.

| role | may |
|---|---|
| `crm_owner` | log in; owns the database, the schema and its tables; runs migrations |
| `crm_app` | log in; reads and writes rows; owns nothing, so it can neither truncate nor alter a table |
| `crm_history` | not log in; owns the change history and its functions |

`crm_owner` is a member of `crm_history`, so that a migration can hand objects over; `crm_app` is not.

`python -m local.roles` sets this up on a server of your own: it reads `SUPERUSER_DATABASE_URL`, and the names
and passwords to set from `DATABASE_URL` and `MIGRATION_DATABASE_URL`.
"""

import os
import sys

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from local.instance import DatabaseAddress, parse_database_url

OWNER = "crm_owner"
APP = "crm_app"
HISTORY = "crm_history"
EXTENSIONS = ("pg_trgm", "unaccent", "citext", "btree_gin", "pg_stat_statements")


def connect(url: str, database: str | None = None) -> "psycopg2.extensions.connection":
    """An autocommit connection to `url`, or to another database of the same server."""
    address: DatabaseAddress = parse_database_url(url)
    connection = psycopg2.connect(
        host=address.host or None,
        port=address.port,
        user=address.user or None,
        password=address.password or None,
        dbname=database or address.name,
    )
    connection.autocommit = True
    return connection


def ensure_roles(superuser_url: str, owner_password: str, app_password: str) -> None:
    """Make the three roles, or set their passwords and memberships again; safe to repeat."""
    with connect(superuser_url) as connection, connection.cursor() as cursor:
        _ensure_role(cursor, HISTORY, "NOLOGIN")
        _ensure_role(cursor, OWNER, "LOGIN", owner_password)
        _ensure_role(cursor, APP, "LOGIN", app_password)
        cursor.execute(_named("GRANT {history} TO {owner} WITH INHERIT TRUE, SET TRUE"))
    connection.close()


def ensure_database(superuser_url: str, name: str) -> None:
    """Make the database with its extensions, owner and grants, or grant again; safe to repeat."""
    connection = connect(superuser_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(_named("CREATE DATABASE {database} OWNER {owner}", name))
        cursor.execute(_named("REVOKE ALL ON DATABASE {database} FROM PUBLIC", name))
        cursor.execute(_named("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}", name))
    connection.close()
    connection = connect(superuser_url, name)
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
            )
        for statement in _SCHEMA_GRANTS:
            cursor.execute(_named(statement))
    connection.close()


_SCHEMA_GRANTS = (
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    # an object's new owner must be allowed to create in its schema
    "GRANT USAGE, CREATE ON SCHEMA public TO {history}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def _named(statement: str, database: str = "") -> sql.Composed:
    return sql.SQL(statement).format(
        owner=sql.Identifier(OWNER),
        app=sql.Identifier(APP),
        history=sql.Identifier(HISTORY),
        database=sql.Identifier(database or "postgres"),
    )


def _ensure_role(cursor: Cursor, name: str, login: str, password: str | None = None) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = sql.SQL(f"{verb} ROLE {{}} {login}").format(sql.Identifier(name))
    if password is not None:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    cursor.execute(statement)


def main() -> int:
    """Returns 0 when the server is prepared, 1 with a sentence when a variable is missing or does not fit."""
    superuser_url = os.environ.get("SUPERUSER_DATABASE_URL", "")
    app = parse_database_url(os.environ.get("DATABASE_URL", "postgresql:///"))
    owner = parse_database_url(os.environ.get("MIGRATION_DATABASE_URL", "postgresql:///"))
    if not superuser_url or (app.user, owner.user) != (APP, OWNER) or not app.name or app.name != owner.name:
        print(
            f"Set SUPERUSER_DATABASE_URL, DATABASE_URL with the login {APP} and MIGRATION_DATABASE_URL "
            f"with the login {OWNER}, both on the same database.",
            file=sys.stderr,
        )
        return 1
    try:
        ensure_roles(superuser_url, owner.password, app.password)
        ensure_database(superuser_url, app.name)
    except psycopg2.Error as error:
        print(f"The server refused: {error}".strip(), file=sys.stderr)
        return 1
    print(f"the database {app.name} is ready for its migrations")
    return 0


if __name__ == "__main__":
    sys.exit(main())
