"""Who acts, and why: carried by the thread of work, stamped on every transaction (`core.db`)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError, connection

STAMP_SQL = (
    "SELECT set_config('crm.actor', %s, true), set_config('crm.cause', %s, true),"
    " set_config('crm.request', %s, true), set_config('crm.changeset', '', true)"
)


@dataclass(frozen=True)
class Acting:
    """The person (None for the system), the cause (`page`, `api:7`, `import:12`…) and the request's id."""

    actor_id: int | None
    cause: str
    request_id: str = ""

    def parameters(self) -> tuple[str, str, str]:
        return (str(self.actor_id or ""), self.cause, self.request_id)


BULK_REQUEST = "job:"
"""How the request's id of a bulk job begins: what it writes can be undone as a whole, like a page's request."""
NOBODY = Acting(actor_id=None, cause="")
_current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting | None:
    """What `acting()` said last in this thread of work, or None."""
    return _current.get()


@contextmanager
def acting(actor: Any = None, *, cause: str | None = None, request_id: str | None = None) -> Iterator[Acting]:
    """Within the block every write is recorded under `actor` (a User, an id or None: the system).

    What is not given is taken from the enclosing block. Works inside and outside a transaction.
    """
    before = _current.get()
    base = before or NOBODY
    mine = replace(
        base,
        actor_id=getattr(actor, "pk", actor),
        cause=base.cause if cause is None else cause,
        request_id=base.request_id if request_id is None else request_id,
    )
    token = _current.set(mine)
    _stamp_running_transaction(mine, before)
    try:
        yield mine
    except BaseException:
        _current.reset(token)
        # a statement that failed has ended the transaction: its own error is the one to tell
        with suppress(DatabaseError):
            _stamp_running_transaction(before or NOBODY, mine)
        raise
    _current.reset(token)
    _stamp_running_transaction(before or NOBODY, mine)


def _stamp_running_transaction(acting: Acting, before: Acting | None) -> None:
    usable = connection.in_atomic_block and not connection.needs_rollback
    if usable and connection.connection is not None and acting != before:
        connection.stamp(acting)  # type: ignore[attr-defined]
