"""Comments with mentions, and what followers are told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contacts.services.activities import log_activity
from contacts.services.parties import update_contact
from contacts.tests.factories import make_contact
from core.models import Comment, Notification, RoleGrant
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed
from core.services.comments import add_comment, change_comment, remove_comment
from core.services.marks import toggle_mark
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def inbox(user: Any) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", "text"))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_comment_is_written_beside_the_record_and_tells_whom_it_mentions() -> None:
    author, reader = make_user("marketing", name="Mira"), make_user("marketing", name="Noor")
    blind = make_user("sales", make_team("South"))
    contact, client = make_contact("Ada", "Byron"), signed_in(author)
    url = reverse("core:comments", args=["contact", contact.pk])
    empty = client.post(url, {"body": "  "}, headers={"HX-Request": "true"})
    assert (empty.status_code, Comment.objects.count()) == (422, 0)
    body = f"Ask @[Noor]({reader.pk}) and @[Blind]({blind.pk}) <b>now</b>"
    shown = client.post(url, {"body": body}, headers={"HX-Request": "true"})
    assert shown.status_code == 200
    html = shown.content.decode()
    assert '<span class="mention">@Noor</span>' in html
    assert "&lt;b&gt;now&lt;/b&gt;" in html
    assert inbox(reader) == [("mention", "Mira mentioned you in a comment on Ada Byron")]
    assert inbox(blind) == []
    assert "Mira" in client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()


def test_comment_is_changed_and_removed_by_its_author_alone() -> None:
    author, other, contact = make_user("marketing"), make_user("marketing"), make_contact()
    comment = add_comment(actor=author, record=contact, body="first")
    for client, status in ((signed_in(other), 404), (signed_in(author), 303)):
        url = reverse("core:comment", args=[comment.pk])
        assert client.post(url, {"body": "second"}).status_code == status
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at is not None) == ("second", True)
    with pytest.raises(NotAllowed):
        change_comment(actor=other, comment=comment, body="x")
    with pytest.raises(NotAllowed):
        remove_comment(actor=other, comment=comment)
    assert signed_in(author).post(reverse("core:comment_remove", args=[comment.pk])).status_code == 303
    assert not Comment.objects.exists()


def test_readers_may_not_comment_and_strangers_see_nothing() -> None:
    contact = make_contact()
    add_comment(actor=None, record=contact, body="Canary")
    url = reverse("core:comments", args=["contact", contact.pk])
    assert signed_in(make_user("readonly")).post(url, {"body": "x"}).status_code == 403
    stranger = make_user(make_role("own", contact="view:own", comment="view:all,add:all"), make_team("S"))
    answer = signed_in(stranger).get(url)
    assert (answer.status_code, "Canary" in answer.content.decode()) == (404, False)
    assert Comment.objects.count() == 1


def test_followers_are_told_of_changes_comments_and_activities_in_their_scope() -> None:
    contact = make_contact("Ada", "Byron")
    author, follower = make_user("marketing", name="Mira"), make_user("marketing", name="Noor")
    narrow = make_role("narrow", contact="view:all")
    RoleGrant.objects.filter(role=narrow).update(hidden_fields=["city"])
    half_blind = make_user(narrow)
    for user in (author, follower, half_blind):
        toggle_mark(actor=user, record=contact, mark="following")
    update_contact(actor=author, contact=contact, changes={"city": "Leeds"})
    add_comment(actor=author, record=contact, body="Hello")
    log_activity(actor=author, kind="call", contact=contact, body="secret words")
    drain()
    assert inbox(follower) == [
        ("follow", "Ada Byron: Mira commented"),
        ("follow", "Ada Byron: city changed"),
        ("follow", "Ada Byron: Call"),
    ]
    assert [text for _kind, text in inbox(half_blind)] == ["Ada Byron: Mira commented", "Ada Byron: Call"]
    assert inbox(author) == []


def test_everybody_is_told_in_their_own_language_whoever_acts() -> None:
    author, contact = make_user("admin", name="Mira", language="en"), make_contact("Ada", "Byron")
    german = make_user("admin", name="Noor", language="de")
    toggle_mark(actor=german, record=contact, mark="following")
    with translation.override("en"):
        add_comment(actor=author, record=contact, body=f"Ask @[Noor]({german.pk})")
        update_contact(actor=author, contact=contact, changes={"city": "Kyiv"})
        log_activity(actor=author, kind="call", contact=contact, subject="Hello")
        drain()
    assert [text for _kind, text in inbox(german)] == [
        "Mira hat Sie in einem Kommentar zu Ada Byron erwähnt",
        "Ada Byron: Mira hat kommentiert",
        "Ada Byron: Stadt geändert",
        "Ada Byron: Anruf",
    ]


def test_who_stops_seeing_a_record_is_not_told_of_it() -> None:
    contact = make_contact()
    seller = make_user(make_role("own", contact="view:own"), make_team("South"))
    contact.owner = seller
    contact.save()
    toggle_mark(actor=seller, record=contact, mark="following")
    contact.owner = None
    contact.save()
    update_contact(actor=None, contact=contact, changes={"city": "Leeds"})
    drain()
    assert inbox(seller) == []


def test_favourites_stand_in_the_palette_as_far_as_they_may_be_seen() -> None:
    user, contact = make_user("marketing"), make_contact("Ada", "Byron")
    toggle_mark(actor=user, record=contact, mark="starred")
    client = signed_in(user)
    assert "Ada Byron" in client.get(reverse("core:palette")).content.decode()
    assert "Ada Byron" not in signed_in(make_user("marketing")).get(reverse("core:palette")).content.decode()
