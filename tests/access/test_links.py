"""A record that somebody may see points at records that they may not: their names are nowhere it is shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from contacts.services.activities import log_activity
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.models import RoleGrant, User
from core.registries import records
from core.tests.factories import make_role, make_team, make_user
from sales.tests.factories import make_deal, make_order
from service.tests.factories import make_ticket
from tests.access.test_hidden_fields import channels

pytestmark = pytest.mark.django_db
SECRET = "Canary-7f3a9c"
OWN = "view:own,add:own,change:own,delete:own,export:own"


@pytest.fixture
def owner() -> User:
    """May do everything with records of their own."""
    kinds = ("contact", "company", "deal", "order", "ticket", "activity", "metric")
    role = make_role("own", **dict.fromkeys(kinds, OWN))
    for kind in ("pipeline", "product"):
        RoleGrant.objects.create(role=role, record_type=kind, view="all")
    return make_user(role, make_team("South"))


@pytest.fixture
def company() -> Company:
    return make_company(f"{SECRET} AG", owner=make_user("sales", make_team("North")))


@pytest.fixture
def contact(company: Company) -> Contact:
    return make_contact("Ada", f"{SECRET} Byron", owner=company.owner, company=company)


def mine(owner: User, company: Company, contact: Contact) -> dict[str, Any]:
    """A record of each type that belongs to `owner` and points at somebody else's."""
    deal = make_deal(name="Mine", owner=owner, company=company, contact=contact)
    return {
        "contact": make_contact("Own", "Person", owner=owner, company=company, email="own@example.com"),
        "company": make_company("Own company", owner=owner, parent=company),
        "deal": deal,
        "order": make_order(owner=owner, company=company, contact=contact, deal=deal),
        "ticket": make_ticket(owner=owner, company=company, contact=contact, subject="Mine"),
    }


@pytest.mark.parametrize("record_type", ["contact", "company", "deal", "order", "ticket"])
def test_a_linked_record_out_of_scope_is_told_nowhere(
    client: Client, owner: User, company: Company, contact: Contact, record_type: str
) -> None:
    record = mine(owner, company, contact)[record_type]
    log_activity(actor=None, kind="task", subject="Call", owner=owner, contact=contact, company=company)
    if record_type == "contact":
        other = make_company(f"{SECRET} GmbH", owner=company.owner)
        update_contact(actor=None, contact=record, changes={"company": other})
    kind = records.get(record_type)

    def leaks(user: User) -> list[str]:
        client.force_login(user)
        ways = dict(channels(client, record_type, record.pk))
        if record_type != "order":  # orders are changed where they come from
            app = kind.list_url.partition(":")[0]
            page = client.get(reverse(f"{app}:{record_type}_update", args=[record.pk]))
            ways["edit"] = page.content.decode()
        ways["home"] = client.get("/").content.decode()
        ways["tasks"] = client.get(reverse("contacts:task_list")).content.decode()
        if record_type == "deal":
            ways["board"] = client.get(reverse("sales:deal_board")).content.decode()
        return [channel for channel, text in ways.items() if SECRET in text]

    assert len(leaks(make_user("admin", is_superuser=True))) >= 3
    assert leaks(owner) == []
