"""Consents, suppressions and requests in the API, in the scope of the caller."""

import pytest
from rest_framework.test import APIClient

from contacts.models import Consent, PrivacyRequest, Suppression
from contacts.services.consents import record_consent
from contacts.tests.factories import make_contact
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
_numbers = iter(range(1, 1000))


def as_role(role: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(make_user(role, make_team(f"Team {next(_numbers)}")))
    return client


def test_consent_is_added_and_read_in_scope() -> None:
    contact = make_contact(email="ada@example.org")
    body = {"contact": contact.pk, "state": "granted", "source": "Fair"}
    answer = as_role("marketing").post("/api/v1/consents/", body, format="json")
    assert answer.status_code == 201
    assert answer.json()["contact"]["id"] == contact.pk
    assert Consent.objects.get().actor is not None
    assert as_role("marketing").get(f"/api/v1/consents/?contact={contact.pk}").json()["count"] == 1
    outside = as_role("sales")  # sees the contacts of their team
    assert outside.get("/api/v1/consents/").json()["count"] == 0
    assert outside.post("/api/v1/consents/", body, format="json").status_code == 400
    assert Consent.objects.count() == 1


def test_lines_are_never_changed() -> None:
    contact = make_contact()
    line = record_consent(actor=None, contact=contact, state="granted", source="Fair")
    client = as_role("admin")
    for method in ("patch", "put", "delete"):
        assert getattr(client, method)(f"/api/v1/consents/{line.pk}/", {}).status_code == 405


def test_suppression_is_added_and_lifted_but_for_erased_ones() -> None:
    client = as_role("marketing")
    body = {"address": "Ada@Example.org", "cause": "manual"}
    made = client.post("/api/v1/suppressions/", body, format="json")
    assert (made.status_code, made.json()["address"]) == (201, "ada@example.org")
    assert client.post("/api/v1/suppressions/", {**body, "cause": "erased"}).status_code == 400
    url = f"/api/v1/suppressions/{made.json()['id']}/"
    assert client.delete(url).status_code == 400
    assert client.delete(f"{url}?reason=Asked+for+it").status_code == 204
    kept = Suppression.objects.create(address="erased:x", reach="all", cause="erased")
    assert client.delete(f"/api/v1/suppressions/{kept.pk}/").status_code == 403
    assert as_role("sales").post("/api/v1/suppressions/", body).status_code == 403


def test_request_is_taken_down_and_closed() -> None:
    contact, client = make_contact(), as_role("admin")
    made = client.post(
        "/api/v1/privacy-requests/", {"kind": "objection", "contact": contact.pk}, format="json"
    )
    assert made.status_code == 201
    url = f"/api/v1/privacy-requests/{made.json()['id']}/"
    assert client.patch(url, {"state": "refused"}, format="json").status_code == 400
    done = client.patch(url, {"state": "done", "answer": "Stopped"}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert PrivacyRequest.objects.get().closed_by is not None
    assert as_role("manager").get("/api/v1/privacy-requests/").status_code == 403


def test_hold_is_placed_and_lifted_by_privacy_officers() -> None:
    contact, client = make_contact(), as_role("admin")
    made = client.post("/api/v1/legal-holds/", {"contact": contact.pk, "reason": "Audit"}, format="json")
    assert (made.status_code, made.json()["lifted_at"]) == (201, None)
    assert client.get("/api/v1/legal-holds/").json()["count"] == 1
    url = f"/api/v1/legal-holds/{made.json()['id']}/"
    assert client.patch(url, {"reason": "Other"}, format="json").status_code == 400
    assert client.patch(url, {"is_lifted": True}, format="json").json()["lifted_at"]
    for role in ("manager", "marketing"):
        other = as_role(role)
        assert other.get("/api/v1/legal-holds/").status_code == 403
        body = {"contact": contact.pk, "reason": "Audit"}
        assert other.post("/api/v1/legal-holds/", body, format="json").status_code == 403


def test_wording_is_added_as_the_next_version() -> None:
    client = as_role("marketing")
    body = {"key": "marketing", "language": "en", "text": "Write to me."}
    before = client.get("/api/v1/wordings/?key=marketing").json()["count"]
    made = client.post("/api/v1/wordings/", body, format="json")
    assert made.status_code == 201
    assert client.get(f"/api/v1/wordings/{made.json()['id']}/").json()["text"] == "Write to me."
    assert client.get("/api/v1/wordings/?key=marketing").json()["count"] == before + 1
    assert client.patch(f"/api/v1/wordings/{made.json()['id']}/", {"text": "x"}).status_code == 405
    assert as_role("service").post("/api/v1/wordings/", body, format="json").status_code == 403
