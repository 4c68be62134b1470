"""Two administrators change one custom field: the later one is shown both versions, on pages and in the API."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import CustomField, Job, User
from core.services.custom_fields import create_custom_field, update_custom_field
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user("admin", is_superuser=True)
    client.force_login(user)
    return user


def plan() -> CustomField:
    options = ["Basic", "Full"]
    return create_custom_field(
        actor=None, record_type="contact", label="Plan", kind="choice", options=options
    )


def version_in(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found is not None
    return found[1]


def test_later_definition_is_refused_with_both_and_saved_when_sent_again(client: Client, admin: User) -> None:
    field = plan()
    url = reverse("core:custom_field", args=[field.pk])
    read = version_in(client.get(url).content.decode())
    changes = {"label": "Tariff", "options": ["Basic", "Gold"], "required": True}
    update_custom_field(actor=None, field=CustomField.objects.get(pk=field.pk), changes=changes)
    data = {"label": "Contract", "options": "Basic\nSilver", "position": "100", "version": read}
    refused = client.post(url, data)
    html = refused.content.decode()
    assert refused.status_code == 409
    for theirs, yours in (("Tariff", "Contract"), ("Basic\nGold", "Basic\nSilver"), ("Yes", "No")):
        assert f'class="theirs">{theirs}<' in html and f'class="yours">{yours}<' in html
    assert 'value="Contract"' in html  # what was typed is kept
    assert CustomField.objects.get().label == "Tariff"
    assert client.post(url, {**data, "version": version_in(html)}).status_code == 303
    assert CustomField.objects.get().label == "Contract"


@pytest.mark.parametrize("name", ["custom_field_archive", "custom_field_retype"])
def test_changed_definition_is_archived_or_converted_only_after_both_were_shown(
    name: str, client: Client, admin: User
) -> None:
    field = plan()
    read = str(field.version)
    update_custom_field(actor=None, field=CustomField.objects.get(pk=field.pk), changes={"label": "Tariff"})
    Job.objects.all().delete()
    url = reverse(f"core:{name}", args=[field.pk])
    sent = {"version": read, "seen": "Plan, Choice", "kind": "text"}
    refused = client.post(url, sent)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert 'class="theirs">Tariff, ' in html and 'class="yours">Plan, Choice<' in html
    now = CustomField.objects.get()
    assert (now.archived_at, now.kind, Job.objects.count()) == (None, "choice", 0)
    assert '<input type="hidden" name="kind" value="text">' in html  # sent again with the decision
    assert client.post(url, {"version": version_in(html), "kind": "text"}).status_code == 303
    now.refresh_from_db()
    assert (now.archived_at is not None) or now.kind == "text"


@pytest.mark.parametrize(
    ("path", "body"), [("", {"label": "Mine"}), ("archive/", {}), ("retype/", {"kind": "text"})]
)
def test_api_refuses_what_was_read_before_somebody_else_saved(
    path: str, body: dict[str, Any], client: Client, admin: User
) -> None:
    field = plan()
    url = f"/api/v1/custom-fields/{field.pk}/"
    read = client.get(url)["ETag"]
    update_custom_field(actor=None, field=CustomField.objects.get(pk=field.pk), changes={"label": "Tariff"})

    def send(etag: str) -> Any:
        method = client.post if path else client.patch
        return method(url + path, json.dumps(body), "application/json", headers={"If-Match": etag})

    assert send(read).status_code == 412
    now = CustomField.objects.get()
    assert (now.label, now.archived_at, now.kind) == ("Tariff", None, "choice")
    assert send(client.get(url)["ETag"]).status_code in (200, 202)
