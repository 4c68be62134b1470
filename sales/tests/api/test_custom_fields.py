"""Custom fields of deals: through the form, the API, the list and the import."""

import pytest
from django.test import Client
from django.urls import reverse

from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates
from sales.models import Deal
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db


def test_deal_takes_a_custom_field_everywhere() -> None:
    create_custom_field(
        actor=None, record_type="deal", label="Plan", kind="choice", options=["Gold", "Tin"], required=True
    )
    deal = make_deal(name="Old")
    admin = make_user("admin", is_superuser=True)
    client = Client()
    client.force_login(admin)
    created = client.post(reverse("sales:deal_create"), {"name": "New", "currency": "EUR"})
    assert (created.status_code, "This field is required." in created.content.decode()) == (422, True)
    created = client.post(
        reverse("sales:deal_create"),
        {"name": "New", "currency": "EUR", "stage": deal.stage_id, "cf_plan": "gold"},
    )
    assert created.status_code == 303, created.content.decode()
    assert Deal.objects.get(name="New").custom == {"plan": "gold"}
    body = {"custom": {"plan": "tin"}}
    sent = client.patch(f"/api/v1/deals/{deal.pk}/", body, content_type="application/json")
    assert sent.json()["custom"] == {"plan": "tin"}
    page = client.get(reverse("sales:deal_list") + "?columns=name,cf_plan&cf_plan=tin&sort=cf_plan")
    assert (f'data-row="{deal.pk}"' in page.content.decode(), "Tin" in page.content.decode()) == (True, True)
    batch, _job = bring(admin, "deals", f"name,stage,plan\nThird,{deal.stage},Gold\nFourth,{deal.stage},\n")
    assert [fate for _line, fate in fates(batch)] == ["created", "failed"]
