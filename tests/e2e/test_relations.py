"""A person gets a manager and a comment by keyboard; people stand on a map; a company is added with a thumb."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from contacts.models import Affiliation, Place, Relationship
from contacts.services.relationships import ensure_standard_kinds
from contacts.tests.factories import make_company, make_contact
from core.models import Comment
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


def test_manager_and_comment_by_keyboard(page_as: Callable[..., Page], person: Callable[..., object]) -> None:
    ensure_standard_kinds(actor=None)
    seller, company = person("sales"), make_company("Engines", owner=person("sales"))
    low = make_contact("Lou", "Low", owner=seller, company=company)
    make_contact("Bea", "Boss", owner=seller, company=company)
    page = page_as("sales")
    page.goto(f"/contacts/{low.pk}/")
    page.get_by_role("link", name="Add to Relationships").press("Enter")
    dialog = page.get_by_role("dialog", name="Add a relationship")
    expect(dialog).to_be_visible()
    dialog.get_by_label("This person").select_option(label="reports to")
    whom = dialog.locator(".ts-control input")
    whom.focus()
    page.keyboard.type("Boss")
    expect(dialog.get_by_role("option", name="Bea Boss")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".record-related").get_by_text("reports to")).to_be_visible()
    assert Relationship.objects.get().contact == low

    box = page.get_by_role("textbox", name="Comment")
    box.focus()
    page.keyboard.type("Ask Bea first")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".comment").get_by_text("Ask Bea first")).to_be_visible()
    assert Comment.objects.get().body == "Ask Bea first"
    assert_no_axe_violations(page)

    page.goto(f"/contacts/companies/{company.pk}/people/")
    expect(page.locator(".org-chart ul").get_by_text("Lou Low")).to_be_visible()


def test_people_stand_on_the_map_and_in_the_table(page_as: Callable[..., Page]) -> None:
    for name, latitude, longitude in (("leeds", 53.8, -1.55), ("berlin", 52.52, 13.41)):
        Place.objects.create(
            country="GB" if name == "leeds" else "DE", kind="c", key=name, name=name.title(),
            latitude=latitude, longitude=longitude, population=1,
        )  # fmt: skip
    for city, country in (("Leeds", "GB"), ("Leeds", "GB"), ("Berlin", "DE")):
        make_contact(city=city, country=country)
    page = page_as("admin")
    page.goto("/contacts/map/")
    expect(page.locator("[data-map][data-ready='2']")).to_be_visible()
    assert page.locator("path.map-town").count() == 2
    page.get_by_role("textbox", name="Within").fill("30 km of Leeds")
    page.keyboard.press("Enter")
    expect(page.locator("[data-map][data-ready='1']")).to_be_visible()
    page.get_by_role("row", name="Leeds").get_by_role("link").click()
    expect(page.get_by_role("link", name="Ada Person").first).to_be_visible()


def test_company_is_added_with_a_thumb(page_as: Callable[..., Page], person: Callable[..., object]) -> None:
    contact = make_contact("Ada", "Lovelace", owner=person("sales"))
    make_company("Engines", owner=person("sales"))
    page = page_as("sales", phone=True)
    page.goto(f"/contacts/{contact.pk}/companies/add/")
    page.locator(".ts-control").tap()
    page.keyboard.type("Engines")
    page.get_by_role("option", name="Engines").tap()
    page.get_by_label("Title").fill("Analyst")
    page.get_by_label("Buying role").select_option(label="Champion")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()
    assert (Affiliation.objects.get().title, Affiliation.objects.get().role) == ("Analyst", "champion")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
