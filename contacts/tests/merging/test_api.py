"""Merging through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from contacts.models import MergeLog
from contacts.services.merging import merge_records
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


def post(client: Client, url: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{url}", json.dumps(body), content_type="application/json")


def test_merge_list_and_undo(client: Client) -> None:
    seller = make_user("sales", make_team())
    client.force_login(seller)
    one, two = make_contact(owner=seller, city="Leeds"), make_contact(owner=seller, city="York")
    made = post(client, "contacts/merge/", ids=[one.pk, two.pk], values={"city": two.pk})
    assert made.status_code == 201
    log = made.json()
    assert (log["survivor_id"], log["merged_ids"], log["origin"]) == (one.pk, [two.pk], "api")
    one.refresh_from_db()
    assert one.city == "York"
    listed = client.get("/api/v1/merges/").json()
    assert [row["id"] for row in listed["results"]] == [log["id"]]
    update_contact(actor=None, contact=one, changes={"city": "Hull"})
    undone = post(client, f"merges/{log['id']}/undo/", decisions={"city": str(two.pk)})
    assert undone.status_code == 200
    assert undone.json()["kept"][0]["columns"] == ["city"]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.city, two.city) == ("Leeds", "Hull")
    again = post(client, f"merges/{log['id']}/undo/")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")


def test_refusals_write_nothing(client: Client) -> None:
    seller = make_user("sales", make_team())
    client.force_login(seller)
    mine, foreign = make_contact(owner=seller), make_contact(owner=make_user("sales", make_team()))
    assert post(client, "contacts/merge/", ids=[mine.pk, foreign.pk]).status_code == 404
    assert post(client, "contacts/merge/", ids=[mine.pk]).status_code == 400
    other = make_contact(owner=seller)
    assert (
        post(client, "contacts/merge/", ids=[mine.pk, other.pk], values={"team": mine.pk}).status_code == 400
    )
    client.force_login(make_user("marketing", make_team()))
    assert post(client, "contacts/merge/", ids=[mine.pk, foreign.pk]).status_code == 403
    assert not MergeLog.objects.exists()


def test_what_was_merged_meanwhile_is_said_with_the_live_ids(client: Client) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    one, two, three = (make_company() for _ in range(3))
    merge_records(actor=None, record_type="company", ids=[one.pk, two.pk])
    refused = post(client, "companies/merge/", ids=[two.pk, three.pk])
    assert (refused.status_code, refused.json()["live"]) == (409, [one.pk, three.pk])
