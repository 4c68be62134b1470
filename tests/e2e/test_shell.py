"""The pages that need nothing but a person."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_login_page_is_accessible_and_fits(new_page: Callable[..., Page], phone: bool) -> None:
    page = new_page(phone=phone)
    page.goto("/")
    assert page.url.endswith("/accounts/login/?next=/")
    assert_no_sideways_scroll(page)
    assert_no_axe_violations(page)
