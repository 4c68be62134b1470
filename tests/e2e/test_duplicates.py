"""Duplicates in a browser: looked at and told apart by keyboard, merged with a thumb, asked about before saving."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from contacts.models import Contact, ContactDuplicate
from contacts.services.duplicate_notes import note_duplicates
from contacts.services.duplicate_scans import compare_here
from contacts.tests.factories import make_contact
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


def make_pairs() -> None:
    for number in (1, 2):
        for first in ("Robert", "Bob"):
            make_contact(first, f"Harrington{number}", phone=f"+4917012345{number}00")
    compare_here(actor=None)


def test_pairs_are_told_apart_by_keyboard(page_as: Callable[..., Page]) -> None:
    page = page_as("admin")
    make_pairs()
    page.goto("/contacts/duplicates/")
    expect(page.get_by_text("2 pairs to look at")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.get_by_text("1 pair to look at")).to_be_visible()
    assert ContactDuplicate.objects.filter(state="dismissed").count() == 1
    assert_no_axe_violations(page)
    page.keyboard.press("z")
    expect(page.get_by_text("2 pairs to look at")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile(r"/contacts/merge/\?ids="))


def test_pair_is_looked_at_on_a_phone(page_as: Callable[..., Page]) -> None:
    page = page_as("admin", phone=True)
    make_pairs()
    page.goto("/contacts/duplicates/")
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Not the same").first.tap()
    expect(page.get_by_text("1 pair to look at")).to_be_visible()


def test_creating_asks_before_it_saves(page_as: Callable[..., Page]) -> None:
    page = page_as("admin")
    make_contact("Robert", "Harrington", phone="+4917012345678")
    page.goto("/contacts/new/")
    page.get_by_label("First name").fill("Bob")
    page.get_by_label("Last name").fill("Harrington")
    page.get_by_label("Phone").fill("+49 170 12345678")
    page.get_by_role("button", name="Create contact").click()
    expect(page.get_by_text("Bob is short for Robert")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Bob")
    assert Contact.objects.count() == 1
    page.get_by_role("button", name="Create anyway").click()
    expect(page.get_by_role("heading", name="Bob Harrington", level=1)).to_be_visible()


def test_who_is_here_already_is_opened_and_merged(page_as: Callable[..., Page]) -> None:
    """Asked before saving, the other is looked at in a tab of its own, all is kept, and both become one."""
    page = page_as("admin")
    known = make_contact("Robert", "Harrington", phone="+4917012345678", city="Leeds")
    page.goto("/contacts/new/")
    page.get_by_label("First name").fill("Bob")
    page.get_by_label("Last name").fill("Harrington")
    page.get_by_label("Phone").fill("+49 170 12345678")
    page.get_by_label("Job title").fill("Baker")
    page.get_by_role("button", name="Create contact").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Robert Harrington").click()
    expect(opened.value).to_have_url(re.compile(rf"/contacts/{known.pk}/"))
    expect(page.get_by_label("Job title")).to_have_value("Baker")
    page.get_by_role("button", name="Create contact").click()
    expect(page.get_by_role("heading", name="Bob Harrington", level=1)).to_be_visible()
    made = Contact.objects.get(first_name="Bob")
    note_duplicates(actor=None, kind="contact", record_id=made.pk)
    page.reload()
    page.get_by_role("link", name="Compare and merge").click()
    page.get_by_role("button", name="Merge 2 into one").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harrington")
    one = Contact.objects.get()
    assert (one.job_title, one.city) == ("Baker", "Leeds")
