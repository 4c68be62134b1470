"""Comments through the API."""

import pytest

from contacts.tests.factories import make_contact
from core.models import Comment, Notification, User
from core.services.comments import add_comment
from core.tests.api.conftest import Cost, Send
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


def test_comment_is_written_mentions_are_told_and_read_again(seller: User, send: Send) -> None:
    contact = make_contact("Ada", "Byron", owner=seller)
    boss = make_user("admin", is_superuser=True, name="Grace")
    text = f"@[Grace]({boss.pk}) wants the price list"
    made = send(seller, "POST", "comments/", record_type="contact", object_id=contact.pk, body=text)
    assert made.status_code == 201, made.content
    row = made.json()
    assert row["author"] == {"id": seller.pk, "name": "Sally Seller"}
    assert (row["body"], row["mentions"]) == (text, [{"id": boss.pk, "name": "Grace"}])
    assert Notification.objects.get().user == boss
    page = send(boss, "GET", f"comments/?record_type=contact&object_id={contact.pk}").json()
    assert (page["results"], page["next"], page["count"], page["count_is_exact"]) == ([row], None, 1, True)


def test_only_the_author_changes_a_comment_and_only_the_one_they_read(seller: User, send: Send) -> None:
    contact = make_contact(owner=seller)
    comment = add_comment(actor=seller, record=contact, body="first")
    boss = make_user("admin", is_superuser=True)
    url = f"comments/{comment.pk}/"
    assert send(boss, "PATCH", url, body="mine now").status_code == 403
    assert send(boss, "DELETE", url).status_code == 403
    read = send(seller, "GET", url)
    assert send(seller, "PATCH", url, {"If-Match": read["ETag"]}, body="second").json()["body"] == "second"
    stale = send(seller, "PATCH", url, {"If-Match": read["ETag"]}, body="third")
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    assert Comment.objects.get().body == "second"
    assert send(seller, "DELETE", url).status_code == 204
    assert not Comment.objects.exists()


def test_the_same_key_writes_one_comment(seller: User, send: Send) -> None:
    contact, key = make_contact(owner=seller), {"Idempotency-Key": "abc"}
    body = {"record_type": "contact", "object_id": contact.pk, "body": "once"}
    first, again = (send(seller, "POST", "comments/", key, **body) for _ in range(2))
    assert (first.json(), again["Idempotency-Replayed"]) == (again.json(), "true")
    assert Comment.objects.count() == 1
    assert send(seller, "POST", "comments/", key, **{**body, "body": "twice"}).status_code == 422


def test_comments_of_a_record_out_of_scope_are_nowhere(seller: User, send: Send) -> None:
    owner = make_user("sales", make_team("South"))
    hidden = make_contact("Canary", "Hidden", owner=owner)
    comment = add_comment(actor=owner, record=hidden, body="Canary secret")
    on_it = {"record_type": "contact", "object_id": hidden.pk}
    answers = [
        send(seller, "GET", f"comments/?record_type=contact&object_id={hidden.pk}"),
        send(seller, "GET", f"comments/{comment.pk}/"),
        send(seller, "PATCH", f"comments/{comment.pk}/", body="x"),
        send(seller, "DELETE", f"comments/{comment.pk}/"),
        send(seller, "POST", "comments/", **on_it, body="x"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert not any("Canary" in answer.content.decode() for answer in answers)
    assert Comment.objects.get().body == "Canary secret"


def test_wrong_bodies_are_named_by_field(seller: User, send: Send) -> None:
    contact = make_contact(owner=seller)
    on_it = {"record_type": "contact", "object_id": contact.pk}
    empty = send(seller, "POST", "comments/", **on_it, body=" ")
    unknown = send(seller, "POST", "comments/", **on_it, body="x", author=1)
    strange = send(seller, "POST", "comments/", record_type="planet", object_id=1, body="x")
    assert [one.status_code for one in (empty, unknown, strange)] == [400] * 3
    assert [list(one.json()["errors"]) for one in (empty, unknown, strange)] == [
        ["body"], ["author"], ["record_type"],
    ]  # fmt: skip
    assert send(seller, "GET", "comments/?record_type=contact").status_code == 400


def test_the_list_costs_the_same_with_one_and_three_comments(seller: User, cost: Cost) -> None:
    contact, counts = make_contact(owner=seller), []
    for _ in range(3):
        add_comment(actor=seller, record=contact, body="x")
        counts.append(cost(seller, f"comments/?record_type=contact&object_id={contact.pk}"))
    assert counts[0] == counts[2]
