"""A real Chromium against a live server on the test database, signed in as a role.

Every page is watched: a console error, an uncaught exception or a report of the content security policy fails
the test that saw it.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from core.models import User
from core.tests.factories import make_user
from frontend.build import build
from local.browser import chromium
from local.pytest_plugin import suite_data_dir
from local.testing import locked

# Playwright's synchronous interface runs a loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A limit for what hangs, not a measure: a busy machine may take its time.
expect.set_options(timeout=20_000)

_REPORT_CSP = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`content security policy: ${event.violatedDirective} refused ${event.blockedURI}`));
"""
# A form refused with its messages (422) and an edit refused with both versions (409) are answers, not faults;
# Chromium writes every such status to the console. The palette drops a request when the next letter is typed.
_EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of (409|422) "
    r"|^htmx:(afterRequest|sendAbort), \[object HTMLUListElement\]"
)


@dataclass
class Faults:
    """What went wrong in the browser. A test that provokes a fault names it with `expect`."""

    found: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=lambda: [_EXPECTED])

    def expect(self, pattern: str) -> None:
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [fault for fault in self.found if not any(pattern.search(fault) for pattern in self._expected)]

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(_REPORT_CSP)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.found.append(f"uncaught: {error.error}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"{message.text} [{message.location.get('url', '')}]")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session", autouse=True)
def built_front_end() -> None:
    """What pages load, up to date; one process of the suite builds it, the others wait."""
    with locked(suite_data_dir() / "front-end.lock"):
        build(with_dev=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine, with what it needs here."""
    browser = chromium()
    return {
        **browser_type_launch_args,
        "executable_path": str(browser.path),
        "args": browser.arguments,
        "env": {**os.environ, **browser.environment},
    }


@pytest.fixture
def browser_faults() -> Iterator[Faults]:
    """Checked after the test: whatever the browser complained about and the test did not expect."""
    faults = Faults()
    yield faults
    assert faults.unexpected() == []


@pytest.fixture
def new_page(
    browser: PlaywrightBrowser, live_server: Any, browser_faults: Faults
) -> Iterator[Callable[..., Page]]:
    """`new_page(user=None, phone=False, dark=False)`: a page in a context of its own, watched."""
    contexts: list[BrowserContext] = []

    def open_page(user: User | None = None, *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 390, "height": 844} if phone else {"width": 1366, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        browser_faults.watch(context)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def _session_cookie(user: User, url: str) -> Any:
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


@pytest.fixture
def person(transactional_db: None) -> Callable[..., User]:
    """`person("sales")`: the user of that role, made on the first call; more by `name`."""

    def make(role: str, name: str = "") -> User:
        email = f"{name or role}@demo.example"
        found = User.objects.filter(email=email).first()
        if found is not None:
            return found
        return make_user(role, email=email, name=(name or role).title(), is_staff=role == "admin")

    return make


@pytest.fixture
def page_as(new_page: Callable[..., Page], person: Callable[..., User]) -> Callable[..., Page]:
    """`page_as("manager", phone=True)`: a page of somebody signed in with that role."""
    return lambda role, **options: new_page(person(role), **options)
