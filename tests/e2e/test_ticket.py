"""A ticket from the help page to the answer and back, as a customer and an agent live through it."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.mail_catcher import MailCatcher
from service.models import Ticket
from service.services.defaults import ensure_service_defaults
from service.services.sending import deliver, due_messages
from service.tests.factories import make_mail, receive
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    with MailCatcher(tmp_path / "maildir") as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_ticket_is_asked_answered_and_reopened(
    page_as: Callable[..., Page],
    new_page: Callable[..., Page],
    catcher: MailCatcher,
    phone: bool,
) -> None:
    ensure_service_defaults(actor=None)
    customer = new_page(phone=phone)
    customer.goto("/help/")
    assert_no_axe_violations(customer)
    customer.get_by_label("Your name").fill("Ann Lee")
    customer.get_by_label("Your e-mail address").fill("ann@example.org")
    customer.get_by_label("Subject").fill("Reader drifts")
    customer.get_by_label("How can we help?").fill("Three percent too high.")
    customer.get_by_role("button", name="Send").press("Enter")
    expect(customer.get_by_role("heading", name="Thank you")).to_be_visible()
    assert_no_axe_violations(customer)
    assert_no_sideways_scroll(customer)
    ticket = Ticket.objects.get()

    page = page_as("service", phone=phone)
    page.goto(f"/service/tickets/{ticket.pk}/")
    expect(page.get_by_text("Three percent too high.").first).to_be_visible()
    assert_no_axe_violations(page)
    _write(page, "note", "Ask the lab first", phone=phone)
    expect(page.locator("#latest").get_by_text("Ask the lab first")).to_be_visible()
    _write(page, "reply", "Please calibrate it again.", phone=phone)
    expect(page.locator("#latest").get_by_text("Waiting to be sent")).to_be_visible()
    assert [deliver(pk) for pk in due_messages()] == ["sent", "sent"]
    page.reload()
    expect(page.get_by_text("Please calibrate it again.").first).to_be_visible()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Solved").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()

    answer = message_from_bytes(catcher.maildir.messages()[-1].read_bytes())
    receive(make_mail("Still drifts.", To=str(answer["Reply-To"]), Subject="Re: it"))
    page.reload()
    expect(page.get_by_text("Still drifts.").first).to_be_visible()
    expect(page.get_by_role("button", name="Solved")).to_be_visible()
    assert Ticket.objects.get().reopened_count == 1


def _write(page: Page, kind: str, text: str, *, phone: bool) -> None:
    """By mouse on a phone, by the keys alone on a desk."""
    if phone:
        page.locator(f"[data-compose={kind}]").first.tap()
    else:
        page.locator("body").press("r" if kind == "reply" else "n")
    field = page.locator("#say-text" if kind == "reply" else "#say-note")
    expect(field).to_be_focused()
    field.press_sequentially(text)
    if phone:
        page.get_by_role("button", name=re.compile("Send answer|Add note")).tap()
    else:
        field.press("Control+Enter")
    page.wait_for_url("**#latest")
