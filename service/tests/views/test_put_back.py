"""A status of the history is put back by moving the ticket along; where it can't go, the page says why."""

import pytest
from django.test import Client
from django.urls import reverse

from core.history.selectors import history_of
from core.tests.factories import make_user
from service.models import Ticket
from service.services.tickets import change_status
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def test_status_is_put_back_through_its_service_or_refused_with_the_reason(client: Client) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    ticket = make_ticket()
    assert ticket.status == "new"
    for status in ("open", "solved"):
        change_status(actor=None, ticket=ticket, status=status)
    solved, opened = history_of(Ticket.objects.get(pk=ticket.pk))[:2]
    page = client.get(reverse("core:history", args=["ticket", ticket.pk])).content.decode()
    assert "The status “New” can&#x27;t be put back: a ticket that is “Solved” can&#x27;t go there." in page
    assert client.post(reverse("core:put_back", args=["ticket", ticket.pk, opened.id])).status_code == 404
    url = reverse("core:put_back", args=["ticket", ticket.pk, solved.id])
    assert url in page
    version = Ticket.objects.get(pk=ticket.pk).version
    assert client.post(url, {"version": version}).status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.solved_at, ticket.reopened_count) == ("open", None, 1)
