"""A custom field from its definition to a list and a segment: by mouse, by keyboard alone, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact, Segment
from contacts.tests.factories import make_contact
from core.models import CustomField, User
from core.services.custom_fields import create_custom_field
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll, tab_to

Opener = Callable[..., Page]
People = Callable[..., User]


def define(page: Page) -> None:
    """The administrator adds a choice, and a code that is asked for with one of its options only."""
    page.goto("/settings/fields/")
    page.get_by_role("link", name="New field").first.click()
    page.locator("#id_label").fill("Service plan")
    expect(page.locator("#id_options")).to_be_hidden()
    page.locator("#id_kind").select_option("choice")
    page.locator("#id_options").fill("Gold\nSilver")
    assert_no_axe_violations(page)
    page.get_by_role("button", name="Add field").click()
    expect(page.get_by_role("link", name="Service plan")).to_be_visible()


def test_field_is_defined_filled_listed_filtered_and_used_in_a_segment(
    page_as: Opener, person: People
) -> None:
    page = page_as("admin")
    make_contact("Bea", "Quill", owner=person("admin"))
    define(page)
    create_custom_field(
        actor=None, record_type="contact", label="Gold code", kind="text",
        visible_when={"field": "cf_service_plan", "op": "in", "value": ["gold"]},
    )  # fmt: skip
    page.goto("/contacts/new/")
    page.locator("#id_last_name").fill("Quint")
    expect(page.locator("#id_cf_gold_code")).to_be_hidden()
    page.locator("#id_cf_service_plan").select_option("gold")
    page.locator("#id_cf_gold_code").fill("G-1")
    assert_no_axe_violations(page)
    page.get_by_role("button", name="Create contact").click()
    expect(page.locator(".record-details")).to_contain_text("G-1")
    assert Contact.objects.get(last_name="Quint").custom == {"service_plan": "gold", "gold_code": "G-1"}
    page.goto("/contacts/?columns=name,cf_service_plan&cf_service_plan=gold")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Gold")
    page.goto("/contacts/segments/new/")
    page.locator("#id_name").fill("Gold people")
    page.locator('select[name="c-0.field"]').select_option("cf_service_plan")
    page.locator('input[name="c-0.value"][value=gold]').check()
    expect(page.locator("body")).to_contain_text("Quint")
    page.get_by_role("button", name="Create segment").click()
    expect(page.locator("h1")).to_contain_text("Gold people")
    assert Segment.objects.get().rule == {
        "all": [{"field": "cf_service_plan", "op": "in", "value": ["gold"]}]
    }


def test_field_is_defined_and_edited_in_place_by_keyboard_alone(page_as: Opener, person: People) -> None:
    page = page_as("admin")
    contact = make_contact("Bea", "Quill", owner=person("admin"))
    page.goto("/settings/fields/new/?type=contact")
    page.locator("#id_label").focus()
    page.keyboard.type("Shoe size")
    page.locator("#id_kind").focus()
    page.keyboard.type("Number")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Shoe size")).to_be_visible()
    assert CustomField.objects.get().kind == "number"
    page.goto(f"/contacts/{contact.pk}/")
    show = page.locator("[data-show-empty]")
    show.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Edit Shoe size").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=cf_shoe_size]")).to_be_focused()
    page.keyboard.type("38.5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-edit*=cf_shoe_size]")).to_contain_text("38.5")
    assert Contact.objects.get().custom == {"shoe_size": 38.5}


def test_field_goes_to_list_and_segment_by_keyboard_alone(page_as: Opener, person: People) -> None:
    contact = make_contact("Bea", "Quill", owner=person("admin"))
    make_contact("Mia", "Other", owner=person("admin"))
    page = page_as("admin")
    page.goto("/settings/fields/new/?type=contact")
    tab_to(page, "#id_label")
    page.keyboard.type("Service plan")
    tab_to(page, "#id_kind")
    page.keyboard.type("Choice")
    tab_to(page, "#id_options")
    page.keyboard.type("Gold\nSilver")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Service plan")).to_be_visible()
    page.goto(f"/contacts/{contact.pk}/edit/")
    tab_to(page, "#id_cf_service_plan")
    page.keyboard.type("Gold")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Bea Quill", level=1)).to_be_visible()
    page.goto("/contacts/?columns=name,cf_service_plan")
    page.keyboard.press("f")
    page.keyboard.type("Service plan")
    expect(page.locator("#filter-panel a[href*='filter=cf_service_plan']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#filter-panel input[name=value]").first).to_be_visible()
    tab_to(page, "input[name=value][value=gold]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Bea Quill")
    page.goto("/contacts/segments/new/")
    tab_to(page, "#id_name")
    page.keyboard.type("Gold people")
    tab_to(page, "#c-0-field")
    page.keyboard.type("Service plan")
    expect(page.locator("input[name='c-0.value'][value=gold]")).to_be_visible()
    tab_to(page, "input[name='c-0.value'][value=gold]")
    page.keyboard.press("Space")
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("Gold people")
    assert Segment.objects.get().rule["all"][0]["value"] == ["gold"]


def test_field_goes_to_list_and_segment_with_a_thumb(page_as: Opener, person: People) -> None:
    contact = make_contact("Bea", "Quill", owner=person("admin"))
    make_contact("Mia", "Other", owner=person("admin"))
    page = page_as("admin", phone=True)
    page.goto("/settings/fields/new/?type=contact")
    page.locator("#id_label").fill("Service plan")
    page.locator("#id_kind").select_option("choice")
    page.locator("#id_options").fill("Gold\nSilver")
    page.get_by_role("button", name="Add field").tap()
    expect(page.get_by_role("link", name="Service plan")).to_be_visible()
    page.goto(f"/contacts/{contact.pk}/edit/")
    page.locator("#id_cf_service_plan").select_option("gold")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_role("heading", name="Bea Quill", level=1)).to_be_visible()
    page.goto("/contacts/?columns=name,cf_service_plan")
    page.locator(".filter-menu summary").tap()
    page.locator("#filter-panel a[href*='filter=cf_service_plan']").tap()
    page.locator("input[name=value][value=gold]").check()
    page.get_by_role("button", name="Apply filter").tap()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert_no_sideways_scroll(page)
    page.goto("/contacts/segments/new/")
    page.locator("#id_name").fill("Gold people")
    page.locator("#c-0-field").select_option("cf_service_plan")
    page.locator("input[name='c-0.value'][value=gold]").check()
    expect(page.locator("#segment-preview")).to_contain_text("1 person you can see")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
    page.get_by_role("button", name="Create segment").tap()
    expect(page.locator("h1")).to_contain_text("Gold people")


@pytest.mark.parametrize("path", ["/settings/fields/", "/settings/fields/new/?type=contact", "field"])
def test_settings_fit_a_phone(page_as: Opener, path: str) -> None:
    field = create_custom_field(
        actor=None, record_type="contact", label="Plan", kind="choice", options=["Gold", "Silver"]
    )
    page = page_as("admin", phone=True)
    page.goto(path if path != "field" else f"/settings/fields/{field.pk}/")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
