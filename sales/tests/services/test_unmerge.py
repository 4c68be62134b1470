"""Undoing a merge of people: a deal made since goes to whom it is given, with their part in it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.services.merging import merge_records, unmerge
from contacts.tests.factories import make_contact
from core.tests.factories import make_team, make_user
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> Any:
    one, two = make_contact("Ada"), make_contact("Bea")
    return merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])


def test_deal_made_since_is_asked_about_once(client: Client, merged: Any) -> None:
    deal = make_deal(contact=merged.contact)
    assert deal.deal_contacts.count() == 1
    client.force_login(make_user("admin", make_team()))
    shown = client.get(reverse("contacts:merge_detail", args=[merged.pk]))
    assert [item.key for item in shown.context["written"]] == [f"sales.Deal:{deal.pk}"]


def test_deal_made_since_is_given_with_its_people(merged: Any) -> None:
    deal = make_deal(contact=merged.contact)
    (other,) = merged.merged_ids
    unmerge(actor=None, log=merged, rows={("sales.Deal", deal.pk): other})
    deal.refresh_from_db()
    assert deal.contact_id == other
    assert list(deal.deal_contacts.values_list("contact_id", flat=True)) == [other]
