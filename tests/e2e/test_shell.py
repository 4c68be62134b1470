"""The pages that need nothing but a person."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from core.tests.factories import make_user
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll
from tests.e2e.conftest import Faults


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_login_page_is_accessible_and_fits(
    transactional_db: None, new_page: Callable[..., Page], phone: bool
) -> None:
    make_user()  # without anybody the sign-in leads to the first administrator's page
    page = new_page(phone=phone)
    page.goto("/")
    assert page.url.endswith("/accounts/login/?next=/")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)


def test_page_as_is_signed_in(page_as: Callable[..., Page]) -> None:
    page = page_as("sales")
    response = page.goto("/")
    assert response is not None
    assert response.status == 200
    assert "/accounts/login" not in page.url


def test_a_console_error_is_seen(new_page: Callable[..., Page], browser_faults: Faults) -> None:
    browser_faults.expect("on purpose")
    page = new_page()
    page.goto("/accounts/login/")
    page.evaluate("console.error('on purpose')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_timeout(100)
    assert any("on purpose" in fault for fault in browser_faults.found)
    assert any("content security policy: script-src" in fault for fault in browser_faults.unexpected())
    browser_faults.expect("(?i)content security policy")


def test_the_search_box_keeps_its_height_where_the_sidebar_is_full(page_as: Callable[..., Page]) -> None:
    page = page_as("admin")
    page.goto("/")
    box = page.locator(".search-button")
    before = box.bounding_box()
    page.set_viewport_size({"width": 1366, "height": 600})
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["height"] == before["height"], after["height"] > 24) == (True, True)


def test_the_browser_keeps_what_playwright_switches_off(browser: Browser) -> None:
    """Of two `--disable-features` the last one counts: ours leaves out nothing of Playwright's own."""
    line = browser.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]
    lists = [set(found.split(",")) for found in re.findall(r"--disable-features=(\S+)", line)]
    assert lists
    assert all(names <= lists[-1] for names in lists)


@pytest.mark.parametrize(
    ("path", "action"),
    [("/imports/", "Import a file"), ("/tags/", "New tag"), ("/contacts/duplicates/", "Search now")],
)
def test_a_page_has_its_buttons_on_a_phone_too(page_as: Callable[..., Page], path: str, action: str) -> None:
    page = page_as("admin", phone=True)
    page.goto(path)
    button = page.get_by_role("link", name=action).or_(page.get_by_role("button", name=action)).first
    expect(button).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
