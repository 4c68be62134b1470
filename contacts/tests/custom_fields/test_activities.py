"""Custom fields of activities: by API, page, form, list, file and back, and what a person is told of them."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from contacts.models import Activity
from contacts.services.privacy import erase_contact, export_contact
from contacts.tests.factories import make_activity, make_contact
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

pytestmark = pytest.mark.django_db


def test_activity_takes_a_custom_field_everywhere(client: Client) -> None:
    admin = make_user("admin", is_superuser=True)
    client.force_login(admin)
    create_custom_field(
        actor=None, record_type="activity", label="Mood", kind="choice", options=["Warm", "Cold"],
        visible_when={"field": "kind", "op": "in", "value": ["call"]},
    )  # fmt: skip
    contact = make_contact("Ada", "Byron")
    call, note = make_activity("call", contact=contact, outcome="connected"), make_activity("note")
    body = {"kind": "note", "body": "x", "custom": {"mood": "warm"}}
    refused = client.post("/api/v1/activities/", body, content_type="application/json")
    assert (refused.status_code, list(refused.json()["errors"]["custom"])) == (400, ["mood"])
    body |= {"kind": "call", "outcome": "connected"}
    made = client.post("/api/v1/activities/", body, content_type="application/json").json()
    assert made["custom"] == {"mood": "warm"}
    field = reverse("core:field", args=["activity", call.pk, "cf_mood"])
    sent = client.post(field, {"cf_mood": "cold", "version": call.version}, headers={"HX-Request": "true"})
    assert sent.status_code == 200, sent.content.decode()
    assert "Cold" in client.get(reverse("contacts:activity_detail", args=[call.pk])).content.decode()
    edit = reverse("contacts:activity_update", args=[call.pk])
    assert 'name="cf_mood"' in client.get(edit).content.decode()
    found = client.get(
        reverse("contacts:activity_list") + "?columns=subject,cf_mood&cf_mood=cold"
    ).content.decode()
    assert re.findall(r'data-row="(\d+)"', found) == [str(call.pk)]
    assert note.custom == {}
    written = io.StringIO()
    call_command("export_records", "--target", "activities", "--as", admin.email, stdout=written)
    batch, _job = bring(admin, "activities", written.getvalue())
    assert {fate for _line, fate in fates(batch)} == {"skipped"}, list(
        batch.rows.values_list("problems", flat=True)
    )
    bring(admin, "activities", "Kind,Subject,When,Mood\nCall,Later,2026-01-02 10:00,Warm\n")
    assert Activity.objects.get(subject="Later").custom == {"mood": "warm"}
    assert export_contact(actor=None, contact=contact)["data"]["contacts.Activity"][0]["custom"] == {
        "Mood": "cold"
    }
    erase_contact(actor=None, contact=contact)
    assert Activity.all_objects.get(pk=call.pk).custom == {}
