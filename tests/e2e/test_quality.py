"""Data quality: counted by the button, mended from its list, standardised with a look before, undone."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Contact, StandardisingRun
from contacts.services.quality import take_snapshot
from contacts.tests.factories import make_contact
from core.jobs.running import run as run_job
from core.models import Job, User
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


def test_flaws_are_counted_and_open_their_list(page_as: Callable[..., Page]) -> None:
    make_contact("Ada", "Byron", email="ada@example.com", country="DE")
    make_contact("Bob", "Roe", country="DE")
    take_snapshot(actor=None, record_type="contact", day=timezone.localdate() - timedelta(days=7))
    page = page_as("admin")
    page.goto("/contacts/quality/")
    page.get_by_role("button", name="Count now").press("Enter")
    run_job(Job.objects.get(kind="contacts.measure_quality").pk)
    page.goto("/contacts/quality/?type=contact")
    row = page.get_by_role("row", name="No e-mail address")
    expect(row).to_contain_text("50.0%")
    expect(row.locator(".trend-cell")).to_contain_text("+0.0")
    table = page.locator(".table-scroll").first
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") == 0, "a column is cut off"
    cut = row.locator(".trend-cell").evaluate("e => e.scrollWidth - e.clientWidth")
    assert cut == 0, "the change beside the curve is cut off"
    assert_no_axe_violations(page)
    row.get_by_role("link", name="1").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="Bob Roe").first).to_be_visible()
    page.goto("/contacts/quality/targets/?type=contact")
    page.get_by_label("No e-mail address").fill("40")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="No e-mail address").locator(".badge")).to_have_text("40")

    phone = page_as("admin", phone=True)
    phone.goto("/contacts/quality/?type=contact")
    expect(phone.get_by_role("link", name="No e-mail address")).to_be_visible()
    assert_no_sideways_scroll(phone)


def test_values_are_standardised_by_keyboard_and_undone(page_as: Callable[..., Page]) -> None:
    contact = make_contact("JOHN", "ROE", job_title="HEAD OF SALES", owner=None)
    page = page_as("admin")
    page.goto("/contacts/quality/standardise/")
    page.locator("main").get_by_role("button", name="Search", exact=True).last.press("Enter")
    page.wait_for_url("**/standardise/*/")
    run = StandardisingRun.objects.get()
    run_job(run.find_job_id)
    page.reload()
    expect(page.locator(".standard-table tbody tr")).to_have_count(3)
    assert_no_axe_violations(page)
    page.get_by_role("checkbox", name="JOHN becomes John").press("Space")
    page.get_by_role("button", name="Apply what is ticked").press("Enter")
    expect(page.get_by_text("Being applied")).to_be_visible()
    run.refresh_from_db()
    run_job(run.apply_job_id)
    after = Contact.objects.get(pk=contact.pk)
    assert (after.first_name, after.last_name, after.job_title) == ("JOHN", "Roe", "Head of Sales")

    phone = page_as("admin", phone=True)
    phone.goto(f"/contacts/quality/standardise/{run.pk}/")
    assert_no_sideways_scroll(phone)
    phone.get_by_role("button", name="Undo all of it").click()
    phone.wait_for_url("**/standardise/*/")
    run.refresh_from_db()
    run_job(run.undo_job_id)
    phone.reload()
    expect(phone.get_by_text("Undone", exact=True)).to_be_visible()
    assert Contact.objects.get(pk=contact.pk).last_name == "ROE"
    assert User.objects.filter(email="admin@demo.example").exists()
