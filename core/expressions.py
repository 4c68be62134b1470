"""Pieces of SQL that the ORM has no words for."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


class AmongFound(Func):
    """`key = ANY(ARRAY(SELECT …))`: the subquery runs once, before the rest, and its result may be looked up by
    index. `key IN (SELECT …)` beside an OR makes PostgreSQL read every row of the outer table."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()
    conditional = True

    def __init__(self, key: str, found: QuerySet[Any]) -> None:
        super().__init__(F(key), ArraySubquery(found))
