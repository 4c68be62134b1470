"""What the planner knows of the tables, after much was loaded at once."""

from django.db import connection


def analyze(table: str | None = None) -> None:
    """Have PostgreSQL look at one table or at all of them, also within the transaction that fills them.

    The application's login owns no table and its own ANALYZE would be passed over with a warning; a function of
    the owner does it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_analyze(%s::regclass)", [table])
