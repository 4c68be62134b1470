"""A file of companies from the upload to the undo, by mouse and keyboard, on the desk and on the phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Company
from core.jobs.running import run
from core.models import Job
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll

CONTENT = "name,employees,sector\nAcme,5,technolgy\nBeta,many,retail\nGamma,7,softwre\n"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_file_is_mapped_tried_imported_decided_and_undone(
    page_as: Callable[..., Page], tmp_path: Path, phone: bool
) -> None:
    file = tmp_path / "firms.csv"
    file.write_text(CONTENT)
    page = page_as("admin", phone=phone)

    page.goto("/imports/new/?target=companies")
    _check(page)
    page.get_by_label("File", exact=True).set_input_files(str(file))
    page.get_by_role("button", name="Look at the columns").press("Enter")

    expect(page.get_by_label("sector")).to_have_value("industry")
    _check(page)
    page.get_by_role("button", name="Preview").press("Enter")

    expect(page.get_by_text("Trying firms.csv")).to_be_visible()
    _check(page)
    _run("core.import")
    expect(page.get_by_text("“many” is not a number.")).to_be_visible(timeout=10_000)
    expect(page.get_by_label("technolgy")).to_have_value("v:technology")
    page.get_by_label("softwre").select_option("later")
    _check(page)
    assert Company.objects.count() == 0
    page.get_by_role("button", name="Import companies").click()

    expect(page.get_by_text("Importing firms.csv")).to_be_visible()
    _run("core.import")
    expect(page.get_by_text("employees: “many” is not a number.")).to_be_visible(timeout=10_000)
    assert sorted(Company.objects.values_list("name", "industry")) == [
        ("Acme", "technology"),
        ("Gamma", "softwre"),
    ]
    _check(page)

    page.get_by_role("link", name="Decide").click()
    page.get_by_label("softwre").select_option("v:software")
    _check(page)
    page.get_by_role("button", name="Apply").press("Enter")
    expect(page.get_by_text("1 line settled")).to_be_visible()
    assert Company.objects.get(name="Gamma").industry == "software"

    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undoing firms.csv")).to_be_visible()
    _run("core.undo_import")
    expect(page.get_by_text("2 rows deleted")).to_be_visible(timeout=10_000)
    _check(page)
    assert Company.objects.count() == 0


def _run(kind: str) -> None:
    job = Job.objects.filter(kind=kind).latest("pk")
    done = run(job.pk)
    assert done is not None and done.state == "done", done and done.error


def _check(page: Page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
