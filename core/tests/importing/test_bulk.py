"""Rows by COPY and thousands of keys as one parameter."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.expressions import Among
from core.importing.bulk import column_texts, copy_rows
from core.models import Tag

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
NAMES = ["back\\slash", "\\N", "tab\tand\nlines\r", "ü 東京", "plain"]


def test_copied_rows_are_what_was_given_whether_a_column_is_all_alike_or_not() -> None:
    columns = ("created_at", "updated_at", "name", "colour")
    assert copy_rows(Tag, columns, ((NOW, NOW, name, 3) for name in NAMES)) == len(NAMES)
    assert list(Tag.objects.order_by("pk").values_list("name", "colour", "created_at")) == [
        (name, 3, NOW) for name in NAMES
    ]
    assert copy_rows(Tag, columns, []) == 0


def test_values_that_are_equal_but_not_the_same_are_each_written_as_they_are() -> None:
    rows = [(1, None, Decimal("1.0")), (True, None, Decimal("1.00"))]
    assert [list(column_texts(values)) for values in zip(*rows, strict=True)] == [
        ["1", "t"], ["\\N", "\\N"], ["1.0", "1.00"],
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["pk", "external_id"])
def test_among_finds_what_in_finds(key: str) -> None:
    people = [make_contact(external_id=name) for name in ("a'b", "x\\y", "{1,2}", "")]
    for some in ([], people[:1], people[1:], people):
        values = [getattr(person, key) for person in some]
        wanted = set(Contact.objects.filter(**{f"{key}__in": values}))
        assert set(Contact.objects.filter(Among(key, values))) == wanted
