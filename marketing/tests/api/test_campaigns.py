from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from core.tests.factories import make_user
from marketing.models import Campaign
from marketing.tests.factories import make_campaign, make_person, make_segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(make_user("marketing"))
    return client


def test_campaign_is_created_changed_and_launched(api: APIClient) -> None:
    make_campaign(make_person())
    segment = make_segment(make_person())
    body = {
        "name": "Spring",
        "segment": segment.pk,
        "from_address": "news@acme.test",
        "subject": "Hi",
        "text": "Hello",
    }
    made = api.post("/api/v1/campaigns/", body)
    assert made.status_code == 201
    assert (made.data["state"], made.data["subject"]) == ("draft", "Hi")
    url = f"/api/v1/campaigns/{made.data['id']}/"
    changed = api.patch(url, {"subject": "Hi {{ first_name }}"}, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed.data["subject"]) == (200, "Hi {{ first_name }}")
    assert api.patch(url, {"subject": "Late"}, headers={"If-Match": made["ETag"]}).status_code == 412
    launched = api.post(url + "launch/")
    assert (launched.status_code, launched.data["state"]) == (200, "sending")
    assert api.post(url + "pause/").data["state"] == "paused"
    assert api.get(url + "progress/").data["recipients"]["queued"] == 1
    listed = api.get("/api/v1/campaigns/?state=paused").data
    assert [row["id"] for row in listed["results"]] == [made.data["id"]]


def test_problem_is_named_by_field(api: APIClient) -> None:
    campaign = make_campaign(make_person(), subject="")
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/launch/")
    assert answer.status_code == 400
    assert list(answer.data["errors"]) == ["subject"]
    assert campaign.recipients.count() == 0


def test_reader_may_not_write() -> None:
    client = APIClient()
    client.force_authenticate(make_user("readonly"))
    campaign = make_campaign(make_person())
    assert client.get(f"/api/v1/campaigns/{campaign.pk}/").status_code == 200
    assert client.post(f"/api/v1/campaigns/{campaign.pk}/launch/").status_code == 403
    assert client.post("/api/v1/campaigns/", {"name": "x"}).status_code == 403
    assert Campaign.objects.count() == 1
    assert campaign.recipients.count() == 0
