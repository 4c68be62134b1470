"""Indexes on demand: made by a job without blocking, used by the filter and the order, dropped again."""

import pytest
from django.db import connection

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.custom_fields.cache import definitions_for
from core.custom_fields.expressions import condition, expression
from core.custom_fields.indexing import renew_indexes
from core.models import CustomField
from core.services.custom_fields import archive_custom_field, create_custom_field

pytestmark = pytest.mark.django_db(transaction=True)


def plan(sql_rows: object) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        sql, parameters = sql_rows.query.sql_with_params()  # type: ignore[attr-defined]
        cursor.execute(f"EXPLAIN {sql}", parameters)
        found = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    return found


def index_names(field_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indisvalid AND c.relname LIKE %s",
            [f"cf\\_{field_id}\\_%"],
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("kind", "op", "value", "use"),
    [("text", "is", "gold", "sort"), ("number", "gte", 3, "sort"), ("multi", "in", ["gold"], "in")],
)
def test_flagged_field_is_filtered_and_sorted_by_its_index(
    kind: str, op: str, value: object, use: str
) -> None:
    options = {"options": ["Gold", "Tin"]} if kind == "multi" else {}
    field = create_custom_field(
        actor=None, record_type="contact", label="Plan", kind=kind, indexed=True,
        searchable=kind == "text", **options,
    )  # fmt: skip
    try:
        make_contact("Ada", custom={"plan": {"text": "Gold", "number": 5, "multi": ["gold"]}[kind]})
        assert renew_indexes(field.pk) == "ready"
        definition = definitions_for("contact")["plan"]
        assert definition.index_ready
        name = f"cf_{field.pk}_{kind}_{use}"
        if kind == "multi":  # of a handful of rows no plan takes a GIN index
            assert name in index_names(field.pk)
        else:
            assert name in plan(Contact.objects.filter(condition(definition, op, value)).order_by())
        if use == "sort":
            rows = Contact.objects.annotate(s=expression(definition)).order_by("s", "sort_name", "pk")
            assert name in plan(rows[:50])
        if kind == "text":
            found = Contact.objects.filter(condition(definition, "contains", "gol")).order_by()
            assert f"cf_{field.pk}_text_trgm" in plan(found) or name in plan(found)
    finally:
        archive_custom_field(actor=None, field=CustomField.objects.get(pk=field.pk))
        renew_indexes(field.pk)
    assert index_names(field.pk) == []
