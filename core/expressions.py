"""Pieces of SQL that the ORM has no words for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, Subquery, TextField, Value
from django.db.models.lookups import IsNull


class Among(Func):
    """`key = ANY(array)`: thousands of ids or texts as one parameter, where `__in` prepares and compiles each one of
    them. Beside an OR they are still looked up by index, which `key IN (SELECT …)` is not, and where rows are tested
    one by one, by hash. The values are sent as they are: whole numbers, or texts for a key that is text."""

    arg_joiner = " = ANY("
    output_field = BooleanField()
    conditional = True

    def __init__(self, key: str, values: Iterable[int] | Iterable[str]) -> None:
        super().__init__(F(key), Value(list(values)))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        key = self.get_source_expressions()[0]
        kind = "text" if isinstance(key.output_field, CharField | TextField) else "bigint"
        return super().as_sql(compiler, connection, None, f"%(expressions)s::{kind}[])", **context)


def asked_of_each(rows: QuerySet[Any]) -> Q:
    """That the correlated `rows` hold one, looked up for each row that is met. `Exists` beside an OR is planned as if
    the whole table were read, whatever the limit: all that could match are hashed for a page of fifty."""
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))
