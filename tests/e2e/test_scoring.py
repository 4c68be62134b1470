"""Customers are scored by the button; the figures and their reasons stand on the contact's page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from analytics.tests.factories import make_buyers
from contacts.models import Contact, CustomerMetric
from core.jobs.running import run
from core.models import Job
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll, tab_to


def test_customers_are_scored_by_the_button(page_as: Callable[..., Page]) -> None:
    make_buyers(120)
    newcomer = Contact.objects.create(first_name="New", name="New", sort_name="new")
    page = page_as("admin")
    page.goto("/analytics/models/")
    tab_to(page, "main form button[type=submit]")
    expect(page.locator(":focus")).to_have_text("Score customers now")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    run(Job.objects.get(kind="analytics.score_customers").pk)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    metric = CustomerMetric.objects.filter(contact__isnull=False, orders__gt=2).order_by("pk").first()
    assert metric is not None
    assert metric.lifetime_value > 0

    page.goto(f"/contacts/{metric.contact_id}/")
    card = page.locator(".metric-card")
    expect(card.get_by_text("Next 12 months")).to_be_visible()
    expect(card.locator(".metric-reasons li").first).to_be_visible()
    expect(card.get_by_text("Churn risk")).to_be_visible()
    assert_no_axe_violations(page)
    page.goto(f"/contacts/{newcomer.pk}/")
    expect(page.locator(".metric-card .metric-reasons")).to_have_count(0)

    narrow = page_as("admin", phone=True)
    narrow.goto("/contacts/?columns=name,clv,churn")
    expect(narrow.get_by_role("link", name="Buyer").first).to_be_visible()
    assert_no_sideways_scroll(narrow)
    narrow.goto("/analytics/models/")
    assert_no_sideways_scroll(narrow)
    narrow.get_by_role("button", name="Score customers now").tap()
    expect(narrow.get_by_role("button", name="Cancel")).to_be_visible()
