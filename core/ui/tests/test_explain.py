"""«Who can see this, and why?»: everybody at once, and one person action by action."""

from typing import Any

import pytest
from django.test import Client

from core.models import User
from core.tests.factories import make_role, make_team, make_user
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]


@pytest.fixture
def auditor(client: Client) -> User:
    role = make_role()
    role.capabilities = ["see_audit"]
    role.save()
    user = make_user(role)
    grant(user, view="all")
    client.force_login(user)
    return user


def test_everybody_who_sees_a_record_is_listed_with_the_reason(client: Client, auditor: User) -> None:
    north = make_team("North")
    owner, mate, other = make_user(team=north), make_user(team=north), make_user(team=make_team("South"))
    grant(owner, view="own", change="own")
    grant(mate, view="team")
    grant(other, view="team", change="all")
    made = make_file(owner)
    page = client.get(f"/records/file/{made.pk}/explain/")
    found = {one.user: (one.change, one.reason) for one in page.context["seen_by"]}
    assert found == {
        auditor: (False, "A role reaches all records of this type."),
        owner: (True, "This person owns the record."),
        mate: (False, "A role reaches the records of this person's team and of the teams below it."),
    }


def test_one_person_is_explained_action_by_action(client: Client, auditor: User) -> None:
    stranger = make_user()
    made = make_file(auditor)
    page = client.get(f"/records/file/{made.pk}/explain/?user={stranger.pk}")
    answers: dict[Any, Any] = dict(page.context["answers"])
    assert {action.value: answer.allowed for action, answer in answers.items()} == dict.fromkeys(
        ("view", "add", "change", "delete", "export"), False
    )
    assert answers["view"].reasons[0] == "No role of this person grants it."
    assert page.context["seen_by"] == []
