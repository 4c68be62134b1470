"""Tickets in the API: the same services, scope and errors as the pages."""

from typing import Any

import pytest
from django.test import Client

from core.models import User
from core.services.tokens import create_token
from core.tests.factories import make_role, make_user
from service.models import Message, Ticket
from service.services.defaults import ensure_service_defaults
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def caller(user: User) -> Client:
    token = create_token(actor=user, user=user, name="test")
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client: Client, method: str, path: str, data: dict[str, Any], **headers: str) -> Any:
    call = getattr(client, method)
    return call(f"/api/v1/tickets/{path}", data, content_type="application/json", headers=headers)


def test_created_ticket_has_its_first_message() -> None:
    ensure_service_defaults(actor=None)
    data = {"subject": "Hum", "text": "It hums", "requester_address": "Ann@Example.org", "priority": "high"}
    answer = send(caller(make_user("service")), "post", "", data)
    body, ticket = answer.json(), Ticket.objects.get()
    assert answer.status_code == 201
    assert (body["id"], body["number"], body["status"], body["channel"]) == (
        ticket.pk,
        ticket.pk,
        "new",
        "api",
    )
    assert (body["requester_address"], body["due_at"] is not None) == ("ann@example.org", True)
    assert ticket.messages.get().text == "It hums"


def test_list_has_the_shape_and_the_filters_of_the_page() -> None:
    client = caller(make_user("service"))
    make_ticket(subject="one", priority="urgent")
    make_ticket(subject="two")
    body = client.get("/api/v1/tickets/?priority=urgent").json()
    assert (body["count"], body["count_is_exact"], body["next"]) == (1, True, None)
    assert [row["subject"] for row in body["results"]] == ["one"]
    assert client.get("/api/v1/tickets/?nonsense=1").status_code == 400


def test_patch_changes_fields_and_status_under_if_match() -> None:
    client, ticket = caller(make_user("service")), make_ticket()
    etag = client.get(f"/api/v1/tickets/{ticket.pk}/")["ETag"]
    answer = send(
        client, "patch", f"{ticket.pk}/", {"priority": "low", "status": "solved"}, **{"If-Match": etag}
    )
    assert (answer.status_code, answer.json()["priority"], answer.json()["status"]) == (200, "low", "solved")
    assert (
        send(client, "patch", f"{ticket.pk}/", {"priority": "high"}, **{"If-Match": etag}).status_code == 412
    )
    refused = send(client, "patch", f"{ticket.pk}/", {"status": "waiting"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["status"])


def test_messages_are_listed_and_written() -> None:
    client, ticket = caller(make_user("service")), make_ticket("First words")
    path = f"{ticket.pk}/messages/"
    reply = send(client, "post", path, {"direction": "out", "text": "Answer", "status": "solved"})
    note = send(client, "post", path, {"direction": "note", "text": "Note"})
    assert (reply.status_code, reply.json()["delivery"], note.status_code) == (201, "pending", 201)
    found = client.get(f"/api/v1/tickets/{path}").json()["results"]
    assert [one["direction"] for one in found] == ["in", "out", "note"]
    assert Ticket.objects.get().status == "solved"
    wrong = send(client, "post", path, {"direction": "in", "text": "forged"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["direction"])


def test_same_idempotency_key_answers_once() -> None:
    client, ticket = caller(make_user("service")), make_ticket()
    data = {"direction": "out", "text": "Answer"}
    first = send(client, "post", f"{ticket.pk}/messages/", data, **{"Idempotency-Key": "k1"})
    again = send(client, "post", f"{ticket.pk}/messages/", data, **{"Idempotency-Key": "k1"})
    assert first.json()["id"] == again.json()["id"]
    assert Message.objects.filter(direction="out").count() == 1


def test_scope_is_that_of_the_pages() -> None:
    ticket = make_ticket()
    outsider = caller(make_user(make_role(ticket="view:own,change:own")))
    assert outsider.get("/api/v1/tickets/").json()["count"] == 0
    assert outsider.get(f"/api/v1/tickets/{ticket.pk}/").status_code == 404
    assert outsider.get(f"/api/v1/tickets/{ticket.pk}/messages/").status_code == 404
    reader = caller(make_user("readonly"))
    data = {"direction": "note", "text": "x"}
    assert send(reader, "post", f"{ticket.pk}/messages/", data).status_code == 403
    assert send(reader, "patch", f"{ticket.pk}/", {"priority": "low"}).status_code == 403
    assert caller(make_user("marketing")).get("/api/v1/tickets/").status_code == 403
    assert Message.objects.count() == 1
