"""The dashboard that is kept because reckoning it takes long."""

import pytest
from django.test import Client

from analytics.dashboard import kept
from analytics.tests.views.test_dashboard import URL, client_of, fill
from core.models import User
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    team = make_team()
    user = make_user("manager", team=team)
    fill(1, team)
    return user


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dashboard counts as dear."""
    monkeypatch.setattr(kept, "DEAR", 0.0)


def won(client: Client, url: str = URL) -> str:
    return str(client.get(url).context["dashboard"].kpis[0].value)


def test_a_cheap_dashboard_is_reckoned_for_every_look(manager: User) -> None:
    client = client_of(manager)
    before = won(client)
    fill(1, manager.team)
    assert won(client) != before
    assert client.get(URL).context["kept_at"] is None


@pytest.mark.usefixtures("dear")
def test_a_dear_dashboard_is_kept_and_says_from_when(manager: User) -> None:
    client = client_of(manager)
    before = won(client)
    fill(1, manager.team)
    page = client.get(URL)
    assert str(page.context["dashboard"].kpis[0].value) == before
    assert f"as of {page.context['kept_at']:%H:%M}" in page.content.decode()
    assert won(client, f"{URL}&fresh=1") != before
    assert won(client) != before


@pytest.mark.usefixtures("dear")
def test_other_rights_find_nothing_kept(manager: User) -> None:
    client = client_of(manager)
    before = won(client)
    fill(1, manager.team)
    manager.roles.add(make_role(deal="view:all"))
    assert won(client) != before


@pytest.mark.usefixtures("dear")
def test_nobody_gets_what_was_kept_for_another(manager: User) -> None:
    client_of(manager).get(URL)
    page = client_of(make_user("manager", team=make_team())).get(URL)
    assert page.context["kept_at"] is None
