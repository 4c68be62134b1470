"""What lines say of the order itself: tags and custom fields, of new and of known orders, and of an export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.tests.custom_fields.test_round_trip import FIELDS, ROWS, define, values
from contacts.tests.factories import make_company, make_contact
from contacts.tests.importing.test_round_trip import digest
from core.jobs.running import run
from core.models import Job, RoleGrant, Tag, User
from core.selectors.import_previews import changed_fields, trial_page
from core.selectors.imports import lines_with
from core.services.custom_fields import create_custom_field
from core.services.imports import decide_words, map_import, start_import, start_undo
from core.tests.factories import make_team, make_user
from core.tests.importing.bring import bring, fates, take_in
from sales.importing.orders import OrderTarget
from sales.models import Order, OrderLine
from sales.tests.factories import make_order

HEADER = "Order number,SKU,Quantity,Unit price,Order date,Carrier,Weight,Tags\n"
LINES = (
    "1,A,1,10,2026-01-05,,,\n"
    "1,B,2,10,2026-01-05,Post,12.5,Fair\n"
    '1,C,1,5,2026-01-05,Own van,12.50,"Fair, Rush"\n'
    "2,A,1,10,2026-01-06,Own van,,\n"
)


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin", name="Ada Admin")


@pytest.fixture
def fields(db: None) -> None:
    create_custom_field(
        actor=None, record_type="order", label="Carrier", kind="choice", options=["Post", "Own van"]
    )
    create_custom_field(actor=None, record_type="order", label="Weight", kind="number")


def heads() -> list[tuple[str, dict[str, Any], list[str]]]:
    """Number, custom values and tags of each order."""
    rows = Order.objects.order_by("number").prefetch_related("tags")
    return [(row.number, row.custom, sorted(tag.name for tag in row.tags.all())) for row in rows]


def told(batch: Any) -> list[tuple[int, list[str]]]:
    """(line, fields with a note) of the lines that have one."""
    rows = batch.rows.order_by("line").values_list("line", "problems")
    return [(line, [item["field"] for item in problems]) for line, problems in rows if problems]


def test_a_new_order_takes_the_first_value_of_its_lines_and_all_their_tags(admin: User, fields: None) -> None:
    batch, _job = bring(admin, "orders", HEADER + LINES)
    assert [fate for _line, fate in fates(batch)] == ["created"] * 4
    assert heads() == [
        ("1", {"carrier": "post", "weight": 12.5}, ["Fair", "Rush"]), ("2", {"carrier": "own_van"}, []),
    ]  # fmt: skip
    assert told(batch) == [(4, ["cf_carrier"])]
    note = batch.rows.get(line=4).problems[0]
    assert (note["column"], note["message"]) == (
        "Carrier", "another line of order 1 has another value, which stays.",
    )  # fmt: skip
    assert OrderLine.objects.filter(order__number="1").count() == 3
    shown = [(row.line, bool(reason)) for row, reason in lines_with(batch, "created")]
    assert shown == [(4, True), (2, False), (3, False), (5, False)], "what was told of stands first"


def test_the_same_file_changes_nothing_and_another_changes_what_differs(admin: User, fields: None) -> None:
    bring(admin, "orders", HEADER + LINES)
    before = digest(Order, OrderLine, Order.tags.through)
    batch, _job = bring(admin, "orders", HEADER + LINES)
    assert [fate for _line, fate in fates(batch)] == ["skipped"] * 4
    assert digest(Order, OrderLine, Order.tags.through) == before
    other = HEADER + "1,A,1,10,2026-01-05,,13,Late\n2,A,1,10,2026-01-06,,,\n"
    batch, _job = bring(admin, "orders", other)
    assert [fate for _line, fate in fates(batch)] == ["updated", "skipped"]
    assert heads() == [
        ("1", {"carrier": "post", "weight": 13}, ["Fair", "Late", "Rush"]), ("2", {"carrier": "own_van"}, []),
    ]  # fmt: skip
    assert Order.objects.get(number="1").version == 2


def test_filling_leaves_what_an_order_has(admin: User, fields: None) -> None:
    bring(admin, "orders", HEADER + LINES)
    other = HEADER + "1,A,1,10,2026-01-05,Own van,13,\n2,A,1,10,2026-01-06,Post,7,\n"
    batch, _job = bring(admin, "orders", other, mapping={"rule": "fill"})
    assert [fate for _line, fate in fates(batch)] == ["skipped", "updated"]
    assert [custom for _number, custom, _tags in heads()] == [
        {"carrier": "post", "weight": 12.5}, {"carrier": "own_van", "weight": 7},
    ]  # fmt: skip


def test_a_trial_tells_what_would_change_and_changes_nothing(admin: User, fields: None) -> None:
    bring(admin, "orders", HEADER + LINES)
    before = digest(Order, OrderLine, Order.tags.through, Tag)
    other = HEADER + "1,A,3,10,2026-01-05,Own van,,Late\n9,A,1,10,2026-01-06,Post,,\n"
    batch, _job = bring(admin, "orders", other, dry_run=True)
    assert [fate for _line, fate in fates(batch)] == ["updated", "created"]
    [line] = trial_page(batch, OrderTarget(), admin, fate="updated").lines
    assert (line.name, [(str(label), was, will) for label, was, will in line.changes]) == (
        "1", [("Quantity", "1.000", "3"), ("Carrier", "Post", "Own van"), ("Tags", "", "Late")],
    )  # fmt: skip
    assert sorted((str(label), number) for label, number in changed_fields(batch, OrderTarget())) == [
        ("Carrier", 1), ("Quantity", 1), ("Tags", 1),
    ]  # fmt: skip
    assert digest(Order, OrderLine, Order.tags.through, Tag) == before


def test_undo_gives_values_and_tags_back(admin: User, fields: None) -> None:
    bring(admin, "orders", HEADER + LINES)
    before = heads()
    batch, _job = bring(
        admin, "orders", HEADER + "1,A,1,10,2026-01-05,Own van,13,Late\n3,A,1,1,2026-02-01,,,New\n"
    )
    done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert done is not None and done.state == "done", done and done.error
    assert heads() == before
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Fair", "Rush"]


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_lines_that_stand_apart_say_the_same_whatever_the_chunks(
    admin: User, fields: None, chunk: int
) -> None:
    first, second, third, other = LINES.splitlines(keepends=True)
    content = HEADER + first + other + second + other.replace("2", "5", 1) + third
    batch = map_import(actor=admin, batch=take_in(admin, "orders", content), mapping={})
    job = start_import(actor=admin, batch=batch, wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": chunk})
    run(job.pk)
    assert heads()[0] == ("1", {"carrier": "post", "weight": 12.5}, ["Fair", "Rush"])
    assert told(batch) == [(6, ["cf_carrier"])]
    assert [fate for _line, fate in fates(batch)] == ["created"] * 5


def test_rules_of_a_field_are_demanded_of_an_order_as_a_whole(admin: User) -> None:
    create_custom_field(
        actor=None, record_type="order", label="Carrier", kind="choice", options=["Post"], required=True
    )
    create_custom_field(
        actor=None, record_type="order", label="Lane", kind="text",
        visible_when={"field": "cf_carrier", "op": "in", "value": ["post"]},
    )  # fmt: skip
    create_custom_field(actor=None, record_type="order", label="Told", kind="formula", formula="source")
    header = "Order number,Quantity,Unit price,Order date,Carrier,Lane\n"
    content = header + "1,1,1,2026-01-05,,\n1,1,1,2026-01-05,Post,X\n2,1,1,2026-01-05,,\n2,1,1,2026-01-05,,\n"
    batch, _job = bring(admin, "orders", content)
    assert [fate for _line, fate in fates(batch)] == ["created", "created", "failed", "failed"]
    assert heads() == [("1", {"carrier": "post", "lane": "X", "told": "import"}, [])]
    assert told(batch) == [(4, ["cf_carrier"]), (5, ["cf_carrier"])]
    bring(admin, "orders", "Order number,Quantity,Unit price,Order date\n3,1,1,2026-01-05\n")
    assert heads()[-1] == ("3", {"told": "import"}, [])


def test_a_word_that_is_decided_later_reaches_its_order(admin: User, fields: None) -> None:
    content = (
        HEADER + "1,A,1,10,2026-01-05,Posst,,\n1,B,1,10,2026-01-05,Posst,3,\n2,B,1,10,2026-01-05,Post,,\n"
    )
    batch, job = bring(admin, "orders", content)
    assert (job.result["created"], job.result["review"]) == (3, 2)
    assert heads()[0][1] == {"weight": 3}
    assert decide_words(actor=admin, batch=batch, field="cf_carrier", values={"Posst": "post"}) == 2
    assert heads()[0][1] == {"carrier": "post", "weight": 3}
    assert not batch.rows.filter(review=True).exists()


def test_a_company_that_is_decided_later_has_its_orders(admin: User) -> None:
    firm, other = make_company("Technology AG", kind="prospect"), make_company("Other AG")
    content = "Order number,Quantity,Unit price,Order date,Customer id,Company\n"
    content += (
        "1,1,1,2026-01-05,C1,Technolgy AG\n1,2,1,2026-01-05,C1,Technolgy AG\n2,1,1,2026-01-05,,Other AG\n"
    )
    batch, job = bring(admin, "orders", content)
    assert (job.result["created"], job.result["review"]) == (3, 2)
    assert decide_words(actor=admin, batch=batch, field="company", values={"Technolgy AG": firm.pk}) == 2
    assert list(Order.objects.order_by("number").values_list("company", flat=True)) == [firm.pk, other.pk]
    assert list(firm.timeline.values_list("kind", "title")) == [("order.placed", "1")]
    firm.refresh_from_db()
    assert firm.kind == "customer"
    run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert (Order.objects.count(), firm.timeline.count()) == (0, 0)


def test_an_order_of_somebody_else_is_not_changed(admin: User, fields: None) -> None:
    bring(admin, "orders", HEADER + LINES)
    team = make_team("South")
    Order.objects.filter(number="2").update(team=team)
    manager = make_user("manager", team=team)
    before = heads()
    content = HEADER + "1,A,1,10,2026-01-05,Own van,,Mine\n2,A,1,10,2026-01-06,Post,,\n"
    batch, _job = bring(manager, "orders", content)
    assert [fate for _line, fate in fates(batch)] == ["failed", "updated"]
    assert heads() == [before[0], ("2", {"carrier": "post"}, [])]
    known = dict(Order.objects.values_list("number", "pk"))
    content = f"Meridian id,Carrier\n{known['1']},Own van\n{known['2']},Own van\n999999,Post\n"
    batch, _job = bring(manager, "orders", content)
    assert [fate for _line, fate in fates(batch)] == ["failed", "updated", "failed"]


def test_a_hidden_field_is_not_offered(fields: None) -> None:
    clerk = make_user("manager")
    RoleGrant.objects.filter(role__key="manager", record_type="order").update(
        hidden_fields=["tags", "cf_carrier"]
    )
    columns = set(take_in(clerk, "orders", HEADER + LINES).mapping["columns"].values())
    assert ("cf_weight" in columns, columns & {"tags", "cf_carrier"}) == (True, set())


@pytest.fixture
def export(admin: User, tmp_path: Path) -> Callable[[str], Path]:
    def write(kind: str) -> Path:
        path = tmp_path / f"orders.{kind}"
        call_command(
            "export_records",
            "--target",
            "orders",
            "--format",
            kind,
            "--as",
            admin.email,
            "--output",
            str(path),
        )
        return path

    return write


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_comes_back_without_a_change(admin: User, export: Callable[[str], Path], kind: str) -> None:
    firms = [make_company("Twin Ltd"), make_company("Twin Ltd"), make_company("=Odd & Sons")]
    grades = define("order")
    tags = [Tag.objects.create(name=name) for name in ("a, b", "odd;one", '"q"')]
    for number in range(ROWS):
        order = make_order(
            contact=make_contact("Zoe", f"Person {number}"), custom=values(number, grades, firms),
            tags=tags[: number % 4], country="Unspecified", number="" if number % 2 else "=1+1",
        )  # fmt: skip
        assert order.custom
    before = digest(Order, OrderLine, Order.tags.through, Tag)
    batch, _job = bring(admin, "orders", export(kind))
    columns = batch.mapping["columns"]
    assert {label: columns.get(label) for _key, label, _kind in FIELDS} == {
        label: f"cf_{key}" for key, label, _kind in FIELDS
    }
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, told(batch)
    assert told(batch) == []
    assert digest(Order, OrderLine, Order.tags.through, Tag) == before


def test_a_changed_export_changes_its_orders_alone(
    admin: User, fields: None, export: Callable[[str], Path]
) -> None:
    order, other = make_order(custom={"carrier": "post"}), make_order(number="X")
    text = export("csv").read_text("utf-8-sig").replace(",Post,", ",Own van,")
    batch, _job = bring(admin, "orders", text)
    assert dict(fates(batch)) == {2: "updated", 3: "skipped"}
    order.refresh_from_db()
    assert (order.custom, order.version) == ({"carrier": "own_van"}, 2)
    wrong = f"Meridian id,Quantity,Unit price,Tags\n{other.pk},1,2,New\n"
    batch, _job = bring(admin, "orders", wrong)
    assert fates(batch) == [(2, "failed")]
    assert not Tag.objects.exists()


def test_a_row_with_our_own_id_says_what_it_leaves_alone(
    admin: User, fields: None, export: Callable[[str], Path]
) -> None:
    order = make_order(
        number="A1", country="Chile", custom={"carrier": "post"}, contact=make_contact("Zoe", "Quill")
    )
    stays = make_order(number="B2", country="Chile", custom={"carrier": "post"})
    kept = digest(Order, OrderLine)
    cells = {
        "Meridian id": str(order.pk), "Number": "A9", "Ordered": "2020-01-01", "Customer": "K-9",
        "Country": "Peru", "Company": "Nobody Ltd", "Tags": "Late",
    }  # fmt: skip
    same = f"{stays.pk},B2,{stays.ordered_at.isoformat()},,CHILE,,"
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n{same}\n"
    note = (
        "with a Meridian id only tags and custom fields are changed; left as they are: Number, Ordered, Customer"
        " (external id), Country, Company."
    )
    tried, _job = bring(admin, "orders", content, dry_run=True)
    batch, job = bring(admin, "orders", content)
    for one in (tried, batch):
        assert fates(one) == [(2, "updated"), (3, "skipped")]
        assert [item["message"] for item in one.rows.get(line=2).problems] == [note]
        assert one.rows.get(line=3).problems == []
    assert (job.result["noted"], job.result["review"]) == (1, 0)
    assert list(Tag.objects.values_list("name", flat=True)) == ["Late"]
    order.tags.clear()
    assert digest(Order, OrderLine) == kept


def test_what_is_left_alone_tells_nothing_of_customers_out_of_sight(admin: User) -> None:
    order = make_order(number="A1", contact=make_contact("Zoe", "Quill"))
    content = f"Meridian id,Customer\n{order.pk},Zoe Quill\n{order.pk},Another\n"
    batch, _job = bring(admin, "orders", content)
    assert [bool(row.problems) for row in batch.rows.order_by("line")] == [False, True]
    clerk = make_user("manager")
    RoleGrant.objects.filter(role__key="manager", record_type="contact").update(view="none")
    RoleGrant.objects.filter(role__key="manager", record_type="order").update(change="all", view="all")
    batch, _job = bring(clerk, "orders", content)
    assert [bool(row.problems) for row in batch.rows.order_by("line")] == [True, True]


def test_queries_do_not_grow_with_the_rows_and_none_come_without_the_columns(
    admin: User, fields: None
) -> None:
    def asked(content: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            _batch, job = bring(admin, "orders", content)
        assert job.result["failed"] == 0
        return len(captured)

    def lines(numbers: range, tail: str) -> str:
        return "".join(f"{number},A,1,10,2026-01-05{tail}\n" for number in numbers for _line in range(2))

    bare = HEADER.replace(",Carrier,Weight,Tags", "")
    asked(bare + lines(range(1), ""))
    assert asked(bare + lines(range(10, 12), "")) == asked(bare + lines(range(20, 60), ""))
    full = ",Post,3,Fair"
    asked(HEADER + lines(range(99, 100), full))
    assert asked(HEADER + lines(range(100, 102), full)) == asked(HEADER + lines(range(200, 240), full))
    changed = ",Own van,4,Rush"
    asked(HEADER + lines(range(99, 100), changed))
    assert asked(HEADER + lines(range(100, 102), changed)) == asked(HEADER + lines(range(200, 240), changed))
    assert not [
        text
        for text in captured_texts(admin, bare + lines(range(300, 302), ""))
        if "sales_order_tags" in text
    ]


def captured_texts(admin: User, content: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        bring(admin, "orders", content)
    return [item["sql"] for item in captured]
