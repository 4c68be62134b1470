"""The customer profile: the card loads beside the record, an answer opens its rows, by mouse, keyboard, phone."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from contacts.tests.factories import make_company, make_contact
from sales.tests.factories import make_order
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


def test_an_answer_opens_its_rows(page_as: Callable[..., Page]) -> None:
    company = make_company("Mother AG", industry="Energy")
    contact = make_contact("Ada", "Byron", company=make_company("Child AG", parent=company))
    for day in (3, 10, 17):  # Thursdays
        make_order(
            contact=contact, company=contact.company, ordered_at=datetime(2026, 9, day, 9, 30, tzinfo=UTC)
        )
    page = page_as("admin")
    page.goto(f"/contacts/{contact.pk}/")
    card = page.locator(".profile-card")
    expect(card.get_by_text("About every 7 days: 3 orders on 3 days.")).to_be_visible()
    card.get_by_role("link", name="Open the customer profile").click()
    question = page.locator("[data-question=when]")
    expect(question).to_contain_text("Most often on a Thursday (100%).")
    assert_no_axe_violations(page)
    question.get_by_role("link", name="On Thursday").click()
    expect(page.locator("tbody tr")).to_have_count(3)

    page.goto(f"/contacts/companies/{company.pk}/profile/")
    expect(page.locator(".profile-note")).to_have_text("With 1 subsidiary.")
    orders = page.locator("[data-question=frequency]").get_by_role("link", name="Orders")
    orders.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("Mother AG").first).to_be_visible()

    phone = page_as("admin", phone=True)
    phone.goto(f"/contacts/{contact.pk}/profile/")
    expect(phone.get_by_role("heading", name="How often they buy")).to_be_visible()
    assert_no_sideways_scroll(phone)
