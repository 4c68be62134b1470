"""A file of companies from the upload to the undo, by mouse and keyboard, on the desk and on the phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Company, Contact
from contacts.services.parties import update_contact
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

    expect(page.get_by_label("sector", exact=True)).to_have_value("industry")
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


PEOPLE = (
    "First name,Last name,E-mail,Birthday,Company\n"
    "Anna,Snelling,anna@example.com,01/02/1990,Acme\nBert,Brown,bert at example,03/04/1991,Acme\n"
)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_errors_are_mended_sent_in_again_and_undone_by_keyboard_alone(
    page_as: Callable[..., Page], tmp_path: Path, phone: bool
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    page = page_as("admin", phone=phone)
    _bring_people(page, file)
    _send_mended_lines(page, tmp_path / "mended.csv")
    assert sorted(Contact.objects.values_list("first_name", "birthday__month")) == [("Anna", 1), ("Bert", 3)]
    bert = Contact.objects.get(first_name="Bert")
    update_contact(actor=None, contact=bert, changes={"city": "Leeds"})
    _press(page, "button", "Undo the import")
    expect(page.get_by_text("Undoing mended.csv")).to_be_visible()
    _run("core.undo_import")
    link = page.get_by_role("link", name="See what was left alone")
    expect(link).to_be_visible(timeout=10_000)
    link.press("Enter")
    expect(page.get_by_role("link", name="Bert Brown")).to_be_visible()
    _check(page)
    assert Contact.objects.count() == 2


def _bring_people(page: Page, file: Path) -> None:
    """The file is read, its dates are said, it is tried and imported; one line fails."""
    page.goto("/imports/new/")
    _check(page)
    _choose(page, "What is in the file?", "contacts")
    page.get_by_label("File", exact=True).set_input_files(str(file))
    _press(page, "button", "Look at the columns")
    _check(page)
    _press(page, "button", "Preview")
    expect(page.get_by_text("Choose which comes first")).to_be_visible()
    _choose(page, "Dates of “Birthday”", "mdy")
    _check(page)
    _press(page, "button", "Preview")
    expect(page.get_by_text("Trying people.csv")).to_be_visible()
    _run("core.import")
    expect(page.get_by_text("is not an e-mail address").first).to_be_visible(timeout=10_000)
    _check(page)
    _import(page)
    expect(page.get_by_role("link", name="Download the failed lines")).to_be_visible(timeout=10_000)
    _check(page)


def _send_mended_lines(page: Page, mended: Path) -> None:
    with page.expect_download() as download:
        _press(page, "link", "Download the failed lines")
    failed = Path(download.value.path()).read_text("utf-8-sig")
    mended.write_text(failed.replace("bert at example", "bert@example.com"))
    page.get_by_label("Mended file").set_input_files(str(mended))
    _press(page, "button", "Send in again")
    expect(page.get_by_text("Trying mended.csv")).to_be_visible()
    _run("core.import")
    expect(page.get_by_role("button", name="Import contacts")).to_be_visible(timeout=10_000)
    _import(page)
    expect(page.get_by_text("Mends lines of")).to_be_visible(timeout=10_000)
    _check(page)


def _import(page: Page) -> None:
    """Pressed, and seen to be taken, before the worker runs: else it could find the job of the trial."""
    _press(page, "button", "Import contacts")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    _run("core.import")


def _press(page: Page, role: Any, name: str) -> None:
    target = page.get_by_role(role, name=name).locator("visible=true").first
    target.focus()
    target.press("Enter")


def _choose(page: Page, label: str, value: str) -> None:
    """A list by its first letters or arrows: `select_option` sends what the keys would."""
    field = page.get_by_label(label)
    field.focus()
    field.select_option(value)


def _run(kind: str) -> None:
    job = Job.objects.filter(kind=kind).latest("pk")
    done = run(job.pk)
    assert done is not None and done.state == "done", done and done.error


def _check(page: Page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
