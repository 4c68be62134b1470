"""Every kind of condition built by mouse, on a phone and by keyboard alone; edited again it is the same rule."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from contacts.models import Company, Segment
from contacts.segmentation.upkeep import keep_up
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

Opener = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None) -> None:
    works = make_company("Steelworks")
    make_contact("Ada", "Byron", city="Leeds", company=works)
    make_contact("Bob", "Stone", city="York")


def _rule(company: int) -> dict[str, object]:
    return {"all": [
        {"field": "city", "op": "starts", "value": "Le"},
        {"field": "best_hour", "op": "empty", "value": None},
        {"any": [
            {"field": "created", "op": "in_last", "value": "30"},
            {"field": "best_hour", "op": "between", "value": ["8", "12"]},
            {"field": "lifecycle", "op": "not_in", "value": ["former"]},
        ]},
        {"field": "company", "op": "in", "value": [str(company)]},
        {"field": "do_not_contact", "op": "is", "value": "false"},
        {"field": "created", "op": "after", "value": "2020-01-31"},
    ]}  # fmt: skip


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_kind_of_condition_is_built_and_kept(page_as: Opener, people: None, phone: bool) -> None:
    page = page_as("admin", phone=phone)
    page.goto("/contacts/segments/new/")
    page.get_by_label("Name").fill("All kinds")
    _build_words_and_groups(page)
    _build_choices_and_days(page)
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    page.evaluate("scrollTo(0, 0)")  # where it stood, a button lay half under the fixed head
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.locator("#c-0-value").press("Enter")
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    segment = Segment.objects.get(name="All kinds")
    assert segment.rule == _rule(Company.objects.get().pk)
    page.goto(f"/contacts/segments/{segment.pk}/edit/")
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    page.get_by_label("Name").fill("All kinds again")
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", name="All kinds again")).to_be_visible()
    segment.refresh_from_db()
    assert (segment.name, segment.rule) == ("All kinds again", _rule(Company.objects.get().pk))


def _ask(page: Page, path: str, field: str, op: str) -> None:
    page.locator(f"#{path}-field").select_option(field)
    expect(page.locator(f"#{path}-op")).to_be_visible()
    if page.locator(f"#{path}-op").input_value() != op:
        with page.expect_response(re.compile("/segments/rule/")):
            page.locator(f"#{path}-op").select_option(op)


def _add(page: Page, path: str, kind: str = "add") -> None:
    with page.expect_response(re.compile("/segments/rule/")):
        page.locator(f'button[value="{kind}:{path}"]').click()


def _build_words_and_groups(page: Page) -> None:
    """A word, what is empty, and a group of its own: lately, between two numbers, none of some choices."""
    _ask(page, "c-0", "city", "starts")
    page.locator("#c-0-value").fill("Le")
    _add(page, "c")
    _ask(page, "c-1", "best_hour", "empty")
    _add(page, "c", "group")
    with page.expect_response(re.compile("/segments/rule/")):
        page.locator("#c-2-mode").select_option("any")
    _ask(page, "c-2-0", "created", "in_last")
    page.locator("#c-2-0-value").fill("30")
    _add(page, "c-2")
    _ask(page, "c-2-1", "best_hour", "between")
    page.locator("#c-2-1-value1").fill("8")
    page.locator("#c-2-1-value2").fill("12")
    _add(page, "c-2")
    _ask(page, "c-2-2", "lifecycle", "not_in")
    page.get_by_label("Former customer").check()


def _build_choices_and_days(page: Page) -> None:
    """A record that is found by typing, yes or no, and a day."""
    _add(page, "c")
    _ask(page, "c-3", "company", "in")
    page.locator("#c-3-value-ts-control").fill("Steel")
    page.get_by_role("option", name="Steelworks").click()
    _add(page, "c")
    _ask(page, "c-4", "do_not_contact", "is")
    page.locator("#c-4-value").select_option("false")
    _add(page, "c")
    _ask(page, "c-5", "created", "after")
    page.locator("#c-5-value").fill("2020-01-31")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(page_as: Opener, people: None) -> None:
    page = page_as("admin")
    page.goto("/contacts/segments/new/")
    page.get_by_label("Name").fill("Quick hands")
    _ask(page, "c-0", "city", "starts")
    _add(page, "c")
    _ask(page, "c-1", "company", "in")
    _add(page, "c")
    _ask(page, "c-2", "lifecycle", "not_in")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route) if _rebuilds(route.request) and not held else route.continue_()

    page.route("**/segments/rule/", hold_the_first)
    with page.expect_request(_rebuilds):
        page.locator('button[value="group:c"]').click()
    page.locator("#c-0-value").fill("Leeds")
    page.locator("#c-1-value-ts-control").fill("Steel")
    page.get_by_role("option", name="Steelworks").click()
    page.get_by_label("Former customer").check()
    page.get_by_label("Name").fill("Quicker hands")
    held[0].continue_()
    expect(page.locator("#c-3-mode")).to_be_visible()
    expect(page.locator("#c-0-value")).to_have_value("Leeds")
    expect(page.locator(".ts-wrapper .item")).to_contain_text("Steelworks")
    expect(page.get_by_label("Former customer")).to_be_checked()
    expect(page.locator("#segment-preview .segment-words")).to_contain_text("Leeds")
    page.get_by_label("Name").press("Enter")
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    assert Segment.objects.get(name="Quicker hands").rule == {"all": [
        {"field": "city", "op": "starts", "value": "Leeds"},
        {"field": "company", "op": "in", "value": [str(Company.objects.get().pk)]},
        {"field": "lifecycle", "op": "not_in", "value": ["former"]},
    ]}  # fmt: skip


def _rebuilds(request: Request) -> bool:
    return request.url.endswith("/segments/rule/") and "do=" in (request.post_data or "")


def test_group_is_nested_and_taken_away_by_keyboard_alone(page_as: Opener, people: None) -> None:
    page = page_as("admin")
    page.goto("/contacts/segments/new/")
    page.get_by_label("Name").focus()
    page.keyboard.type("Keys")
    _tab_to(page, "#c-0-field")
    page.keyboard.type("City")
    expect(page.locator("#c-0-op")).to_be_visible()
    _tab_to(page, "#c-0-value")
    page.keyboard.type("York")
    for value in ("group:c", "add:c-1"):
        _tab_to(page, f'button[value="{value}"]')
        with page.expect_response(re.compile("/segments/rule/")):
            page.keyboard.press("Enter")
    _tab_to(page, "#c-1-mode")
    page.keyboard.type("none")
    _tab_to(page, "#c-1-0-field")
    page.keyboard.type("Do not contact")
    expect(page.locator("#c-1-0-op")).to_be_visible()
    _tab_to(page, 'button[value="remove:c-1-1"]')
    with page.expect_response(re.compile("/segments/rule/")):
        page.keyboard.press("Enter")
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    _tab_to(page, "#c-0-value")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    assert Segment.objects.get(name="Keys").rule == {"all": [
        {"field": "city", "op": "contains", "value": "York"},
        {"not": {"any": [{"field": "do_not_contact", "op": "is", "value": "true"}]}},
    ]}  # fmt: skip


@pytest.mark.parametrize("how", ["mouse", "keyboard", "phone"])
def test_filter_is_changed_in_its_chip(page_as: Opener, people: None, how: str) -> None:
    page = page_as("admin", phone=how == "phone")
    page.goto("/contacts/?city__starts=Yo&country__empty=1")
    expect(page.locator("[data-row]")).to_have_count(1)
    chip = page.locator(".chip-menu").first
    if how == "keyboard":
        chip.locator("summary").focus()
        page.keyboard.press("Enter")
    else:
        chip.locator("summary").click()
    box = chip.locator("input[name=value]")
    expect(box).to_have_value("Yo")
    expect(box).to_be_focused()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    if how == "keyboard":
        page.keyboard.press("Shift+Tab")
        with page.expect_response(re.compile("form=1")):
            page.keyboard.type("is not")
        expect(chip.locator("select[name=op]")).to_have_value("is_not")
        chip.locator("input[name=value]").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("York")
        page.keyboard.press("Enter")
    else:
        with page.expect_response(re.compile("form=1")):
            chip.locator("select[name=op]").select_option("is_not")
        box.fill("York")
        chip.get_by_role("button", name="Apply filter").click()
    page.wait_for_url(re.compile(r"/contacts/\?country__empty=1&city__is_not=York$"))
    expect(page.locator("[data-row]")).to_contain_text("Ada Byron")
    expect(page.locator(".chip-menu")).to_have_count(2)


def test_region_of_the_overlap_opens_its_people(page_as: Opener, people: None) -> None:
    first = create_segment(actor=None, name="Leeds or York", rule={"field": "city", "op": "not_empty"})
    second = create_segment(actor=None, name="Leeds", rule={"field": "city", "op": "is", "value": "Leeds"})
    keep_up()
    page = page_as("admin")
    page.goto(f"/contacts/segments/{first.pk}/overlap/?with={second.pk}")
    wide = page.locator("svg.chart.wide")
    expect(wide.locator("circle.set")).to_have_count(3)
    assert_no_axe_violations(page)
    wide.get_by_role("link", name="A: 1", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Bob Stone")
    expect(page.locator(".chip")).to_contain_text("Segment is any of Leeds or York")


def _tab_to(page: Page, target: str) -> None:
    for _step in range(60):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", target):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the keyboard")
