"""A segment with a window built by mouse, by keyboard alone and on a phone, and the question why."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Segment
from contacts.segmentation.upkeep import keep_up
from contacts.tests.factories import make_activity, make_contact
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

RULE = {
    "all": [
        {
            "field": "activities.count",
            "op": "gte",
            "value": "2",
            "last": 30,
            "where": {"all": [{"field": "kind", "op": "in", "value": ["call"]}]},
        }
    ]
}


@pytest.fixture
def people(transactional_db: None) -> None:
    ada, bob = make_contact("Ada", "Byron"), make_contact("Bob", "Stone")
    for _n in range(2):
        make_activity("call", contact=ada)
    make_activity("note", contact=bob)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_segment_is_built_and_asked_why(page_as: Callable[..., Page], people: None, phone: bool) -> None:
    page = page_as("admin", phone=phone)
    page.goto("/contacts/segments/new/")
    page.get_by_label("Name").fill("Often called")
    page.get_by_label("What is asked").select_option("activities.count")
    expect(page.locator("#c-0-op")).to_be_visible()
    page.locator("#c-0-value").fill("2")
    page.locator("#c-0-last").fill("30")
    page.get_by_role("button", name="Only those where…").click()
    page.locator("#c-0-0-field").select_option("kind")
    page.get_by_label("Call", exact=True).check()
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    expect(page.locator("#segment-preview")).to_contain_text(
        "in the last 30 days is at least 2, only those where Kind"
    )
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Create segment").click()
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    segment = Segment.objects.get(name="Often called")
    assert segment.rule == RULE
    keep_up()
    page.get_by_role("link", name="Why in or out?").click()
    page.get_by_label("Who?").fill("Stone")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bob Stone is not in “Often called”")).to_be_visible()
    expect(page.get_by_text("is: 0")).to_be_visible()
    assert_no_sideways_scroll(page)


def test_segment_is_built_by_keyboard_alone(page_as: Callable[..., Page], people: None) -> None:
    page = page_as("admin")
    page.goto("/contacts/segments/new/")
    page.get_by_label("Name").focus()
    page.keyboard.type("Called")
    _tab_to(page, "c-0-field")
    page.keyboard.type("Activities: number")
    expect(page.locator("#c-0-op")).to_be_visible()
    expect(page.locator("#c-0-field")).to_be_focused()
    _tab_to(page, "c-0-value")
    page.keyboard.type("2")
    _tab_to(page, "c-0-last")
    page.keyboard.type("30")
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    page.get_by_role("button", name="Create segment").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/segments/\d+/"), timeout=8000)
    assert Segment.objects.get(name="Called").rule["all"][0]["last"] == 30


def _tab_to(page: Page, name: str) -> None:
    for _step in range(40):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the keyboard")
