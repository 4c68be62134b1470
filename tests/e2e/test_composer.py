"""The composer with custom fields: what is needed is asked, the rest folded away, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Activity
from contacts.tests.factories import make_activity, make_contact
from core.services.custom_fields import create_custom_field
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

Opener = Callable[..., Page]


@pytest.fixture(autouse=True)
def fields(db: None) -> None:
    """A topic that each activity needs; a reason needed where the line was busy; a room for meetings; a score."""

    def add(label: str, kind: str = "text", **values: Any) -> None:
        create_custom_field(actor=None, record_type="activity", label=label, kind=kind, **values)

    add("Topic", "choice", options=["Price", "Use"], required=True)
    add("Reason", required_when={"field": "outcome", "op": "in", "value": ["busy"]},
        visible_when={"field": "kind", "op": "in", "value": ["call"]})  # fmt: skip
    add("Room", visible_when={"field": "kind", "op": "in", "value": ["meeting"]})
    add("Score", "number")


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    page_as: Opener, person: Callable[..., Any]
) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    make_activity("note", contact=contact, body="Earlier words", owner=person("sales"))
    page = page_as("sales")
    page.goto(f"/contacts/{contact.pk}/")
    composer = page.locator("[data-composer]")
    expect(composer.get_by_label("Score")).to_be_hidden()
    page.keyboard.press("l")
    page.keyboard.type("They asked for a price")
    page.keyboard.press("Control+Enter")
    expect(composer.get_by_text("This field is required.")).to_have_count(1)
    expect(composer.get_by_role("textbox", name="Notes")).to_have_value("They asked for a price")
    expect(page.locator("#timeline").get_by_text("Earlier words")).to_be_visible()
    assert_no_axe_violations(page)
    composer.get_by_label("Topic").select_option("price")
    composer.get_by_text("Busy").click()
    page.keyboard.press("Control+Enter")
    expect(composer.locator("#div_id_composer_cf_reason .invalid-feedback")).to_be_visible()
    expect(composer.get_by_role("radio", name="Busy")).to_be_checked()
    composer.get_by_label("Reason").fill("Lunch")
    composer.get_by_text("More", exact=True).press("Enter")
    composer.get_by_label("Score").fill("7")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline").get_by_text("They asked for a price")).to_be_visible()
    made = Activity.objects.get(kind="call")
    assert (made.outcome, made.custom) == ("busy", {"topic": "price", "reason": "Lunch", "score": 7})
    expect(composer.get_by_label("Score")).to_be_hidden()


def test_fields_follow_the_kind_and_come_back_as_a_draft(page_as: Opener, person: Callable[..., Any]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    page = page_as("sales")
    page.goto(f"/contacts/{contact.pk}/")
    composer = page.locator("[data-composer]")
    expect(composer.get_by_label("Reason")).to_be_visible()
    composer.get_by_role("tab", name="Meeting").click()
    expect(composer.get_by_label("Reason")).to_be_hidden()
    composer.get_by_text("More", exact=True).click()
    composer.get_by_label("Room").fill("Tower")
    composer.get_by_label("Topic").select_option("use")
    # the note comes with the first field that is kept, and the draft is to hold both
    page.wait_for_function("""() => Object.keys(localStorage).some((key) =>
        key.startsWith("draft:") && ["Tower", '"use"'].every((word) => localStorage[key].includes(word)))""")
    page.reload()
    expect(composer.get_by_label("Room")).to_be_visible()
    expect(composer.get_by_label("Room")).to_have_value("Tower")
    expect(composer.get_by_label("Topic")).to_have_value("use")
    assert_no_axe_violations(page)
    composer.get_by_role("textbox", name="Subject").fill("Plans")
    composer.get_by_role("button", name="Log").click()
    expect(page.locator("#activity-column").get_by_text("Plans")).to_be_visible()
    assert Activity.objects.get().custom == {"topic": "use", "room": "Tower"}


def test_with_a_thumb(page_as: Opener, person: Callable[..., Any]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator("[data-compose=call]:visible").first.tap()
    composer = page.locator("[data-composer]")
    composer.get_by_role("textbox", name="Notes").fill("Called back")
    composer.get_by_role("button", name="Log").tap()
    expect(composer.get_by_text("This field is required.")).to_be_visible()
    composer.get_by_label("Topic").select_option("price")
    composer.get_by_text("More", exact=True).tap()
    composer.get_by_label("Score").fill("3")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
    composer.get_by_role("button", name="Log").tap()
    expect(page.locator("#timeline").get_by_text("Called back")).to_be_visible()
    assert Activity.objects.get().custom == {"topic": "price", "score": 3}


def test_a_call_of_earlier_by_keyboard_and_with_a_thumb(page_as: Opener, person: Callable[..., Any]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    page = page_as("sales")
    page.goto(f"/contacts/{contact.pk}/")
    composer = page.locator("[data-composer]")
    page.keyboard.press("l")
    page.keyboard.type("Rang in March")
    composer.get_by_label("Topic").select_option("price")
    when = composer.get_by_label("When it was")
    expect(when).to_be_hidden()
    composer.get_by_role("checkbox", name="It was earlier").focus()
    page.keyboard.press("Space")
    expect(when).to_be_visible()
    when.fill("2099-03-02T09:30")
    page.keyboard.press("Control+Enter")
    expect(composer.get_by_text("This is still to come.")).to_be_visible()
    assert_no_axe_violations(page)
    composer.get_by_label("When it was").fill("2024-03-02T09:30")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline").get_by_text("Rang in March")).to_be_visible()
    assert Activity.objects.get().occurred_at.date().isoformat() == "2024-03-02"
    composer.get_by_role("tab", name="Task").click()
    expect(composer.get_by_text("It was earlier")).to_be_hidden()

    phone = page_as("sales", phone=True)
    phone.goto(f"/contacts/{contact.pk}/")
    phone.locator("[data-compose=note]:visible, [data-compose=call]:visible").first.tap()
    sheet = phone.locator("[data-composer]")
    sheet.get_by_role("textbox", name="Notes").fill("Met in April")
    sheet.get_by_label("Topic").select_option("use")
    sheet.get_by_role("checkbox", name="It was earlier").tap()
    sheet.get_by_label("When it was").fill("2024-04-01T18:05")
    assert_no_sideways_scroll(phone)
    assert_no_axe_violations(phone)
    sheet.get_by_role("button", name="Log").tap()
    expect(phone.locator("#timeline").get_by_text("Met in April")).to_be_visible()
