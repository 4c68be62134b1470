"""One «now» for a whole tree: what builds a condition asks here instead of the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db.models import DateTimeField, F, Func, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def at_moment(now: datetime) -> Iterator[None]:
    token = _moment.set(now)
    try:
        yield
    finally:
        _moment.reset(token)


def current_moment() -> datetime:
    """The moment that the running compilation is for; the clock outside of one."""
    return _moment.get() or timezone.now()


def start_of_day(day: str | Combinable) -> Combinable:
    """When a day (a date's path or expression) begins in the installation's zone, for `Criterion.turns`."""
    begun = Func(F(day) if isinstance(day, str) else day, template="((%(expressions)s)::timestamp)")
    zone = Value(timezone.get_default_timezone_name())
    return Func(zone, begun, function="timezone", output_field=DateTimeField())
