"""Double clicks, ⌘↵ pressed twice, searches followed at once by something else, words marked past a dialog's edge."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from contacts.models import Activity
from contacts.tests.factories import make_company, make_contact
from core.models import SavedView
from sales.models import Deal
from sales.tests.factories import make_pipeline
from service.models import Message
from service.tests.factories import make_ticket


def slow_answers(page: Page, pattern: str) -> None:
    """The server takes its time with what is written, as it does on a busy day."""

    def later(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(0.4)
        route.continue_()

    page.route(pattern, later)


def test_what_is_sent_twice_is_written_once(page_as: Callable[..., Page], person: Callable[..., Any]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("admin"))
    make_pipeline()
    page = page_as("admin")
    slow_answers(page, "**/*")

    page.goto(f"/contacts/{contact.pk}/")
    page.get_by_role("textbox", name="Notes").fill("She called")
    page.locator("[data-composer]").get_by_role("button", name="Log").dblclick()
    expect(page.locator("#timeline").get_by_text("She called")).to_be_visible()
    assert Activity.objects.count() == 1

    page.goto(f"/sales/deals/new/?contact={contact.pk}")
    page.get_by_label("Name", exact=False).first.fill("Incubators")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Incubators", level=1)).to_be_visible()
    assert Deal.objects.count() == 1

    page.goto("/sales/deals/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New deal")
    dialog.get_by_label("Name", exact=False).first.fill("Second")
    dialog.get_by_role("button", name="Create deal").dblclick()
    expect(page.get_by_role("heading", name="Second", level=1)).to_be_visible()
    assert Deal.objects.count() == 2


def test_a_customer_is_answered_once(page_as: Callable[..., Page], person: Callable[..., Any]) -> None:
    agent = person("service")
    ticket = make_ticket(owner=agent, team=agent.team)
    page = page_as("service")
    slow_answers(page, "**/say/")
    page.goto(f"/service/tickets/{ticket.pk}/")
    page.get_by_role("textbox", name="Answer to the customer").fill("It is on its way.")
    page.get_by_role("button", name="Send answer").dblclick()
    expect(page.locator(".conversation").get_by_text("It is on its way.")).to_be_visible()
    assert Message.objects.filter(direction="out", is_automatic=False).count() == 1


def test_a_view_saved_after_a_search_in_the_page_holds_the_search(
    page_as: Callable[..., Page], person: Callable[..., Any]
) -> None:
    for name in ("Ada", "Grace", "Graham"):
        make_contact(name, "Hopper", owner=person("sales"))
    page = page_as("sales")
    page.goto("/contacts/")
    page.get_by_role("searchbox", name="Search this list").press_sequentially("gra", delay=20)
    expect(page.locator("#list-count")).to_have_text("2")
    expect(page.get_by_role("searchbox", name="Search this list")).to_be_focused()
    page.locator("#list-views").get_by_text("Save view").first.click()
    page.get_by_label("Name of the view").fill("Gra")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Gra", exact=True)).to_have_attribute("aria-current", "page")
    assert "q=gra" in SavedView.objects.get(name="Gra").query
    expect(page.locator("[data-row]")).to_have_count(2)


def test_a_record_found_by_typing_is_kept_in_the_draft(
    page_as: Callable[..., Page], person: Callable[..., Any]
) -> None:
    make_pipeline()
    make_company("Northwind Instruments", owner=person("sales"))
    page = page_as("sales")
    page.goto("/sales/deals/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New deal")
    dialog.get_by_label("Name", exact=False).first.fill("Scales")
    box = dialog.locator("#id_company-ts-control")
    box.press_sequentially("northw", delay=20)
    dialog.get_by_text("Northwind Instruments").click()
    expect(dialog.locator("[data-draft-note]")).to_be_visible()

    # words marked from right to left, let go beside the dialog: it stays
    field = dialog.get_by_label("Name", exact=False).first
    place = field.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + 10)
    page.mouse.down()
    page.mouse.move(4, place["y"] + 10)
    page.mouse.up()
    expect(dialog).to_be_visible()

    page.wait_for_timeout(400)  # the draft is written a moment after the last change
    page.reload()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New deal")
    expect(dialog.get_by_label("Name", exact=False).first).to_have_value("Scales")
    expect(dialog.locator(".ts-control").first).to_contain_text("Northwind Instruments")


@pytest.mark.parametrize("dialog", [False, True], ids=["page", "dialog"])
def test_a_rule_half_built_is_kept(page_as: Callable[..., Page], dialog: bool) -> None:
    make_contact("Ada", "Byron", city="Leeds", best_hour=9)

    def open_form() -> None:
        page.goto("/contacts/segments/" if dialog else "/contacts/segments/new/")
        if dialog:
            page.keyboard.press("c")

    page = page_as("admin")
    name = page.locator("input#id_name")
    open_form()
    name.fill("Early birds")
    page.locator("#c-0-field").select_option("best_hour")
    page.locator("#c-0-op").select_option("between")
    page.locator("#c-0-value1").fill("8")
    page.locator("#c-0-value2").fill("12")
    page.locator('button[value="add:c"]').click()
    page.locator("#c-1-field").select_option("city")
    page.locator("#c-1-value").fill("Leeds")
    expect(page.locator("#segment-preview")).to_contain_text("1 person")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.wait_for_timeout(400)  # the draft is written a moment after the last change
    open_form()
    expect(page.locator("#c-1-value")).to_have_value("Leeds")
    kept = [page.locator(f"#c-0-value{number}").input_value() for number in (1, 2)]
    assert (kept, name.input_value()) == (["8", "12"], "Early birds")
    expect(page.locator("#segment-preview")).to_contain_text("1 person")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#c-1-value")).to_have_count(0)
