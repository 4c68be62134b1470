"""The builder's form fields and the condition tree, both ways."""

from django.http import QueryDict

from contacts.segmentation.draft import DraftGroup, DraftRow, change, draft_of, read_draft
from core.conditions.tree import parse


def test_fields_become_the_tree() -> None:
    data = QueryDict(
        "c.mode=all&c-0.field=city&c-0.op=is&c-0.value=Berlin&c-1.mode=none&c-1-0.field=lifecycle"
        "&c-1-0.op=in&c-1-0.value=lead&c-1-0.value=former&c-2.field=phone&c-2.op=empty"
    )
    assert read_draft(data).to_node().to_json() == {
        "all": [
            {"field": "city", "op": "is", "value": "Berlin"},
            {"not": {"any": [{"field": "lifecycle", "op": "in", "value": ["lead", "former"]}]}},
            {"field": "phone", "op": "empty", "value": None},
        ]
    }


def test_tree_survives_the_way_to_the_page_and_back() -> None:
    rule = {
        "any": [
            {"field": "created", "op": "between", "value": ["2026-01-01", "2026-02-01"]},
            {"all": [{"field": "do_not_contact", "op": "is", "value": "true"}]},
        ]
    }
    assert draft_of(parse(rule)).to_node().to_json() == rule


def test_unfinished_condition_is_left_out_of_the_preview_only() -> None:
    draft = DraftGroup("all", [DraftRow("city", "is", [""]), DraftRow("name", "is", ["Ada"]), DraftRow()])
    assert draft.to_node(complete_only=True).to_json() == {
        "all": [{"field": "name", "op": "is", "value": "Ada"}]
    }
    assert len(draft.to_node().to_json()["all"]) == 2


def test_group_of_unfinished_conditions_is_left_out_of_the_preview() -> None:
    draft = DraftGroup(
        "all", [DraftRow("name", "is", ["Ada"]), DraftGroup("any", [DraftRow("company", "in")])]
    )
    assert draft.to_node(complete_only=True).to_json() == {
        "all": [{"field": "name", "op": "is", "value": "Ada"}]
    }


def test_group_without_conditions_means_nobody_and_everybody_never() -> None:
    draft = DraftGroup("all", [DraftGroup("any", [DraftRow()]), DraftGroup("none", [])])
    assert draft.to_node().to_json() == {"all": []}


def test_buttons_add_nest_and_remove() -> None:
    draft = DraftGroup("all", [DraftRow("city", "is", ["Berlin"])])
    change(draft, "add:c")
    change(draft, "group:c")
    change(draft, "add:c-2")
    assert [type(child).__name__ for child in draft.children] == ["DraftRow", "DraftRow", "DraftGroup"]
    change(draft, "remove:c-2-0")
    change(draft, "remove:c-1")
    assert [type(child).__name__ for child in draft.children] == ["DraftRow", "DraftGroup"]
    assert len(draft.children[1].children) == 1  # type: ignore[union-attr]


def test_buttons_with_wrong_places_do_nothing() -> None:
    draft = DraftGroup("all", [DraftRow()])
    for order in ("remove:c-9", "remove:c", "add:c-0", "group:c-5-5", "nonsense", "refresh"):
        change(draft, order)
    assert draft == DraftGroup("all", [DraftRow()])
