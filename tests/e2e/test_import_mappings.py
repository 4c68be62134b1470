"""Mappings under a name, and a trial line by line, by keyboard alone, on the desk and on the phone."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.models import ImportMapping, User
from core.services.import_mappings import save_mapping
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_mapping_is_renamed_shared_proposed_and_removed_by_keyboard(
    page_as: Callable[..., Page], tmp_path: Path, phone: bool
) -> None:
    page = page_as("admin", phone=phone)
    columns = {"Nr": "external_id", "Firm": "name", "Staff": "employees"}
    save_mapping(
        actor=None, target="companies", name="Nobody's", mapping={"columns": {"A": "name"}}, shared=True
    )
    page.goto("/imports/mappings/")
    _check(page)
    admin = User.objects.get(roles__key="admin")
    save_mapping(
        actor=admin, target="companies", name="Old", mapping={"columns": columns, "namespace": "erp"}
    )
    page.reload()
    name = page.get_by_label("Name", exact=True)
    name.focus()
    name.fill("Suppliers")
    name.press("Enter")
    expect(page.get_by_role("heading", name="Suppliers")).to_be_visible()
    share = page.get_by_role("button", name="Share with everybody")
    share.focus()
    share.press("Enter")
    expect(page.get_by_role("button", name="Keep it to myself")).to_be_visible()
    page.locator("summary").first.focus()
    page.locator("summary").first.press("Enter")
    _check(page)
    _shot(page, f"mappings-{'phone' if phone else 'desktop'}")
    file = tmp_path / "suppliers.csv"
    file.write_text("Nr,Firm,Staff\n7,Acme,5\n")
    page.goto("/imports/new/")
    page.get_by_label("File", exact=True).set_input_files(str(file))
    page.get_by_role("button", name="Look at the columns").press("Enter")
    expect(page.get_by_text("Mapped as “Suppliers”")).to_be_visible()
    expect(page.get_by_label("Whose ids they are")).to_have_value("erp")
    _check(page)
    _shot(page, f"map-{'phone' if phone else 'desktop'}")
    page.goto("/imports/mappings/")
    remove = page.get_by_role("button", name="Remove")
    remove.focus()
    remove.press("Enter")
    expect(page.get_by_text("“Suppliers” removed")).to_be_visible()
    assert ImportMapping.objects.filter(owner=admin).count() == 0


def _check(page: Page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
