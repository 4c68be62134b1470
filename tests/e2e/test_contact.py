"""A person is entered in a dialog, a call is logged from the keyboard, its follow-up ticked off."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from contacts.models import Activity, Contact
from contacts.tests.factories import make_contact
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


def test_contact_is_created_called_and_followed_up_by_keyboard(page_as: Callable[..., Page]) -> None:
    page = page_as("sales")
    page.goto("/contacts/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New contact")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("First name")).to_be_focused()
    page.keyboard.type("Zoë")
    page.keyboard.press("Tab")
    page.keyboard.type("Ångström")
    dialog.get_by_label("E-mail").fill("not an address")
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_text("is not an e-mail address")).to_be_visible()
    expect(dialog.get_by_label("Last name")).to_have_value("Ångström")
    dialog.get_by_label("E-mail").fill("zoe@example.org")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Zoë Ångström", level=1)).to_be_visible()
    contact = Contact.objects.get()
    assert contact.owner.email == "sales@demo.example"
    page.keyboard.press("l")
    expect(page.get_by_role("textbox", name="Notes")).to_be_focused()
    page.keyboard.type("She wants an offer")
    page.get_by_role("checkbox", name="Follow up in two days").press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline").get_by_text("She wants an offer")).to_be_visible()
    expect(page.locator(".next-step")).to_be_visible()
    assert_no_axe_violations(page)

    page.locator(".next-step").get_by_role("button", name="Done").press("Enter")
    expect(page.get_by_role("heading", name="Zoë Ångström", level=1)).to_be_visible()
    expect(page.locator(".next-step")).to_have_count(0)
    assert Activity.objects.filter(kind="task", done_at__isnull=False).count() == 1
    assert Activity.objects.get(kind="call").body == "She wants an offer"


def test_call_is_logged_with_a_thumb(page_as: Callable[..., Page], person: Callable[..., object]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator("[data-compose=call]:visible").first.tap()
    page.get_by_role("textbox", name="Notes").fill("Called back")
    page.locator(".composer").get_by_role("button", name="Log").tap()
    expect(page.locator("#timeline").get_by_text("Called back")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)


def test_two_editors_see_both_versions(page_as: Callable[..., Page], person: Callable[..., object]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"), job_title="Clerk")
    slow, quick = page_as("sales"), page_as("admin")
    slow.goto(f"/contacts/{contact.pk}/edit/")
    quick.goto(f"/contacts/{contact.pk}/edit/")
    quick.get_by_label("Job title").fill("Director")
    quick.get_by_role("button", name="Save").click()
    expect(quick.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()

    slow.get_by_label("Job title").fill("Analyst")
    slow.get_by_role("button", name="Save").click()
    conflict = slow.locator(".conflict")
    expect(conflict.locator(".theirs")).to_have_text("Director")
    expect(conflict.locator(".yours")).to_have_text("Analyst")
    expect(slow.get_by_label("Job title")).to_have_value("Analyst")
    assert Contact.objects.get().job_title == "Director"
    slow.get_by_role("button", name="Save").click()
    expect(slow.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()
    assert Contact.objects.get().job_title == "Analyst"
