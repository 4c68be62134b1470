"""Panels that are read when somebody opens them."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.models import User
from core.registries import panels
from core.registries.panels import Panel
from core.tests.factories import make_user
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A lazy panel on files, and the keys of the records that it was read for."""
    found: list[int] = []

    def context(record: Any, user: Any) -> dict[str, Any]:
        found.append(record.pk)
        return {"panel": {"html": f"Read for {record.name}"}, "count": 1, "add_url": ""}

    panel = Panel(
        "odd", "file", "Odd things", "file", "ui/_panel_body.html", context, lazy=True, needs="file"
    )
    monkeypatch.setitem(panels._panels, "file", {"odd": panel})
    yield found


def test_a_lazy_panel_is_not_read_with_the_page(person: User, client_of: Any, reads: list[int]) -> None:
    made = make_file(person, name="Plan")
    page = client_of(person).get(f"/files/{made.pk}/?in=sort%3D-size").content.decode()
    assert "Odd things" in page
    assert 'hx-get="?in=sort%3D-size&amp;panel=odd"' in page
    assert reads == []


def test_opening_a_lazy_panel_answers_with_its_content_alone(
    person: User, client_of: Any, reads: list[int]
) -> None:
    made = make_file(person, name="Plan")
    answer = client_of(person).get(f"/files/{made.pk}/?panel=odd", headers={"HX-Request": "true"})
    assert answer.content.decode().strip() == "Read for Plan"
    assert reads == [made.pk]


def test_without_scripts_the_link_opens_the_panel_in_the_page(
    person: User, client_of: Any, reads: list[int]
) -> None:
    made = make_file(person, name="Plan")
    page = client_of(person).get(f"/files/{made.pk}/?panel=odd").content.decode()
    assert "<html" in page
    assert "Read for Plan" in page


@pytest.mark.usefixtures("reads")
def test_a_panel_of_a_type_that_one_may_not_view_is_not_there(
    monkeypatch: pytest.MonkeyPatch, client_of: Any, reads: list[int]
) -> None:
    user = make_user()
    grant(user, view="all")
    made = make_file(user, name="Plan")
    panel = panels.get("file", "odd")
    assert panel is not None
    secret = Panel(
        "odd", "file", "Odd things", "file", panel.template, panel.context, lazy=True, needs="deal"
    )
    monkeypatch.setitem(panels._panels, "file", {"odd": secret})
    client = client_of(user)
    assert "Odd things" not in client.get(f"/files/{made.pk}/").content.decode()
    asked = client.get(f"/files/{made.pk}/?panel=odd", headers={"HX-Request": "true"})
    assert (asked.status_code, reads) == (404, [])


@pytest.mark.usefixtures("reads")
def test_an_unknown_panel_is_not_found(person: User, client_of: Any) -> None:
    made = make_file(person)
    answer = client_of(person).get(f"/files/{made.pk}/?panel=none", headers={"HX-Request": "true"})
    assert answer.status_code == 404


def test_cards_below_the_first_screen_are_read_when_somebody_comes_there(
    monkeypatch: pytest.MonkeyPatch, person: User, client_of: Any
) -> None:
    read: list[str] = []

    def card(key: str, order: int) -> Panel:
        def context(record: Any, user: Any) -> dict[str, Any]:
            read.append(key)
            return {"panel": {"html": f"Read {key}."}}

        return Panel(key, "file", f"Card {key}", "file", "ui/_panel_body.html", context, order=order)

    monkeypatch.setitem(panels._panels, panels.EVERY_TYPE, {})
    monkeypatch.setitem(panels._panels, "file", {f"c{n}": card(f"c{n}", n) for n in range(8)})
    made, client = make_file(person), client_of(person)

    page = client.get(f"/files/{made.pk}/").content.decode()
    assert read == [f"c{n}" for n in range(6)]
    assert 'hx-get="?panel=*" hx-trigger="intersect once"' in page
    read.clear()
    rest = client.get(f"/files/{made.pk}/?panel=*", headers={"HX-Request": "true"}).content.decode()
    assert (read, "<html" in rest, "Read c6." in rest, "Card c7" in rest) == (["c6", "c7"], False, True, True)
    read.clear()
    whole = client.get(f"/files/{made.pk}/?panel=*").content.decode()  # the link, without scripts
    assert read == [f"c{n}" for n in range(8)]
    assert "intersect once" not in whole
