"""A person at the preference centre, from the mail to the last word, by mouse, by keyboard and on a phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Consent, Contact, ContactPreference, OptIn, PrivacyRequest
from contacts.person_links import footer_token
from contacts.services.privacy_settings import save_privacy_settings
from contacts.services.wordings import ensure_wordings
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Job
from local.mail_catcher import MailCatcher
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Any:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    with MailCatcher(tmp_path / "maildir") as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def newest_link(catcher: MailCatcher) -> str:
    """The path of the link in the newest mail, after the worker has sent it."""
    for job in Job.objects.filter(state="queued"):
        run(job.pk)
    text = catcher.maildir.messages()[-1].read_text()
    found = re.search(r"(/p/[^\s]+)", text.replace("=\n", "").replace("=3D", "="))
    assert found is not None
    return found[1]


def sound(page: Page) -> None:
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_person_has_their_say(
    new_page: Callable[..., Page], transactional_db: None, catcher: MailCatcher, settings: Any, phone: bool
) -> None:
    """From the footer's link: choose, pause, ask for the strong link, correct, download, be erased."""
    save_privacy_settings(actor=None, erase_on_request=True)
    ensure_wordings()
    contact = make_contact("Ada", "Byron", email="ada@example.org", source="Fair in Leeds")
    page, press = new_page(phone=phone), "tap" if phone else "click"
    page.goto(f"/p/{footer_token(contact.pk)}/")
    sound(page)
    _choose(page, press)
    assert Consent.objects.get().state == "granted"
    assert ContactPreference.objects.get().frequency == "monthly"
    _correct(page, press, catcher)
    contact.refresh_from_db()
    assert contact.name == "Ada Lovelace"
    _take_everything_and_go(page, press)
    assert Contact.all_objects.get().name == ""
    assert sorted(PrivacyRequest.objects.values_list("kind", "state")) == [
        ("access", "done"),
        ("correction", "done"),
        ("erasure", "done"),
    ]


def _choose(page: Page, press: str) -> None:
    getattr(page.get_by_label("News and offers"), press)()
    page.get_by_label("Once a month at most").check()
    page.get_by_label("Pause").select_option("4")
    getattr(page.get_by_role("button", name="Save"), press)()
    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
    page.wait_for_load_state()
    expect(page.get_by_label("News and offers")).to_be_checked()
    sound(page)


def _correct(page: Page, press: str, catcher: MailCatcher) -> None:
    """The strong link comes by mail; with it one sees what is stored, and corrects it."""
    getattr(page.get_by_role("button", name="Send me that link"), press)()
    expect(page.get_by_text("We have sent a link to your address.")).to_be_visible()
    page.goto(newest_link(catcher))
    expect(page.get_by_text("Fair in Leeds")).to_be_visible()
    sound(page)
    getattr(page.get_by_role("link", name="See and correct"), press)()
    page.get_by_label("Last name").fill("Lovelace")
    getattr(page.get_by_role("button", name="Save"), press)()
    expect(page.get_by_text("It is corrected.")).to_be_visible()
    sound(page)


def _take_everything_and_go(page: Page, press: str) -> None:
    getattr(page.get_by_role("link", name="Back to your preferences"), press)()
    with page.expect_download() as download:
        getattr(page.get_by_role("button", name="Download everything"), press)()
    assert download.value.suggested_filename == "my-data.zip"
    getattr(page.get_by_role("link", name="Erase me"), press)()
    expect(page.get_by_label("Yes, erase everything about me")).to_be_visible()
    sound(page)
    page.get_by_label("Yes, erase everything about me").check()
    getattr(page.get_by_role("button", name="Erase me"), press)()
    expect(page.get_by_role("heading", name="You are erased")).to_be_visible()
    sound(page)


def test_subscribing_and_stopping_by_keyboard_alone(
    new_page: Callable[..., Page], transactional_db: None, catcher: MailCatcher
) -> None:
    ensure_wordings()
    page = new_page()
    page.goto("/p/subscribe/")
    sound(page)
    page.get_by_label("Your e-mail address").focus()
    page.keyboard.type("ann@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Ann")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    sound(page)
    assert not Contact.objects.exists()
    page.goto(newest_link(catcher))
    sound(page)
    page.get_by_role("button", name="Yes, write to me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, you are confirmed.")).to_be_visible()
    assert OptIn.objects.get().confirmed_at is not None
    page.get_by_role("button", name="Stop all mailings").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No mailings go to you any more.")).to_be_visible()
    assert list(Consent.objects.order_by("pk").values_list("state", flat=True)) == ["granted", "withdrawn"]


def test_asking_for_a_link(
    new_page: Callable[..., Page], transactional_db: None, catcher: MailCatcher
) -> None:
    make_contact("Ada", "Byron", email="ada@example.org")
    page = new_page()
    page.goto("/p/")
    sound(page)
    page.get_by_label("Your e-mail address").fill("nonsense")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("such as ann@example.org").first).to_be_visible()
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(newest_link(catcher) + "?lang=ar")
    expect(page.get_by_role("heading", name="تفضيلاتك", exact=True)).to_be_visible()
    sound(page)
