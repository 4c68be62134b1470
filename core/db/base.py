"""Django's PostgreSQL backend, stamping each transaction with the acting person and the cause.

The stamp is transaction-local (`set_config(…, true)`): a session-level one would outlive COMMIT and
put the next request's writes under the last one's name.
"""

from django.db.backends.postgresql import base

from core.history import context


class DatabaseWrapper(base.DatabaseWrapper):
    """Stamps at BEGIN; outside a transaction nothing is stamped and history calls the cause unknown."""

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        acting = context.current()
        if not autocommit and acting is not None:
            self.stamp(acting)

    def stamp(self, acting: context.Acting) -> None:
        """Write `acting` into the running transaction; a new changeset begins with the next write."""
        with self.wrap_database_errors, self.create_cursor() as cursor:
            cursor.execute(context.STAMP_SQL, acting.parameters())
