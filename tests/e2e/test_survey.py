"""A customer says how it was: from the mail, by mouse, by keyboard alone, on a phone, and without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from contacts.tests.factories import make_contact
from core.tests.factories import make_user
from service.models import SurveyAnswer, SurveyRequest, SurveySettings
from service.services.surveys import ask
from service.services.tickets import change_status
from service.survey_links import survey_token
from service.tests.factories import make_ticket
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.fixture
def survey(transactional_db: None) -> SurveyRequest:
    SurveySettings.objects.create(pk=1, is_on=True)
    contact = make_contact("Ann", "Lee", email="ann@example.org")
    ticket = make_ticket(contact=contact, requester_address="ann@example.org", subject="Printer")
    change_status(actor=None, ticket=ticket, status="solved")
    request = SurveyRequest.objects.create(ticket=ticket, due_at=timezone.now())
    assert ask(actor=None, request_id=request.pk) is not None
    request.refresh_from_db()
    return request


def path_of(request: SurveyRequest) -> str:
    return f"/s/{survey_token(request.pk, request.nonce)}/"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_customer_answers_and_changes_the_answer(
    new_page: Callable[..., Page], survey: SurveyRequest, phone: bool
) -> None:
    page = new_page(phone=phone)
    page.goto(path_of(survey) + "?score=2")
    expect(page.get_by_label("2 dissatisfied")).to_be_checked()
    assert not SurveyAnswer.objects.exists()
    page.get_by_label("What was good, what was not?").fill("Far too slow")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("Thank you. Your answer is kept.")).to_be_visible()
    assert_no_axe_violations(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("4 satisfied", exact=True).check()
    page.get_by_role("button", name="Change my answer").click()
    expect(page.get_by_label("4 satisfied", exact=True)).to_be_checked()
    page.wait_for_load_state()
    assert list(SurveyAnswer.objects.values_list("score", "words", "times")) == [(4, "Far too slow", 2)]

    agent = new_page(make_user("service"), phone=phone)
    agent.goto("/service/surveys/?score__gte=4")
    expect(agent.get_by_text("4 of 5")).to_be_visible()
    agent.get_by_role("link", name="Far too slow").click()
    expect(agent.get_by_role("heading", name="Printer")).to_be_visible()
    agent.goto(f"/contacts/{survey.ticket.contact_id}/")
    expect(agent.get_by_text("Survey answered: 4 of 5 for")).to_be_visible()


def test_answer_by_keyboard_alone(new_page: Callable[..., Page], survey: SurveyRequest) -> None:
    page = new_page()
    page.goto(path_of(survey) + "?score=5")
    page.get_by_label("5 very satisfied").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Quick")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. Your answer is kept.")).to_be_visible()
    assert list(SurveyAnswer.objects.values_list("score", "words")) == [(4, "Quick")]


def test_answer_without_a_script_in_arabic(browser: Browser, live_server: Any, survey: SurveyRequest) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(path_of(survey) + "?lang=ar&score=1")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_role("button", name="إرسال إجابتي").click()
    expect(page.get_by_text("شكراً لك. تم حفظ إجابتك.")).to_be_visible()
    assert SurveyAnswer.objects.get().score == 1
    context.close()
