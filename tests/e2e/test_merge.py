"""Two records of one person are merged and come apart again: by mouse, by keyboard, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact, MergeLog
from contacts.tests.factories import make_activity, make_contact
from core.models import User
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.fixture
def doubles(person: Callable[..., User]) -> tuple[Contact, Contact]:
    seller = person("sales")
    ada = make_contact("Ada", "Lovelace", owner=seller, email="ada@example.org", city="London", tags=["vip"])
    other = make_contact("A.", "Lovelace", owner=seller, email="a.lovelace@example.org", city="Leeds")
    make_activity("call", contact=other, subject="About the engine")
    return ada, other


def test_merge_by_mouse_and_undo_in_the_toast(
    page_as: Callable[..., Page], doubles: tuple[Contact, Contact]
) -> None:
    ada, other = doubles
    page = page_as("sales")
    page.goto("/contacts/")
    for contact in doubles:
        page.locator(f"[data-row] input[value='{contact.pk}']").check()
    page.locator(".bulk-bar").get_by_role("button", name="Merge").click()
    expect(page.get_by_role("radiogroup", name="City")).to_be_visible()
    assert_no_axe_violations(page)
    page.get_by_role("radiogroup", name="City").get_by_text("Leeds").click()
    page.get_by_role("button", name="Merge 2 into one").click()
    expect(page.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()
    expect(page.locator("#timeline").get_by_text("About the engine")).to_be_visible()
    assert Contact.objects.get().city == "Leeds"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert set(Contact.objects.values_list("pk", "city")) == {(ada.pk, "London"), (other.pk, "Leeds")}


def test_merge_and_undo_by_keyboard(page_as: Callable[..., Page], doubles: tuple[Contact, Contact]) -> None:
    page = page_as("sales")
    page.goto(f"/contacts/merge/?ids={doubles[0].pk},{doubles[1].pk}")
    page.get_by_role("radiogroup", name="City").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Merge 2 into one").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()
    log = MergeLog.objects.get()
    assert Contact.objects.get().city == "Leeds"
    page.goto(f"/contacts/merges/{log.pk}/")
    page.get_by_role("button", name="Undo the merge").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert Contact.objects.count() == 2


def test_each_of_five_keeps_its_column_in_every_row(
    page_as: Callable[..., Page], person: Callable[..., User]
) -> None:
    seller = person("sales")
    names = ("Ada", "A.", "Augusta Ada Byron", "Ada King", "Countess")
    five = [
        make_contact(
            name, "Lovelace", owner=seller, email=f"{name.split()[0].strip('.').lower()}@example.org"
        )
        for name in names
    ]
    page = page_as("sales")
    page.goto(f"/contacts/merge/?ids={','.join(str(one.pk) for one in five)}")
    rows = page.locator(".merge-options").all()
    places = [[round(o.bounding_box()["x"]) for o in row.locator(".merge-option").all()] for row in rows]
    assert len(places) > 2
    assert all(row == places[0] and len(row) == 5 for row in places)
    last = page.locator(".merge-head .merge-option").last.bounding_box()
    box = page.locator(".merge-scroll").bounding_box()
    assert last and box
    assert last["x"] + last["width"] <= box["x"] + box["width"] + 1


def test_merge_and_undo_with_a_thumb(page_as: Callable[..., Page], doubles: tuple[Contact, Contact]) -> None:
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/merge/?ids={doubles[0].pk},{doubles[1].pk}")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
    page.get_by_role("radiogroup", name="City").get_by_text("Leeds").tap()
    page.get_by_role("button", name="Merge 2 into one").tap()
    expect(page.get_by_text("About the engine").first).to_be_visible()
    assert Contact.objects.get().city == "Leeds"
    page.goto("/contacts/merges/")
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Undo Ada Lovelace").tap()
    expect(page.get_by_role("heading", name="Undo this merge")).to_be_visible()
    assert_no_axe_violations(page)
    page.get_by_role("button", name="Undo the merge").tap()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert Contact.objects.count() == 2


def test_the_other_record_is_chosen_by_keyboard_and_on_a_phone(
    page_as: Callable[..., Page], doubles: tuple[Contact, Contact]
) -> None:
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/{doubles[0].pk}/")
    page.locator(".phone-bar summary").click()
    page.locator(".phone-bar").get_by_role("link", name="Merge…").click()
    box = page.get_by_role("searchbox", name="Search for the other record")
    expect(box).to_be_focused()
    page.keyboard.type("a.lovelace")
    line = page.locator(".merge-found-line").filter(has_text="A. Lovelace")
    expect(line).to_be_visible()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    line.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Merge 2 into one")).to_be_visible()
