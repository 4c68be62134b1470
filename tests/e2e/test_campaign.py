"""A campaign from the draft to the opt-out, as a marketer and a recipient live through it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from contacts.models import Suppression
from local.mail_catcher import MailCatcher
from marketing.models import Campaign
from marketing.services.drain import drain
from marketing.tests.factories import make_organisation, make_person, make_segment
from marketing.views.campaigns import problems_of
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll, tab_to


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Any:
    settings.MAIL_JOURNAL_DIR = tmp_path / "journal"
    with MailCatcher(tmp_path / "maildir") as running:
        settings.EMAIL_URL = running.url
        yield running


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_campaign_is_written_sent_and_left(
    page_as: Callable[..., Page],
    new_page: Callable[..., Page],
    catcher: MailCatcher,
    settings: Any,
    live_server: Any,
    phone: bool,
) -> None:
    settings.PUBLIC_URL = live_server.url
    make_organisation()
    segment = make_segment(make_person("ann@example.org", first_name="Ann"))
    page = page_as("marketing", phone=phone)

    page.goto("/marketing/campaigns/new/")
    assert_no_axe_violations(page)
    page.get_by_label("Name", exact=False).first.fill("Spring news")
    _choose_segment(page, segment)
    page.get_by_label("Subject").fill("News for {{ first_name }}")
    page.get_by_label("Plain text").fill("Hi {{ first_name }}, see our news.")
    page.get_by_label("HTML").fill('<p>Hi {{ first_name }}, <a href="https://shop.acme.test/">look</a></p>')
    page.get_by_label("Sender's address").fill("news@acme.test")
    page.get_by_role("button", name=re.compile("Save")).click()

    expect(page.get_by_role("heading", name="Spring news")).to_be_visible()
    assert problems_of(Campaign.objects.get()) == []
    expect(page.get_by_role("button", name="Send to 1 person")).to_be_enabled()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Send to 1 person").press("Enter")
    expect(page.get_by_text("0 of 1 dealt with")).to_be_visible()
    drain(Campaign.objects.get().pk)
    expect(page.get_by_text("1 of 1 dealt with")).to_be_visible(timeout=10_000)
    expect(page.locator(".subtitle")).to_contain_text("Finished")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)

    (path,) = catcher.maildir.messages()
    header = re.search(rb"List-Unsubscribe: <([^>]*)>", path.read_bytes())
    assert header is not None
    stranger = new_page(phone=phone)
    stranger.goto(header.group(1).decode())
    assert not Suppression.objects.exists()
    assert_no_axe_violations(stranger)
    stranger.get_by_role("button", name="Unsubscribe").click()
    expect(stranger.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    assert Suppression.objects.get().address == "ann@example.org"


def test_a_choice_by_keyboard_is_not_undone_by_what_comes_late(page_as: Callable[..., Page]) -> None:
    """The list looks at the last letters 300 ms later and hears of them later still: neither opens it again
    nor takes the focus from where the person types by then."""
    first, second = make_segment(), make_segment()
    page = page_as("marketing")
    held: list[Route] = []
    page.route(re.compile(r"/segment/.*[?&]q=S"), lambda route: held.append(route))
    page.clock.install()
    page.goto("/marketing/campaigns/new/")
    page.locator("select[name=segment].tomselected").wait_for(state="attached")
    box = page.locator("select[name=segment] + .ts-wrapper input")
    options = page.locator(".ts-dropdown .option")
    box.focus()
    expect(options).to_have_count(2)
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=5))

    box.press_sequentially("Seg")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.clock.run_for(2_000)
    expect(box).not_to_be_focused()
    expect(options).to_have_count(2)
    expect(options.first).to_be_hidden()

    box.focus()
    box.press_sequentially("Se")
    page.clock.run_for(1_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = page.locator("select[name=segment]").input_value()
    assert chosen in (str(first.pk), str(second.pk))
    for route in held:
        with page.expect_response(route.request.url):
            route.continue_()
    page.clock.run_for(1_000)
    expect(options.first).to_be_hidden()
    expect(page.locator("select[name=segment]")).to_have_value(chosen)


def test_campaign_is_written_and_sent_by_keyboard_alone(
    page_as: Callable[..., Page], catcher: MailCatcher, settings: Any, live_server: Any
) -> None:
    settings.PUBLIC_URL = live_server.url
    make_organisation()
    segment = make_segment(make_person("ann@example.org", first_name="Ann"))
    page = page_as("marketing")
    page.goto("/marketing/campaigns/new/")
    page.locator("select[name=segment].tomselected").wait_for(state="attached")
    tab_to(page, "[name=name]")
    page.keyboard.type("Spring news")
    tab_to(page, "select[name=segment] + .ts-wrapper input")
    page.keyboard.type(segment.name)
    expect(page.locator(".ts-dropdown .option", has_text=segment.name)).to_be_visible()
    page.keyboard.press("Enter")
    for name, words in (
        ("subject", "News"),
        ("text", "Hi, see our news."),
        ("from_address", "news@acme.test"),
    ):
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Spring news")).to_be_visible()
    tab_to(page, "form[action$='/launch/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 1 dealt with")).to_be_visible()
    drain(Campaign.objects.get().pk)
    expect(page.get_by_text("1 of 1 dealt with")).to_be_visible(timeout=10_000)
    assert len(catcher.maildir.messages()) == 1


def _choose_segment(page: Page, segment: Any) -> None:
    """The field asks the server while one types; choosing is by keyboard."""
    page.locator("select[name=segment].tomselected").wait_for(state="attached")
    page.locator("select[name=segment] + .ts-wrapper input").press_sequentially(segment.name)
    option = page.locator(".ts-dropdown .option", has_text=segment.name)
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("select[name=segment]")).to_have_value(str(segment.pk))
