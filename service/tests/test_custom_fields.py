"""Custom fields of tickets."""

import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.models import Tag
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates
from service.models import Ticket
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def test_ticket_takes_a_custom_field_on_its_page_and_in_the_api() -> None:
    create_custom_field(actor=None, record_type="ticket", label="Serial", kind="text", required=True)
    ticket = make_ticket(subject="By mail")  # comes about by itself: nothing is demanded
    client = Client()
    client.force_login(make_user("admin", is_superuser=True))
    sent = client.post(
        "/api/v1/tickets/", {"subject": "Broken", "text": "It is"}, content_type="application/json"
    )
    assert (sent.status_code, sent.json()["errors"]) == (
        400,
        {"custom": {"serial": ["This field is required."]}},
    )
    body = {"subject": "Broken", "text": "It is", "custom": {"serial": "X7"}}
    sent = client.post("/api/v1/tickets/", body, content_type="application/json")
    assert (sent.status_code, sent.json()["custom"]) == (201, {"serial": "X7"})
    field = reverse("core:field", args=["ticket", ticket.pk, "cf_serial"])
    answer = client.post(
        field, {"cf_serial": "Y8", "version": ticket.version}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "Y8" in answer.content.decode()) == (200, True)
    page = client.get(reverse("service:ticket_detail", args=[ticket.pk])).content.decode()
    assert "Y8" in page


def test_ticket_takes_a_custom_field_from_a_file_and_gives_it_back_unchanged() -> None:
    create_custom_field(actor=None, record_type="ticket", label="Serial", kind="text")
    admin = make_user("admin", is_superuser=True)
    make_ticket(subject="Here already", custom={"serial": "=X1"})
    batch, _job = bring(admin, "tickets", "Subject,Serial\nFrom a file,Y8\n")
    assert [fate for _line, fate in fates(batch)] == ["created"]
    assert Ticket.objects.get(subject="From a file").custom == {"serial": "Y8"}
    written = io.StringIO()
    call_command("export_records", "--target", "tickets", "--as", admin.email, stdout=written)
    batch, _job = bring(admin, "tickets", written.getvalue())
    assert [fate for _line, fate in fates(batch)] == ["skipped", "skipped"], batch.rows.values_list(
        "problems"
    )


def test_tickets_are_found_by_their_tags() -> None:
    tag = Tag.objects.create(name="Rush")
    tagged, bare = make_ticket(subject="One"), make_ticket(subject="Two")
    tagged.tags.add(tag)
    client = Client()
    client.force_login(make_user("admin", is_superuser=True))
    found = client.get(f"/api/v1/tickets/?tags={tag.pk}").json()["results"]
    assert [row["id"] for row in found] == [tagged.pk]
    found = client.get("/api/v1/tickets/?tags__empty=1").json()["results"]
    assert [row["id"] for row in found] == [bare.pk]
