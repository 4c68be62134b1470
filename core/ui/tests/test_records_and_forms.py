"""The record page, forms in page and dialog, single fields, and edits that collide."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Favourite, File, User
from core.services.trash import delete_record
from core.tests.factories import make_team, make_user
from core.ui import sent_once
from core.ui.form_pages import conflicts_of
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]
FRAGMENT = {"HX-Request": "true"}
DIALOG = {"HX-Request": "true", "X-Dialog": "dialog-1"}


def test_record_page_knows_its_neighbours_in_the_list_it_came_from(person: User, client_of: Any) -> None:
    made = [make_file(person) for _ in range(4)]
    place = client_of(person).get(f"/files/{made[1].pk}/?in=sort%3D-size").context["neighbours"]
    assert (place.position, place.total) == (3, 4)
    assert place.previous_url == f"/files/{made[2].pk}/?in=sort%3D-size"
    assert place.next_url == f"/files/{made[0].pk}/?in=sort%3D-size"
    assert place.list_url == "/files/?sort=-size"


def test_record_page_among_all_records_leads_to_neighbours_and_has_no_number(
    person: User, client_of: Any
) -> None:
    made, client = [make_file(person) for _ in range(3)], client_of(person)
    place = client.get(f"/files/{made[1].pk}/").context["neighbours"]
    assert client.get(place.previous_url)["Location"] == f"/files/{made[0].pk}/"
    assert client.get(place.next_url)["Location"] == f"/files/{made[2].pk}/"
    assert place.position is None
    answer = client.get(f"/files/{made[2].pk}/?beside=next", follow=True)
    assert answer.redirect_chain == [(f"/files/{made[2].pk}/", 302)]
    assert "There is no other record in that direction." in answer.content.decode()


def test_steps_aside_pass_over_what_is_out_of_scope(client_of: Any) -> None:
    one, other = make_user(team=make_team()), make_user(team=make_team())
    grant(one, view="own")
    mine = make_file(one)
    make_file(other)
    last = make_file(one)
    assert client_of(one).get(f"/files/{mine.pk}/?beside=next")["Location"] == f"/files/{last.pk}/"
    hidden = File.objects.filter(owner=other).get()
    assert client_of(one).get(f"/files/{hidden.pk}/?beside=next").status_code == 404


@pytest.mark.parametrize("level", ["none", "own", "team", "all"])
def test_covers_and_restrict_never_disagree(level: str) -> None:
    from core.enums import Action
    from core.scope.access import load_profile

    parent = make_team()
    user = make_user(team=parent)
    grant(user, view="all", change=level)
    others = [
        user,
        make_user(team=parent),
        make_user(team=make_team(parent=parent)),
        make_user(team=make_team()),
    ]
    profile = load_profile(user)  # after the teams are there: a profile knows the tree of its moment
    files = [make_file(owner) for owner in others] + [make_file(None)]
    allowed = set(File.objects.visible_to(user, Action.CHANGE).values_list("pk", flat=True))
    assert {f.pk for f in files if File.scope.covers(f, profile, Action.CHANGE)} == allowed


def test_record_out_of_scope_is_not_found(client_of: Any) -> None:
    user = make_user()
    grant(user, view="own")
    assert client_of(user).get(f"/files/{make_file(make_user()).pk}/").status_code == 404


def test_record_page_leaves_out_hidden_fields(person: User, client_of: Any) -> None:
    person.roles.get().grants.update(hidden_fields=["media_type"])
    made = make_file(person, media_type="secret/type")
    page = client_of(person).get(f"/files/{made.pk}/")
    assert "secret/type" not in page.content.decode()


def test_record_page_costs_at_most_20_queries(person: User, client_of: Any) -> None:
    made, client = make_file(person), client_of(person)
    client.get(f"/files/{made.pk}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/files/{made.pk}/")
    assert len(queries) <= 20


def test_peek_is_a_fragment_without_the_shell(person: User, client_of: Any) -> None:
    made = make_file(person)
    page = client_of(person).get(f"/files/{made.pk}/", headers={"X-Peek": "1"}).content.decode()
    assert made.name in page
    assert "<html" not in page


def test_create_page_saves_and_an_invalid_form_keeps_what_was_typed(person: User, client_of: Any) -> None:
    client = client_of(person)
    refused = client.post("/files/new/", {"name": "", "media_type": "text/odd"})
    assert refused.status_code == 422
    assert 'value="text/odd"' in refused.content.decode()
    saved = client.post("/files/new/", {"name": "New one", "media_type": "text/odd"})
    assert (saved.status_code, saved["Location"]) == (303, f"/files/{File.objects.get().pk}/")


def test_create_without_the_right_is_refused_and_writes_nothing(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all")
    answer = client_of(user).post("/files/new/", {"name": "x", "media_type": "y"})
    assert (answer.status_code, File.objects.count()) == (403, 0)


def once_of(page: str) -> str:
    return page.split('name="once" value="')[1].split('"')[0]


def test_a_form_sent_twice_creates_one_record_and_leads_to_it(person: User, client_of: Any) -> None:
    client = client_of(person)
    typed = {
        "name": "New one",
        "media_type": "a",
        "once": once_of(client.get("/files/new/").content.decode()),
    }
    first, second = (client.post("/files/new/", typed) for _time in range(2))
    made = File.objects.get()
    assert [(answer.status_code, answer["Location"]) for answer in (first, second)] == [
        (303, f"/files/{made.pk}/")
    ] * 2
    told = [str(message) for message in get_messages(second.wsgi_request)]
    assert told[-1] == "“New one” has been saved once, not twice"
    dialog = client.post("/files/new/", typed, headers={**DIALOG, "X-Then": "stay"})
    assert json.loads(dialog["HX-Trigger"])["saved"]["id"] == made.pk
    assert File.objects.count() == 1
    delete_record(actor=person, record=made)
    assert client.post("/files/new/", typed)["Location"] == f"/files/{File.objects.get().pk}/"


def test_a_form_filled_in_anew_or_refused_before_is_sent_for_the_first_time(
    person: User, client_of: Any
) -> None:
    client = client_of(person)
    token = once_of(client.get("/files/new/").content.decode())
    for _time in range(2):
        refused = client.post("/files/new/", {"name": "", "media_type": "a", "once": token})
        assert (refused.status_code, once_of(refused.content.decode())) == (422, token)
    for name in ("One", "Two"):
        client.post("/files/new/", {"name": name, "media_type": "a", "once": token})
    assert sorted(File.objects.values_list("name", flat=True)) == ["One", "Two"]
    other = make_user()
    grant(other, view="all", add="all")
    client_of(other).post("/files/new/", {"name": "One", "media_type": "a", "once": token})
    assert File.objects.count() == 3, "a token is its owner's"


def test_a_form_that_is_still_at_work_is_waited_for_and_taken_where_it_made_nothing(
    person: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_once, "PATIENCE", 0.1)
    client = client_of(person)
    typed = {"name": "New one", "media_type": "a", "once": "token"}
    request = RequestFactory().post("/files/new/", typed)
    request.user = person
    first = sent_once.Sending(request)
    assert first.claim()
    assert (client.post("/files/new/", typed)["Location"], File.objects.count()) == ("/files/", 0)
    first.settle(None)
    assert client.post("/files/new/", typed)["Location"] == f"/files/{File.objects.get().pk}/"


def test_what_is_remembered_of_a_form_holds_nothing_that_was_typed(person: User, client_of: Any) -> None:
    client = client_of(person)
    client.post("/files/new/", {"name": "Zenobia", "media_type": "a", "once": "token"})
    kept = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    (key,) = kept.keys("*once:*")
    assert 3500 < kept.ttl(key) <= 3600
    assert b"Zenobia" not in key
    assert int(kept.get(key)) == File.objects.get().pk


def test_dialog_answers_with_an_event_that_names_the_record(person: User, client_of: Any) -> None:
    client = client_of(person)
    page = client.get("/files/new/", headers=DIALOG).content.decode()
    assert "<html" not in page
    assert 'data-draft="file-new"' in page
    saved = client.post(
        "/files/new/", {"name": "Nested", "media_type": "a"}, headers={**DIALOG, "X-Then": "stay"}
    )
    events = json.loads(saved["HX-Trigger"])
    assert saved.status_code == 204
    assert events["saved"] == {
        "type": "file",
        "id": File.objects.get().pk,
        "label": "Nested",
        "url": f"/files/{File.objects.get().pk}/",
    }


def test_a_stale_edit_shows_both_versions_and_a_second_save_decides(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="Before"), client_of(person)
    data = {"name": "Mine", "media_type": made.media_type, "owner": person.pk, "version": "1"}
    File.objects.filter(pk=made.pk).update(name="Theirs", version=2)
    stale = client.post(f"/files/{made.pk}/edit/", data)
    assert stale.status_code == 409
    assert [(c.theirs, c.yours) for c in stale.context["conflicts"]] == [("Theirs", "Mine")]
    assert 'name="version" value="2"' in stale.content.decode()
    assert File.objects.get(pk=made.pk).name == "Theirs"
    assert client.post(f"/files/{made.pk}/edit/", {**data, "version": "2"}).status_code == 303
    assert File.objects.get(pk=made.pk).name == "Mine"


def test_a_form_offers_and_takes_only_records_in_scope(person: User, client_of: Any) -> None:
    from core.models import RoleGrant

    stranger = make_user()
    role = person.roles.get()
    RoleGrant.objects.filter(role=role, record_type="user").delete()
    made = make_file(person)
    answer = client_of(person).post(
        f"/files/{made.pk}/edit/", {"name": "x", "media_type": "y", "owner": stranger.pk, "version": "1"}
    )
    assert answer.status_code == 422
    assert File.objects.get(pk=made.pk).owner_id == person.pk


def test_a_read_only_field_is_shown_but_not_taken(person: User, client_of: Any) -> None:
    person.roles.get().grants.update(read_only_fields=["media_type"])
    made = make_file(person)
    client_of(person).post(
        f"/files/{made.pk}/edit/", {"name": "Renamed", "media_type": "evil/type", "version": "1"}
    )
    made.refresh_from_db()
    assert (made.name, made.media_type) == ("Renamed", "text/plain")


def test_one_field_is_edited_in_a_cell(person: User, client_of: Any) -> None:
    made, client = make_file(person), client_of(person)
    url = f"/records/file/{made.pk}/field/media_type/?cell=type"
    form = client.get(url, headers=FRAGMENT).content.decode()
    assert 'name="media_type"' in form
    assert 'name="name"' not in form
    saved = client.post(url, {"media_type": "text/css", "version": "1"}, headers=FRAGMENT)
    assert (saved.status_code, saved.content) == (200, b"text/css")
    assert json.loads(saved["HX-Trigger"])["toast"]["undo_url"].startswith("/undo/")
    refused = client.post(url, {"media_type": "", "version": "2"}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "required" in refused.content.decode()
    File.objects.filter(pk=made.pk).update(media_type="text/theirs", version=3)
    stale = client.post(url, {"media_type": "text/mine", "version": "2"}, headers=FRAGMENT)
    assert stale.status_code == 409
    assert "text/theirs" in stale.content.decode()


@pytest.mark.parametrize("name", ["sha256", "version", "deleted_at"])
def test_fields_outside_the_form_can_not_be_edited(person: User, client_of: Any, name: str) -> None:
    made = make_file(person)
    answer = client_of(person).post(f"/records/file/{made.pk}/field/{name}/", {name: "1"})
    assert answer.status_code == 403


def test_star_and_follow_are_ones_own(person: User, client_of: Any) -> None:
    made, client = make_file(person), client_of(person)
    client.post(f"/records/file/{made.pk}/mark/", {"mark": "starred"})
    assert client.get(f"/files/{made.pk}/").context["starred"]
    assert Favourite.objects.get().user_id == person.pk
    client.post(f"/records/file/{made.pk}/mark/", {"mark": "starred"})
    assert not client.get(f"/files/{made.pk}/").context["starred"]


def test_delete_moves_to_the_recycle_bin_and_restore_brings_back(person: User, client_of: Any) -> None:
    made, client = make_file(person), client_of(person)
    client.post(f"/records/file/{made.pk}/delete/")
    assert client.get(f"/files/{made.pk}/").status_code == 404
    assert made.name in client.get("/trash/").content.decode()
    client.post(f"/records/file/{made.pk}/restore/")
    assert client.get(f"/files/{made.pk}/").status_code == 200


def test_delete_without_the_right_changes_nothing(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all")
    made = make_file(make_user())
    assert client_of(user).post(f"/records/file/{made.pk}/delete/").status_code == 403
    assert client_of(user).post(f"/records/file/{made.pk}/restore/").status_code == 403
    assert File.objects.filter(pk=made.pk).exists()


def test_history_shows_values_before_and_after_without_hidden_fields(person: User, client_of: Any) -> None:
    made, client = make_file(person, name="Old name"), client_of(person)
    data = {"name": "New name", "media_type": "text/changed", "owner": person.pk, "version": "1"}
    client.post(f"/files/{made.pk}/edit/", data)
    page = client.get(f"/records/file/{made.pk}/history/").content.decode()
    assert "Old name" in page
    assert "text/plain" in page
    person.roles.get().grants.update(hidden_fields=["media_type"])
    hidden = client.get(f"/records/file/{made.pk}/history/").content.decode()
    assert "Old name" in hidden
    assert "text/plain" not in hidden


class _Typed(forms.Form):
    price = forms.DecimalField()
    at = forms.DateTimeField(label="When")
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "Alpha"), ("b", "Beta")])
    urgent = forms.BooleanField(required=False)


def test_both_versions_are_told_in_words_and_only_where_they_differ() -> None:
    saved = SimpleNamespace(
        price=Decimal("5.00"),
        at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        day=date(2026, 3, 2),
        kind="a",
        urgent=True,
    )
    with timezone.override("Asia/Tokyo"):
        form = _Typed(
            {"price": "5", "at": "2026-03-01 10:30", "day": "2026-03-02", "kind": "b"},
            initial={"urgent": True},
        )
        assert form.is_valid()
        told = [(one.label, one.theirs, one.yours) for one in conflicts_of(form, saved)]
    assert told == [
        ("When", "1 Mar 2026, 17:00", "1 Mar 2026, 10:30"),
        ("kind", "Alpha", "Beta"),
        ("urgent", "Yes", "No"),
    ]
