"""Every number of the dashboard opens a list, and the list counts the same."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from core.models import User
from tests.e2e.assertions import assert_no_sideways_scroll


@pytest.mark.slow
def test_numbers_open_the_rows_behind_them(
    new_page: Callable[..., Page], settings: Any, live_server: Any
) -> None:
    settings.PUBLIC_URL = live_server.url  # a campaign's page shows its message, whose pictures are there
    call_command("seed_demo", contacts=60, seed=3, stdout=io.StringIO())
    page = new_page(User.objects.get(email="manager@demo.example"))
    page.goto("/analytics/?period=year")
    links = page.locator(".dashboard a.kpi-link, .dashboard .attention a").evaluate_all(
        "found => found.map(link => [link.innerText.trim(), link.getAttribute('href')])"
    )
    assert len(links) >= 8
    wrong, compared = [], 0
    for text, href in dict.fromkeys((text, href) for text, href in links):
        response = page.goto(href)
        assert response is not None
        if response.status != 200:
            wrong.append(f"{text}: {href} answers {response.status}")
            continue
        leading = re.match(r"(\d+)( (?!days?\b)[A-Za-z]|$)", text)
        if leading and "/campaigns/" not in href:
            compared += 1
            shown = _count(page)
            if shown != int(leading.group(1)):
                wrong.append(f"{text}: {href} shows {shown}")
    assert not wrong, "\n".join(wrong)
    assert compared >= 3


def _count(page: Page) -> int:
    """The rows of the list, over all of its pages."""
    pager = page.locator(".pager .num")
    if pager.count():
        return int(pager.first.inner_text().split("of")[-1].strip().replace(",", "").lstrip("~"))
    return page.locator(".list-table tbody tr").count()


def test_number_is_opened_from_the_keyboard_and_on_a_phone(
    new_page: Callable[..., Page], transactional_db: None
) -> None:
    call_command("seed_demo", contacts=20, seed=3, stdout=io.StringIO())
    manager = User.objects.get(email="manager@demo.example")
    for phone in (False, True):
        page = new_page(manager, phone=phone)
        page.goto("/analytics/?period=year")
        assert_no_sideways_scroll(page)
        link = page.locator("[data-kpi] .value a").first
        link.focus()
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(re.compile("/analytics/"))
        assert_no_sideways_scroll(page)
