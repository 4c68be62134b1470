"""A deal goes through the board by mouse and by keyboard and is lost with its reason."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from sales.models import Deal, DealStageChange
from sales.tests.factories import make_deal, make_pipeline, stage_named
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

BOARD = "/sales/deals/board/"


def _column(page: Page, name: str) -> Locator:
    return page.locator(f'ul.cards[data-label="{name}"]')


def _drag(page: Page, card: Locator, to: Locator) -> None:
    start, end = card.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 20, start["y"] + 16, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
    page.mouse.up()


def test_deal_is_created_in_the_dialog(page_as: Callable[..., Page]) -> None:
    make_pipeline()
    page = page_as("sales")
    page.goto(BOARD)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New deal")
    dialog.get_by_label("Name", exact=False).first.fill("Forty turbines")
    dialog.get_by_label("Amount", exact=False).first.fill("12500")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Forty turbines", level=1)).to_be_visible()
    deal = Deal.objects.get()
    assert (deal.amount, deal.stage.name, deal.status) == (Decimal("12500"), "Prospecting", "open")
    expect(page.get_by_text("No next step")).to_be_visible()


def test_deal_is_moved_by_mouse_and_by_keyboard(
    page_as: Callable[..., Page], person: Callable[..., object]
) -> None:
    deal = make_deal(name="Forty turbines", owner=person("sales"))
    page = page_as("sales")
    page.goto(BOARD)
    card = page.locator(f'[data-card="{deal.pk}"]')
    _drag(page, card, _column(page, "Engaging"))
    expect(_column(page, "Engaging").locator("[data-card]")).to_have_count(1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    deal.refresh_from_db()
    assert deal.stage == stage_named("Engaging")

    page.locator(f'[data-card="{deal.pk}"]').focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(
        page.locator("[data-board-column]", has_text="Proposal").get_by_text("Forty turbines")
    ).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_function("id => document.activeElement?.dataset.card === id", arg=str(deal.pk))
    deal.refresh_from_db()
    assert deal.stage == stage_named("Proposal")
    for key in ("Space", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    expect(_column(page, "Proposal").locator("[data-card]")).to_have_count(1)
    deal.refresh_from_db()
    assert deal.stage == stage_named("Proposal")
    steps = DealStageChange.objects.filter(deal=deal).order_by("pk")
    assert [step.to_stage.name for step in steps] == ["Prospecting", "Engaging", "Proposal"]
    assert_no_axe_violations(page)


def test_deal_is_lost_with_a_reason(page_as: Callable[..., Page], person: Callable[..., object]) -> None:
    deal = make_deal(name="Forty turbines", owner=person("sales"))
    page = page_as("sales", phone=True)
    page.goto(f"/sales/deals/{deal.pk}/")
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Lost").tap()
    dialog = page.get_by_role("dialog")
    dialog.locator("button[type=submit]").tap()
    expect(dialog.locator(".invalid-feedback").first).to_be_visible()
    deal.refresh_from_db()
    assert deal.status == "open"
    dialog.get_by_label("Lost because of").select_option("price")
    assert_no_sideways_scroll(page)
    dialog.locator("button[type=submit]").tap()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="Reopen")).to_be_visible()
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.stage.name) == ("lost", "price", "Lost")


def test_words_about_winning_are_no_draft_about_losing(
    page_as: Callable[..., Page], person: Callable[..., object]
) -> None:
    deal = make_deal(name="Forty turbines", owner=person("sales"))
    page = page_as("sales")
    address = f"/sales/deals/{deal.pk}"
    page.goto(f"{address}/win/")
    note = page.locator("textarea[name=close_note]")
    note.fill("They liked the price")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.goto(f"{address}/lose/")
    expect(note).to_have_value("")
    note.fill("They went elsewhere")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.goto(f"{address}/win/")
    expect(note).to_have_value("They liked the price")
    page.reload()
    expect(note).to_have_value("They liked the price")
    page.goto(f"{address}/lose/")
    page.reload()
    expect(note).to_have_value("They went elsewhere")
