"""Boards, the palette, choices, mentions, the inbox, jobs and the audit."""

import json
from typing import Any

import pytest

from core.models import File, Job, Notification, User
from core.services.notifications import notify
from core.tests.factories import make_role, make_team, make_user
from core.ui.mentions import mentioned_ids, notify_mentioned, rich_text
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]
FRAGMENT = {"HX-Request": "true"}


def test_a_card_is_moved_and_the_answer_holds_both_columns(person: User, client_of: Any) -> None:
    card = make_file(person)
    answer = client_of(person).post(
        "/files/board/", {"id": card.pk, "to": "text/html", "version": "1"}, headers=FRAGMENT
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("data-board-column=") == 2
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "Moved to text/html"
    assert File.objects.get(pk=card.pk).media_type == "text/html"


def test_a_stale_move_is_refused_in_words(person: User, client_of: Any) -> None:
    card = make_file(person)
    File.objects.filter(pk=card.pk).update(version=7)
    answer = client_of(person).post("/files/board/", {"id": card.pk, "to": "text/html", "version": "1"})
    assert answer.status_code == 409
    assert File.objects.get(pk=card.pk).media_type == "text/plain"


def test_a_card_out_of_scope_can_not_be_moved(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all", change="own")
    foreign = make_file(make_user())
    answer = client_of(user).post("/files/board/", {"id": foreign.pk, "to": "text/html", "version": "1"})
    assert answer.status_code == 403
    assert File.objects.get(pk=foreign.pk).media_type == "text/plain"


def test_the_palette_offers_places_and_actions_on_the_record(person: User, client_of: Any) -> None:
    made = make_file(person)
    page = client_of(person).get(f"/search/palette/?here=file:{made.pk}").content.decode()
    assert f"Actions on {made.name}" in page
    for place in ("Recycle bin", "My account", "Jobs", "Keyboard shortcuts"):
        assert place in page
    assert "Audit" not in page  # a capability that this role has not
    narrowed = client_of(person).get("/search/palette/?q=recyc").content.decode()
    assert "Recycle bin" in narrowed
    assert "Log a call" not in narrowed


def test_choices_come_from_the_persons_scope(client_of: Any) -> None:
    user = make_user(make_role(user="view:all"), name="Ada Quill")
    found = client_of(user).get("/options/user/?q=quill").json()["results"]
    assert [one["text"] for one in found] == ["Ada Quill"]
    assert client_of(make_user()).get("/options/user/?q=quill").status_code == 404
    assert client_of(user).get("/options/nothing/").status_code == 404


def test_a_mention_tells_those_who_may_see_the_record(person: User) -> None:
    blind = make_user(name="Blind")
    writer, made = make_user(name="Writer"), make_file(person)
    text = f"Ask @[{person.name}]({person.pk}) and @[Blind]({blind.pk}), again @[x]({person.pk})"
    assert mentioned_ids(text) == [person.pk, blind.pk]
    told = notify_mentioned(
        actor=writer, text=text, message="Writer asks", record=made, url="/x/", key="note:1"
    )
    assert told == 1
    assert Notification.objects.get().user_id == person.pk


def test_what_people_write_is_escaped_and_marked() -> None:
    html = rich_text('<b>Hi</b> @[Ada "Q"](7)\nsee https://example.com/?a=1&b=2')
    assert "<b>" not in html
    assert '<span class="mention">@Ada &quot;Q&quot;</span><br>' in html
    assert 'href="https://example.com/?a=1&amp;b=2"' in html


def test_the_inbox_shows_ones_own_and_opening_marks_as_read(client_of: Any) -> None:
    user, other = make_user(), make_user()
    notify(actor=other, user=user, kind="mention", text="Look here", url="/trash/")
    notify(actor=user, user=other, kind="mention", text="Not yours")
    client = client_of(user)
    page = client.get("/inbox/").content.decode()
    assert "Look here" in page
    assert "Not yours" not in page
    item = Notification.objects.get(user=user)
    assert client_of(other).post(f"/inbox/{item.pk}/").status_code == 404
    assert client.post(f"/inbox/{item.pk}/")["Location"] == "/trash/"
    item.refresh_from_db()
    assert item.read_at is not None


def test_a_notification_never_leads_to_another_site(client_of: Any) -> None:
    user = make_user()
    notify(actor=None, user=user, kind="x", text="Bad", url="//evil.example/")
    item = Notification.objects.get()
    assert client_of(user).post(f"/inbox/{item.pk}/")["Location"] == "/inbox/"


def test_a_job_page_asks_again_until_the_job_is_final(client_of: Any) -> None:
    user = make_user()
    job = Job.objects.create(kind="x", title="Import", owner=user, state="running", done=5, total=10)
    client = client_of(user)
    assert 'hx-trigger="every 1s"' in client.get(f"/jobs/{job.pk}/", headers=FRAGMENT).content.decode()
    assert client_of(make_user()).get(f"/jobs/{job.pk}/").status_code == 404
    client.post(f"/jobs/{job.pk}/")
    job.refresh_from_db()
    assert job.cancel_requested
    Job.objects.filter(pk=job.pk).update(state="done")
    assert "every 1s" not in client.get(f"/jobs/{job.pk}/", headers=FRAGMENT).content.decode()


def test_the_audit_needs_its_capability(client_of: Any) -> None:
    user = make_user(team=make_team())
    assert client_of(user).get("/audit/").status_code == 403
    assert client_of(make_user("analyst")).get("/audit/").status_code == 200
