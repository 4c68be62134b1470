"""Somebody takes away what a colleague has just changed: both versions are shown, and it is their decision."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.tests.factories import make_contact
from core.models import User
from sales.models import Deal
from sales.services.deal_contacts import add_deal_contact
from sales.tests.factories import make_deal
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll, tab_to

Opener = Callable[..., Page]


@pytest.mark.parametrize("phone", [False, True], ids=["keyboard", "phone"])
def test_person_whose_role_was_changed_is_taken_off_the_deal_after_both_were_seen(
    page_as: Opener, person: Callable[..., User], phone: bool
) -> None:
    owner = person("sales")
    ada, deal = make_contact("Ada", "Quill", owner=owner), make_deal(name="Boiler", owner=owner)
    add_deal_contact(actor=None, deal=deal, contact=ada, role="user")
    page = page_as("sales", phone=phone)
    page.goto(f"/sales/deals/{deal.pk}/")
    add_deal_contact(actor=None, deal=deal, contact=ada, role="champion")
    if phone:
        page.get_by_role("tab", name="Related").tap()
        page.get_by_label("Take Ada Quill off the deal").tap()
    else:
        tab_to(page, '[aria-label="Take Ada Quill off the deal"]', most=150)
        page.keyboard.press("Enter")
    expect(page.locator(".conflict .theirs")).to_have_text("Ada Quill, Champion, Primary")
    expect(page.locator(".conflict .yours")).to_have_text("Ada Quill, User, Primary")
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    again = page.get_by_role("button", name="Do it all the same")
    if phone:
        again.tap()
    else:
        again.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Ada Quill is off the deal")).to_be_visible()
    assert not Deal.objects.get(pk=deal.pk).deal_contacts.exists()
