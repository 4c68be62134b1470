"""Keyset pages: forward, backward, from the end, over ties, at one query each."""

from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from core import paging
from core.paging import BadCursor, count_of, keyset_page, listing

pytestmark = pytest.mark.django_db


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=23),
    descending=st.booleans(),
    size=st.integers(1, 7),
    backwards=st.booleans(),
    find_all=st.booleans(),
)
def test_pages_put_together_are_the_list(
    db: None, names: list[str], descending: bool, size: int, backwards: bool, find_all: bool
) -> None:
    Contact.objects.all().delete()
    Contact.objects.bulk_create([Contact(sort_name=name) for name in names])
    order = ["-sort_name", "-pk"] if descending else ["sort_name", "pk"]
    expected = list(Contact.objects.order_by(*order).values_list("pk", flat=True))
    pages, cursor = [], ""
    while True:
        page = keyset_page(
            Contact.objects.all(),
            ("sort_name", "pk"),
            descending=descending,
            cursor=cursor,
            backwards=backwards,
            size=size,
            find_all=find_all,
        )
        pages.append(page.ids)
        assert page.total == (len(names) if find_all and not cursor else None)
        step = page.previous if backwards else page.next
        if step is None:
            break
        cursor = step
    together = [pk for ids in (reversed(pages) if backwards else pages) for pk in ids]
    assert together == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(["a", "b", "c", "cx", "d", "dx"]), max_size=23),
    gone=st.integers(0, 5),
    descending=st.booleans(),
    backwards=st.booleans(),
    size=st.integers(1, 5),
    steps=st.integers(1, 9),
    rare=st.sampled_from([-1, paging.RARE]),
)
def test_pages_of_matches_are_the_same_by_either_plan(
    db: None, names: list[str], gone: int, descending: bool, backwards: bool, size: int, steps: int, rare: int
) -> None:
    Contact.objects.all().delete()
    made = Contact.objects.bulk_create([Contact(sort_name=name) for name in names])
    Contact.objects.filter(pk__in=[one.pk for one in made[:gone]]).update(deleted_at=timezone.now())
    order = ["-sort_name", "-pk"] if descending else ["sort_name", "pk"]
    matches = Contact.objects.filter(sort_name__contains="x")
    expected = list(matches.order_by(*order).values_list("pk", flat=True))
    pages, cursor = [], ""
    with patch.multiple(paging, RARE=rare, STEPS=steps):
        while True:
            found = listing(
                matches, ("sort_name",), narrowed=True, descending=descending, cursor=cursor,
                backwards=backwards, size=size,
            )  # fmt: skip
            pages.append(found.page.ids)
            assert (found.count, found.count_is_exact) == (len(expected), True)
            step = found.page.previous if backwards else found.page.next
            if step is None:
                break
            cursor = step
    assert [pk for ids in (reversed(pages) if backwards else pages) for pk in ids] == expected


def test_matches_that_stand_far_down_the_order_are_not_walked_to(db: None) -> None:
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(30)])
    with patch.multiple(paging, RARE=-1, STEPS=10), CaptureQueriesContext(connection) as queries:
        found = listing(Contact.objects.filter(sort_name__gt="20"), ("sort_name",), narrowed=True, size=4)
    assert (len(found.page.ids), found.count) == (4, 9)
    asked = [query["sql"] for query in queries]
    assert [sql.split()[0] for sql in asked] == ["EXPLAIN", "SELECT", "SELECT", "SELECT"]
    assert ("OFFSET 10" in asked[1], "< ('10'" in asked[2], "OVER ()" in asked[3]) == (True, True, True)


def test_previous_leads_back_to_the_page_before() -> None:
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(9)])
    first = keyset_page(Contact.objects.all(), ("sort_name",), size=3)
    second = keyset_page(Contact.objects.all(), ("sort_name",), size=3, cursor=first.next or "")
    back = keyset_page(
        Contact.objects.all(), ("sort_name",), size=3, cursor=second.previous or "", backwards=True
    )
    assert (first.previous, back.ids, back.previous) == (None, first.ids, None)


def test_a_page_is_one_query_and_one_row_comparison() -> None:
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(5)])
    cursor = keyset_page(Contact.objects.all(), ("sort_name",), size=2).next or ""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset_page(Contact.objects.all(), ("sort_name",), size=2, cursor=cursor)
    assert len(queries) == 1
    assert '("contacts_contact"."sort_name", "contacts_contact"."id") > (' in queries[0]["sql"]


@pytest.mark.parametrize("cursor", ["x", "eyJ0IjoxfQ:1abc:forged"])
def test_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        keyset_page(Contact.objects.all(), ("sort_name",), cursor=cursor)


def test_cursor_of_another_order_is_refused() -> None:
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(5)])
    cursor = keyset_page(Contact.objects.all(), ("sort_name",), size=2).next or ""
    with pytest.raises(BadCursor):
        keyset_page(Contact.objects.all(), ("created_at",), cursor=cursor)


def test_count_is_exact_when_small() -> None:
    Contact.objects.bulk_create([Contact(sort_name="x") for _n in range(7)])
    assert count_of(Contact.objects.filter(sort_name="x")) == (7, True)


def test_rare_matches_are_counted_by_the_statement_that_finds_them(db: None) -> None:
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(9)])
    with CaptureQueriesContext(connection) as queries:
        found = listing(Contact.objects.filter(sort_name__lt="05"), ("sort_name",), narrowed=True, size=2)
    assert (len(found.page.ids), found.count, found.count_is_exact) == (2, 5, True)
    assert [query["sql"].split()[0] for query in queries] == ["EXPLAIN", "SELECT"]


def test_frequent_matches_are_walked_in_order(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "RARE", -1)
    Contact.objects.bulk_create([Contact(sort_name=f"{n:02}") for n in range(9)])
    with CaptureQueriesContext(connection) as queries:
        found = listing(Contact.objects.filter(sort_name__lt="05"), ("sort_name",), narrowed=True, size=2)
    assert (len(found.page.ids), found.count, found.count_is_exact) == (2, 5, True)
    assert not any("OVER ()" in query["sql"] for query in queries)


def test_a_list_of_nothing_is_empty_and_counted(db: None) -> None:
    found = listing(Contact.objects.filter(pk__in=[]), ("sort_name",), narrowed=True)
    assert (found.page.ids, found.count, found.count_is_exact) == ([], 0, True)
