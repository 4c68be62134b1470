"""Lists, record pages, forms and boards as people use them: by mouse, by keyboard, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.models import User
from sales.models import Deal
from sales.tests.factories import make_deal
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

Opener = Callable[..., Page]
People = Callable[..., User]


@pytest.fixture
def three(person: People) -> list[Contact]:
    """Three contacts of the sales person, in the order of their list."""
    owner = person("sales")
    return [make_contact(first, "Quill", owner=owner, city="Oslo") for first in ("Ada", "Bea", "Cleo")]


def test_rows_are_walked_selected_and_peeked_at_by_keyboard(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-row][data-selected]")).to_have_count(1)
    expect(page.locator(".bulk-bar")).to_contain_text("1 selected")
    page.keyboard.press("Space")
    drawer = page.locator("dialog.drawer[open]")
    expect(drawer).to_contain_text("Bea Quill")
    page.keyboard.press("j")
    expect(page.locator("dialog.drawer[open]")).to_contain_text("Cleo Quill")
    assert_no_axe_violations(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.drawer")).to_have_count(0)


def test_the_search_box_keeps_the_focus_while_the_list_changes(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    page.locator("#list-search").press_sequentially("bea q", delay=40)
    expect(page.locator("[data-row]")).to_have_count(1)
    page.wait_for_url("**q=bea**")
    page.keyboard.type("uill")
    expect(page.locator("#list-search")).to_have_value("bea quill")
    expect(page.locator("#list-search")).to_be_focused()


def test_a_filter_is_added_by_keyboard_and_saved_as_a_view(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    page.keyboard.press("f")
    page.get_by_role("link", name="City", exact=True).click()
    page.locator("#filter-panel input[name=value]").fill("Bergen")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text("Bergen")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.locator("summary", has_text="Save view").click()
    page.get_by_label("Name of the view").fill("In Bergen")
    page.locator("form[action*='/views/']").get_by_role("button").click()
    expect(page.locator(".tabs [aria-current=page]")).to_have_text("In Bergen")
    page.get_by_role("link", name="Remove filter City").click()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_a_cell_is_edited_in_place_and_undone_with_z(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    cell = page.locator(f"[data-row='{three[0].pk}'] td[data-edit*='city']")
    cell.dblclick()
    cell.locator("input[name=city]").fill("Paris")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Paris")
    page.locator("[data-row-link]").first.focus()
    page.keyboard.press("z")
    expect(page.locator(".snack")).to_contain_text("Undone")
    expect(cell).to_have_text("Oslo")


def test_two_editors_of_one_field_see_both_values(page_as: Opener, three: list[Contact]) -> None:
    page, contact = page_as("sales"), three[0]
    page.goto(f"/contacts/{contact.pk}/")
    value = page.locator(".record-details dd[data-edit*='/city/']")
    value.hover()
    value.locator("[data-edit-field]").click()
    value.locator("input[name=city]").fill("Mine")
    Contact.objects.filter(pk=contact.pk).update(city="Theirs", version=contact.version + 1)
    page.keyboard.press("Enter")
    expect(value.locator(".field-conflict")).to_contain_text("Theirs")
    expect(value.locator("input[name=city]")).to_have_value("Mine")
    value.get_by_role("button", name="Save mine").click()
    expect(value.locator("form")).to_have_count(0)
    expect(value).to_contain_text("Mine")
    assert Contact.objects.get(pk=contact.pk).city == "Mine"


def test_a_form_in_a_dialog_keeps_its_draft_until_it_is_saved(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    page.keyboard.press("c")
    name = page.locator("dialog[open] input[name=first_name]")
    name.fill("Dora")
    expect(page.locator("dialog[open] [data-draft-note]")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("c")
    expect(name).to_have_value("Dora")
    assert_no_axe_violations(page)
    page.locator("dialog[open] input[name=last_name]").fill("Quill")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/contacts/*/")
    expect(page.locator("h1")).to_have_text("Dora Quill")
    page.goto("/contacts/")
    page.keyboard.press("c")
    expect(name).to_have_value("")


def test_the_palette_finds_a_record_and_opens_it(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("cleo", delay=30)
    option = page.locator("#palette [role=option]", has_text="Cleo Quill")
    expect(option).to_be_visible()
    assert_no_axe_violations(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{three[2].pk}/")


def test_a_call_is_logged_in_two_steps_on_a_record(page_as: Opener, three: list[Contact]) -> None:
    page, contact = page_as("sales"), three[0]
    page.goto(f"/contacts/{contact.pk}/")
    page.keyboard.press("l")
    page.keyboard.type("Asked for the delivery plan")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("Asked for the delivery plan")


def test_a_card_is_carried_by_keyboard_and_put_back_by_undo(page_as: Opener, person: People) -> None:
    deal = make_deal(owner=person("sales"), name="Plate readers")
    page = page_as("sales")
    page.goto("/sales/deals/board/", wait_until="networkidle")  # the board's own script comes after the page
    card = page.locator(f"[data-card='{deal.pk}']")
    expect(card).to_be_visible()
    page.keyboard.press("j")  # the first card, without a way through everything before it
    expect(card).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#live")).to_contain_text("Taken from Prospecting")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator("#live")).to_contain_text("Put back")
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator(".snack").last).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage.name == "Engaging"
    expect(card).to_be_focused()


def test_a_card_is_dragged_to_another_column(page_as: Opener, person: People) -> None:
    deal = make_deal(owner=person("sales"), name="Plate readers")
    page = page_as("sales")
    page.goto("/sales/deals/board/", wait_until="networkidle")  # the board's own script comes after the page
    start = page.locator(f"[data-card='{deal.pk}']").bounding_box()
    target = page.locator("[data-column]").nth(2).bounding_box()
    assert start
    assert target
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] - 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 70, start["y"] + start["height"], steps=4)
    page.mouse.move(target["x"] + 60, target["y"] + 30, steps=12)
    page.mouse.up()
    expect(page.locator(".snack")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage.name == "Proposal"


def test_a_card_is_moved_by_its_menu_on_a_phone_though_the_thumb_is_quicker_than_the_script(
    page_as: Opener, person: People
) -> None:
    deal = make_deal(owner=person("sales"), name="Plate readers")
    page = page_as("sales", phone=True)
    held: list[Route] = []
    page.route("**/board-*.js", lambda route: held.append(route))
    with page.expect_request("**/board-*.js"):
        page.goto("/sales/deals/board/", wait_until="commit")
    assert_no_sideways_scroll(page)
    page.locator(f"[data-card='{deal.pk}'] [data-move-menu]").tap()
    held[0].continue_()
    page.get_by_role("menuitem", name="Negotiation").tap()
    expect(page.locator(".snack")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage.name == "Negotiation"


def test_a_phone_places_the_cards_near_its_window_and_cuts_no_menu_off(
    page_as: Opener, person: People
) -> None:
    deals = [make_deal(owner=person("sales"), name=f"Plate reader {n}") for n in range(24)]
    page = page_as("sales", phone=True)
    page.goto("/sales/deals/board/")
    names = page.locator(".board-column").first.locator("[data-row-link]")
    is_placed = "link => link.checkVisibility({contentVisibilityAuto: true})"
    assert names.first.evaluate(is_placed)
    assert not names.last.evaluate(is_placed)
    names.last.scroll_into_view_if_needed()
    expect(names.last).to_be_in_viewport()
    assert names.last.evaluate(is_placed)
    page.locator("[data-card] [data-move-menu]").nth(len(deals) - 3).tap()
    items = page.get_by_role("menuitem")
    expect(items).not_to_have_count(0)
    middle = "box => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).textContent"
    for item in items.all():  # each stands out of its card and above the cards that follow
        item.scroll_into_view_if_needed()
        assert page.evaluate(middle, item.bounding_box()) == item.text_content()


def test_a_record_on_a_phone_has_tabs_and_a_sheet_to_write_in(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/{three[0].pk}/")
    assert_no_sideways_scroll(page)
    page.get_by_role("tab", name="Details").tap()
    expect(page.locator(".record-details")).to_be_visible()
    expect(page.locator(".record-centre")).to_be_hidden()
    page.get_by_role("tab", name="Activity").tap()
    page.locator(".quick-actions [data-compose=note]").tap()
    page.locator(".composer.open textarea").fill("Written on the way")
    assert_no_axe_violations(page)
    page.locator(".composer.open [type=submit]:visible").tap()
    expect(page.locator(".timeline")).to_contain_text("Written on the way")


def test_deleting_is_undone_from_the_toast(page_as: Opener, person: People) -> None:
    contact = make_contact("Ada", "Quill", owner=person("manager"))
    page = page_as("manager")
    page.goto(f"/contacts/{contact.pk}/")
    page.locator(".topbar [aria-label='More actions']").click()
    page.locator(".topbar").get_by_role("button", name="Delete").click()
    expect(page.locator(".snack")).to_contain_text("recycle bin")
    page.locator(".snack").get_by_role("button", name="Undo").click()
    expect(page.locator(".snack")).to_contain_text("Undone")
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_the_theme_is_kept_and_shortcuts_can_be_switched_off(page_as: Opener, three: list[Contact]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    page.locator(".user-menu summary").click()
    page.locator("[data-set-theme=dark]").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.keyboard.press("Shift+?")
    page.locator("#shortcuts-switch").uncheck()
    page.wait_for_load_state()
    page.keyboard.press("x")
    page.keyboard.press("c")
    expect(page.locator("dialog[open]")).to_have_count(0)
