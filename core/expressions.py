"""Pieces of SQL that the ORM has no words for."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull


class Among(Func):
    """`key = ANY(array)`: thousands of ids as one parameter. Beside an OR they are still looked up by index, which
    `key IN (SELECT …)` is not, and where rows are tested one by one, by hash."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()
    conditional = True

    def __init__(self, key: str, ids: Sequence[int]) -> None:
        super().__init__(F(key), Value(list(ids), output_field=ArrayField(BigIntegerField())))


def asked_of_each(rows: QuerySet[Any]) -> Q:
    """That the correlated `rows` hold one, looked up for each row that is met. `Exists` beside an OR is planned as if
    the whole table were read, whatever the limit: all that could match are hashed for a page of fifty."""
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))
