"""The start page: sections in scope, the first steps, and stars in the sidebar."""

from typing import Any

import pytest

from core.models import User
from core.registries import home
from core.registries.home import FirstStep
from core.selectors.favourites import marks_for_page, starred_by, starred_records
from core.services.marks import toggle_mark
from core.tests.factories import make_user
from core.ui.tests.conftest import make_file
from core.views.home import greeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]


@pytest.mark.parametrize(
    ("hour", "words"), [(4, "evening"), (5, "morning"), (12, "afternoon"), (18, "evening")]
)
def test_the_greeting_follows_the_clock(hour: int, words: str) -> None:
    assert greeting(hour, "Ada") == f"Good {words}, Ada"


def test_the_checklist_shows_what_is_done_and_can_be_put_away(
    client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {
        "one": FirstStep("one", "One", "", "core:home", lambda user: True, order=1),
        "two": FirstStep("two", "Two", "", "core:home", lambda user: False, order=2),
        "no": FirstStep("no", "Not yours", "", "core:home", lambda user: False, lambda profile: False),
    }
    monkeypatch.setattr(home, "_steps", steps)
    user = make_user()
    client = client_of(user)
    assert [(s.key, done) for s, done in client.get("/").context["steps"]] == [("one", True), ("two", False)]
    client.post("/")
    assert client.get("/").context["steps"] == []


def test_stars_are_read_by_type_and_only_in_scope(person: User, django_assert_num_queries: Any) -> None:
    files = [make_file(person) for _ in range(3)]
    for one in files:
        toggle_mark(actor=person, record=one, mark="starred")
    toggle_mark(actor=person, record=files[0], mark="following")
    mark, starred = marks_for_page(person, files[0])
    assert mark is not None
    assert mark.following
    with django_assert_num_queries(1):
        found = [record for _type, record in starred_records(person, starred)]
    assert found == files[::-1]
    person.roles.clear()
    stranger = User.objects.get(pk=person.pk)
    assert starred_records(stranger, starred_by(stranger)) == []
