"""Orders from lines: grouped by number, never doubled, cancellations negative."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from contacts.models import Contact, TimelineEntry
from contacts.tests.importing.worker import begin
from core.importing.reading import Line
from core.importing.running import chunks
from core.jobs.running import run
from core.models import Job, RoleGrant, User
from core.services.imports import map_import, mend_import, start_import, start_undo
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in
from local.pytest_plugin import LEASE
from sales.models import Order, OrderLine, Product

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = (
    "1,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    "1,85123a,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    "C2,22,CUP,-2,2010-12-02 09:00:00,1.25,17850.0,EIRE\n"
    "3,23,,1,2010-12-03 09:00:00,0,,Unspecified\n"
)


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


def test_lines_of_one_number_are_one_order_of_one_customer(admin: User) -> None:
    batch, _job = bring(admin, "orders", HEADER + LINES)
    assert [fate for _line, fate in fates(batch)] == ["created"] * 4
    assert sorted(Order.objects.values_list("number", "total", "is_cancellation")) == [
        ("1", Decimal("30.60"), False), ("3", Decimal("0.00"), False), ("C2", Decimal("-2.50"), True),
    ]  # fmt: skip
    person = Contact.objects.get()
    assert (person.external_id, person.name, person.country) == ("17850", "Customer 17850", "GB")
    assert person.lifecycle_stage == "customer"
    assert sorted(person.timeline.values_list("kind", "title")) == [
        ("order.cancelled", "C2"), ("order.placed", "1"),
    ]  # fmt: skip
    assert sorted(Product.objects.values_list("sku", "name")) == [
        ("22", "CUP"),
        ("23", "23"),
        ("85123A", "LANTERN"),
    ]
    assert list(OrderLine.objects.filter(order__number="1").values_list("position", flat=True)) == [0, 1]


def test_the_same_file_again_changes_nothing_and_a_changed_line_changes_its_order(admin: User) -> None:
    bring(admin, "orders", HEADER + LINES)
    batch, _job = bring(admin, "orders", HEADER + LINES)
    assert [fate for _line, fate in fates(batch)] == ["skipped"] * 4
    changed, _job = bring(admin, "orders", HEADER + LINES.replace(",6,", ",7,", 1))
    assert [fate for _line, fate in fates(changed)] == ["updated", "skipped", "skipped", "skipped"]
    order = Order.objects.get(number="1")
    assert (order.total, order.base_total) == (Decimal("33.15"), Decimal("33.15"))
    assert TimelineEntry.objects.get(object_id=order.pk, record_type="order").data["total"] == "33.15"
    assert OrderLine.objects.count() == 4


def test_a_line_says_what_it_leaves_of_the_order_as_it_is(admin: User) -> None:
    bring(admin, "orders", HEADER + LINES)
    wrong = (
        "1,85123A,LANTERN,6,2010-12-05 08:26:00,2.55,17850.0,United Kingdom\n"
        "1,85123a,LANTERN,6,2010-12-01 08:26:40,2.55,999,united kingdom\n"
        "C2,22,CUP,-2,2010-12-02 09:00:00,1.25,,Spain\n"
        "3,23,,1,2010-12-03 09:00:00,0,,\n"
        "4,23,,1,2010-12-03 09:00:00,1,17850,\n"
        "4,24,,1,2010-12-04 09:00:00,1,999,\n"
    )
    note = "a line changes nothing of the order itself; left as they are: "
    left = ["Ordered", "Customer (external id)", "Country", "", "", "Ordered, Customer (external id)"]
    kept = list(Order.objects.order_by("number").values("number", "contact", "ordered_at", "country"))
    for dry_run in (True, False):
        batch, _job = bring(admin, "orders", HEADER + wrong, dry_run=dry_run)
        told = [row.problems for row in batch.rows.order_by("line")]
        assert [[item["message"] for item in items] for items in told] == [
            [f"{note}{fields}."] if fields else [] for fields in left
        ]
    known = Order.objects.exclude(number="4").order_by("number")
    assert list(known.values("number", "contact", "ordered_at", "country")) == kept
    batch, _job = bring(
        admin, "orders", HEADER + LINES.splitlines(keepends=True)[3], mapping={"currency": "GBP"}
    )
    assert [item["message"] for item in batch.rows.get().problems] == [f"{note}Currency."]


def test_what_a_line_leaves_tells_nothing_of_customers_out_of_sight(admin: User) -> None:
    bring(admin, "orders", HEADER + LINES)
    clerk = make_user("manager")
    RoleGrant.objects.filter(role__key="manager", record_type="contact").update(view="none")
    RoleGrant.objects.filter(role__key="manager", record_type="order").update(change="all", view="all")
    lines = [LINES.splitlines(keepends=True)[0], "1,85123a,LANTERN,6,2010-12-01 08:26:00,2.55,22,\n"]
    batch, _job = bring(clerk, "orders", HEADER + "".join(lines))
    assert [bool(row.problems) for row in batch.rows.order_by("line")] == [True, True]


def test_an_order_whose_lines_stand_apart_is_one(admin: User) -> None:
    first, second = LINES.splitlines(keepends=True)[:2]
    content = HEADER + first + "9,1,X,1,2010-12-01,1,,\n" * 3 + second
    _batch, job = bring(admin, "orders", content)
    assert job.result["created"] == 5
    assert Order.objects.get(number="1").lines.count() == 2


def test_undo_takes_orders_customers_and_products_back(admin: User) -> None:
    batch, _job = bring(admin, "orders", HEADER + LINES)
    done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert done is not None and done.state == "done", done and done.error
    left = [model.objects.count() for model in (Order, OrderLine, Contact, Product, TimelineEntry)]
    assert left == [0, 0, 0, 0, 0]


def test_missing_rate_fails_the_lines_in_words(admin: User) -> None:
    batch, job = bring(admin, "orders", HEADER + LINES, mapping={"currency": "GBP"})
    assert job.result["failed"] == 4
    assert "exchange rate for GBP" in batch.rows.first().problems[0]["message"]


def test_a_mended_line_joins_its_order_and_replaces_none(admin: User) -> None:
    first, second, *_rest = LINES.splitlines(keepends=True)
    wrong = second.replace(",6,", ",six,").replace("LANTERN", "SECOND")
    batch, _job = bring(admin, "orders", HEADER + first + wrong + first.replace("LANTERN", "THIRD"))
    assert [fate for _line, fate in fates(batch)] == ["created", "failed", "created"]
    content = batch.error_file.read().replace(b",six,", b",4,")
    batch = mend_import(
        actor=admin, batch=batch, stream=io.BytesIO(content), name="errors.csv", size=len(content)
    )
    done = run(start_import(actor=admin, batch=batch, wake=False).pk)
    assert done is not None and done.result["created"] == 1, done and done.result
    lines = OrderLine.objects.order_by("position").values_list("position", "description", "quantity")
    assert list(lines) == [(0, "LANTERN", 6), (1, "THIRD", 6), (2, "SECOND", 4)]
    assert Order.objects.get().total == Decimal("40.80")


def test_only_new_orders_or_only_those_here_where_that_is_asked(admin: User) -> None:
    bring(admin, "orders", HEADER + LINES)
    changed = LINES.replace(",6,", ",7,") + "7,22,CUP,1,2010-12-05,1,99,\n" * 2
    first, *rest = changed.splitlines(keepends=True)
    batch, _job = bring(admin, "orders", HEADER + changed, mapping={"mode": "create"})
    assert [fate for _line, fate in fates(batch)] == ["skipped"] * 4 + ["created"] * 2
    assert batch.rows.first().problems[0]["code"] == "mode"
    assert Order.objects.get(number="1").total == Decimal("30.60")
    content = HEADER + first + rest[0] + "8,22,CUP,1,2010-12-05,1,98,\n"
    batch, _job = bring(admin, "orders", content, mapping={"mode": "update"})
    assert [fate for _line, fate in fates(batch)] == ["updated", "updated", "skipped"]
    assert Order.objects.get(number="1").total == Decimal("35.70")
    assert not Contact.objects.filter(external_id="98").exists()


def test_new_orders_keep_their_lines_wherever_chunks_end(admin: User) -> None:
    one, other = "7,22,CUP,1,2010-12-05,1,99,\n", "8,22,CUP,1,2010-12-05,1,99,\n"
    batch = map_import(
        actor=admin, batch=take_in(admin, "orders", HEADER + one + other + one), mapping={"mode": "create"}
    )
    job = start_import(actor=admin, batch=batch, wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": 1})
    run(job.pk)
    assert [fate for _line, fate in fates(batch)] == ["created"] * 3
    assert Order.objects.get(number="7").lines.count() == 2


def test_chunks_keep_neighbours_of_a_group_together() -> None:
    lines = [Line(n, [key]) for n, key in enumerate("aabbbbc")]
    assert [[line.cells[0] for line in chunk] for chunk in chunks(lines, 3, 0)] == [list("aabbbb"), ["c"]]
    assert [len(chunk) for chunk in chunks(lines, 3)] == [3, 3, 1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_year_of_a_shop_is_imported_to_the_line_in_little_memory(
    transactional_db: None, sample_data: Path, pytestconfig: pytest.Config
) -> None:
    admin, path = make_user("admin"), sample_data / "retail" / "online_retail.csv.gz"
    job = start_import(actor=admin, batch=take_in(admin, "orders", path), wake=False)
    told = json.loads(begin(pytestconfig.stash[LEASE], job.pk).communicate(timeout=900)[0])
    assert told["peak"] < 2**30, f"{told['peak'] / 2**20:.0f} MB"
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert (job.result["rows"], job.result["created"], job.result["failed"]) == (541_909, 541_909, 0)
    counts = (Order.objects.count(), OrderLine.objects.count(), Contact.objects.count())
    assert counts == (25_900, 541_909, 4_372)
    assert OrderLine.objects.filter(order__contact=None).count() == 135_080
    cancelled = OrderLine.objects.filter(order__is_cancellation=True)
    assert cancelled.aggregate(n=Count("pk"), most=Sum("total"))["n"] == 9_288
    assert not cancelled.filter(quantity__gte=0).exists()
    assert Order.objects.aggregate(sum=Sum("total"))["sum"] == Decimal("9747747.93")
