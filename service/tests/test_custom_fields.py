"""Custom fields of tickets."""

import pytest
from django.test import Client
from django.urls import reverse

from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
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
