"""Imports in the API: taken in, mapped, tried, run, paused, undone; one's own alone."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from contacts.models import Company
from core.jobs.running import run
from core.models import ImportBatch, Job, User
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
CONTENT = b"Firm;Staff\nAcme;1\nBeta;x\n"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def admin() -> User:
    return make_user("admin")


@pytest.fixture
def client(admin: User) -> APIClient:
    return client_of(admin)


def upload(client: APIClient, content: bytes = CONTENT, **data: Any) -> Any:
    file = SimpleUploadedFile("firms.csv", content)
    return client.post("/api/v1/imports/", {"file": file, "target": "companies", **data}, format="multipart")


def do(client: APIClient, pk: int, what: str) -> Any:
    return client.post(f"/api/v1/imports/{pk}/{what}/", {}, format="json")


def test_a_file_goes_from_upload_to_undo(client: APIClient) -> None:
    answer = upload(client)
    assert (answer.status_code, answer.data["header"], answer.data["delimiter"]) == (
        201,
        ["Firm", "Staff"],
        ";",
    )
    pk = answer.data["id"]
    mapping = {"columns": {"Firm": "name", "Staff": "employees"}, "mode": "create"}
    assert client.patch(f"/api/v1/imports/{pk}/", mapping, format="json").data["mapping"]["mode"] == "create"
    tried = do(client, pk, "preview")
    run(tried.data["id"])
    preview = client.get(f"/api/v1/imports/{pk}/").data["preview"]
    assert (tried.status_code, preview["fates"]["created"], Company.objects.count()) == (202, 1, 0)
    started = do(client, pk, "start")
    assert do(client, pk, "pause").data["job"]["state"] == "paused"
    assert do(client, pk, "resume").data["job"]["state"] == "queued"
    run(started.data["id"])
    done = client.get(f"/api/v1/imports/{pk}/").data
    assert (done["job"]["state"], done["counts"]["failed"]) == ("done", 1)
    lines = client.get(f"/api/v1/imports/{pk}/lines/?fate=failed").data["results"]
    assert [(line["line"], line["fate"]) for line in lines] == [(3, "failed")]
    errors = b"".join(client.get(f"/api/v1/imports/{pk}/errors/").streaming_content)  # type: ignore[attr-defined]
    mended = upload(client, errors.replace(b"Beta,x", b"Beta,2"), corrects=pk)
    run(do(client, mended.data["id"], "start").data["id"])
    assert dict(Company.objects.values_list("name", "employees")) == {"Acme": 1, "Beta": 2}
    run(do(client, pk, "undo").data["id"])
    assert list(Company.objects.values_list("name", flat=True)) == ["Beta"]
    assert client.get(f"/api/v1/imports/{pk}/kept/").status_code == 404
    assert client.get("/api/v1/imports/").data["count"] == 2


def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(client: APIClient) -> None:
    assert upload(client, b"").status_code == 400
    assert upload(client, format="nonsense").data["errors"].keys() == {"format"}
    assert upload(client, target="nonsense").data["errors"].keys() == {"target"}
    assert upload(client, format="hubspot").data["errors"].keys() == {"file"}
    assert ImportBatch.objects.count() == 0
    pk = upload(client).data["id"]
    wrong = client.patch(f"/api/v1/imports/{pk}/", {"columns": {"Firm": "nonsense"}}, format="json")
    assert (wrong.status_code, list(wrong.data["errors"])) == (400, ["columns"])
    assert client.patch(f"/api/v1/imports/{pk}/", {"owner": 1}, format="json").status_code == 400
    assert do(client, pk, "pause").status_code == 409
    assert do(client, pk, "undo").status_code == 400


def test_imports_of_others_are_not_there(client: APIClient) -> None:
    pk = upload(client).data["id"]
    other = client_of(make_user("sales"))
    assert other.get(f"/api/v1/imports/{pk}/").status_code == 404
    assert do(other, pk, "start").status_code == 404
    assert upload(other, corrects=pk).status_code == 400
    reader = client_of(make_user("readonly"))
    assert [reader.get("/api/v1/imports/").status_code, upload(reader).status_code] == [403, 403]
    assert Job.objects.count() == 0


def test_mappings_are_kept_and_used(client: APIClient) -> None:
    body = {"target": "companies", "name": "ERP", "shared": True,
            "mapping": {"columns": {"Firm": "name", "Staff": "employees"}, "rule": "fill"}}  # fmt: skip
    saved = client.post("/api/v1/import-mappings/", body, format="json")
    assert saved.status_code == 201
    other = client_of(make_user("sales"))
    pk = upload(other).data["id"]
    used = other.patch(f"/api/v1/imports/{pk}/", {"saved": saved.data["id"]}, format="json")
    assert used.data["mapping"]["columns"] == {"Firm": "name", "Staff": "employees"}
    assert other.delete(f"/api/v1/import-mappings/{saved.data['id']}/").status_code == 403
    assert client.delete(f"/api/v1/import-mappings/{saved.data['id']}/").status_code == 204
    assert other.get("/api/v1/import-mappings/").data["results"] == []


def test_exports_are_jobs_with_a_file(client: APIClient) -> None:
    Company.objects.create(name="Acme", sort_name="acme")
    started = client.post("/api/v1/exports/", {"record_type": "company"}, format="json")
    assert started.status_code == 202
    run(started.data["id"])
    file = client.get(f"/api/v1/exports/{started.data['id']}/file/")
    assert b"Acme" in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert client.post("/api/v1/exports/", {"record_type": "nothing"}, format="json").status_code == 400
    reader = client_of(make_user())
    assert reader.post("/api/v1/exports/", {"record_type": "company"}, format="json").status_code == 403
