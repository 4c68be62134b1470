"""A record's history: narrowed to a field, paged, and the way back to what was there before."""

from typing import Any

import pytest

from core.enums import AccessLevel
from core.history.selectors import history_of
from core.models import File, RoleGrant, User
from core.services.base import save_changes
from core.tests.factories import make_user
from core.ui import history_pages
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]


def changed(record: File, **values: Any) -> int:
    """Change the record and return the change's number."""
    save_changes(record, values)
    return history_of(record)[0].id


def test_history_is_narrowed_to_one_field(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="first"), client_of(person)
    changed(made, name="second")
    changed(made, media_type="text/css")
    page = client.get(f"/records/file/{made.pk}/history/?field=media_type")
    assert [line.fields for line in page.context["entries"]] == [[("Media type", "text/plain", "text/css")]]
    assert ("name", "Name") in page.context["field_names"]


def test_history_goes_back_as_far_as_one_asks(
    person: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_pages, "SHOWN", 2)
    made, client = make_file(person), client_of(person)
    for number in range(4):
        changed(made, name=f"name {number}")
    page = client.get(f"/records/file/{made.pk}/history/")
    assert (len(page.context["entries"]), page.context["older"]) == (2, 4)
    rest = client.get(f"/records/file/{made.pk}/history/?shown=6")
    assert (len(rest.context["entries"]), rest.context["older"]) == (5, 0)


def test_a_change_is_put_back_and_that_can_be_undone(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="first"), client_of(person)
    change = changed(made, name="second", media_type="text/css")
    url = f"/records/file/{made.pk}/history/{change}/"
    done = client.post(url, {"version": str(made.version)})
    assert done.status_code == 303
    made.refresh_from_db()
    assert (made.name, made.media_type, made.version) == ("first", "text/plain", 3)
    newest = history_of(made)[0]
    assert (newest.actor, newest.cause) == (person, "page")
    assert client.post(url, {"version": 3}).status_code == 404, "nothing is left to put back"


def test_one_field_of_a_change_is_put_back(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="first"), client_of(person)
    RoleGrant.objects.create(role=person.roles.get(), record_type="user", view=AccessLevel.ALL)
    change = changed(made, name="second", owner=make_user())
    client.post(f"/records/file/{made.pk}/history/{change}/", {"version": 2, "field": "owner"})
    made.refresh_from_db()
    assert (made.name, made.owner) == ("second", person)


def test_a_colleague_out_of_sight_is_named_but_not_put_back(person: User, client_of: Any) -> None:
    made = make_file(person)
    change = changed(made, owner=make_user())
    page = client_of(person).get(f"/records/file/{made.pk}/history/")
    assert str(person) in page.content.decode()
    assert client_of(person).post(f"/records/file/{made.pk}/history/{change}/").status_code == 404


def test_putting_back_a_stale_record_changes_nothing(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="first"), client_of(person)
    change = changed(made, name="second")
    changed(made, media_type="text/css")
    url = f"/records/file/{made.pk}/history/"
    assert client.post(f"{url}{change}/", {"version": 2}).headers["Location"] == url
    assert "Nothing was put back." in client.get(url).content.decode()
    made.refresh_from_db()
    assert (made.name, made.version) == ("second", 3)


def test_readers_and_read_only_fields_are_left_alone(person: User, client_of: Any) -> None:
    made, reader = make_file(person, name="first"), make_user()
    grant(reader, view="all")
    change = changed(made, name="second")
    url = f"/records/file/{made.pk}/history/"
    assert f"{url}{change}/" not in client_of(reader).get(url).content.decode()
    assert client_of(reader).post(f"{url}{change}/", {"version": 2}).status_code == 403
    assert f"{url}{change}/" in client_of(person).get(url).content.decode()
    person.roles.get().grants.update(read_only_fields=["name"])
    assert client_of(person).post(f"{url}{change}/", {"version": 2}).status_code == 404
    made.refresh_from_db()
    assert made.name == "second"
