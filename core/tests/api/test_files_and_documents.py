"""Files and documents through the API."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contacts.services.parties import update_contact
from contacts.tests.factories import make_contact
from core.models import Document, DocumentLink, File, User
from core.services import file_links
from core.services.documents import create_document, link_document
from core.services.files import attach_file
from core.tests.api.conftest import Cost, Send
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 plan"


def upload(client: Client, user: User, path: str, name: str, content: bytes, **data: Any) -> Any:
    client.force_login(user)
    return client.post(f"/api/v1/{path}", {**data, "file": SimpleUploadedFile(name, content)})


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_file_is_kept_by_what_it_is_listed_downloaded_and_removed(
    client: Client, seller: User, send: Send
) -> None:
    contact = make_contact(owner=seller)
    on_it = {"record_type": "contact", "object_id": contact.pk}
    made = upload(client, seller, "files/", "plan.exe.txt", PDF, **on_it)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["media_type"], row["size"], row["name"]) == ("application/pdf", 13, "plan.exe.txt")
    page = send(seller, "GET", f"files/?record_type=contact&object_id={contact.pk}").json()
    assert ([one["id"] for one in page["results"]], page["count"]) == ([row["id"]], 1)
    got = client.get(f"/api/v1/files/{row['id']}/content/")
    assert (body_of(got), got["Content-Disposition"]) == (PDF, 'attachment; filename="plan.exe.txt"')
    assert "sandbox" in got["Content-Security-Policy"]
    assert send(seller, "DELETE", f"files/{row['id']}/").status_code == 204
    assert client.get(f"/api/v1/files/{row['id']}/").status_code == 404
    assert File.all_objects.count() == 1


@pytest.mark.parametrize(("name", "content"), [("x.txt", b""), ("x.png", b"MZ\x00"), ("x.svg", b"<svg/>")])
def test_file_that_must_not_be_kept_is_refused(
    client: Client, seller: User, name: str, content: bytes
) -> None:
    contact = make_contact(owner=seller)
    made = upload(client, seller, "files/", name, content, record_type="contact", object_id=contact.pk)
    assert (made.status_code, list(made.json()["errors"])) == (400, ["file"])
    assert not File.all_objects.exists()


def test_signed_link_works_alone_for_ten_minutes_and_only_while_its_person_sees_the_record(
    client: Client, seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = make_contact(owner=seller)
    row = upload(client, seller, "files/", "a.txt", b"secret", record_type="contact", object_id=contact.pk)
    link, nobody = row.json()["download_url"], Client()
    assert body_of(nobody.get(link)) == b"secret"
    assert nobody.get(link[:-3] + "xx/").status_code == 404
    update_contact(actor=None, contact=contact, changes={"owner": make_user("sales", make_team("South"))})
    assert nobody.get(link).status_code == 404
    update_contact(actor=None, contact=contact, changes={"owner": seller})
    assert body_of(nobody.get(link)) == b"secret"
    assert file_links.MAX_AGE_SECONDS == 600
    monkeypatch.setattr(file_links, "MAX_AGE_SECONDS", 0)
    assert nobody.get(link).status_code == 404


def test_files_of_a_record_out_of_scope_are_nowhere(client: Client, seller: User, send: Send) -> None:
    hidden = make_contact(owner=make_user("sales", make_team("South")))
    file = attach_file(
        actor=None, record=hidden, name="canary.txt", content=ContentFile(b"Canary", "canary.txt")
    )
    answers = [
        send(seller, "GET", f"files/?record_type=contact&object_id={hidden.pk}"),
        send(seller, "GET", f"files/{file.pk}/"),
        send(seller, "GET", f"files/{file.pk}/content/"),
        send(seller, "DELETE", f"files/{file.pk}/"),
        upload(client, seller, "files/", "a.txt", b"x", record_type="contact", object_id=hidden.pk),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert File.objects.count() == 1


def test_document_gets_versions_teams_and_records(client: Client, seller: User, send: Send) -> None:
    contact, team = make_contact("Ada", "Byron", owner=seller), make_team("East")
    made = upload(client, seller, "documents/", "prices.txt", b"1", description="2026")
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["name"], row["sharing"], row["version"], made["ETag"]) == ("prices.txt", "nobody", 1, '"1"')
    url = f"documents/{row['id']}/"
    assert upload(client, seller, f"{url}versions/", "new.txt", b"22").status_code == 201
    versions = send(seller, "GET", f"{url}versions/").json()["results"]
    assert [(one["name"], one["size"]) for one in versions] == [("new.txt", 2), ("prices.txt", 1)]
    admin = make_user("admin", is_superuser=True)
    shared = send(admin, "PATCH", url, {"If-Match": '"1"'}, sharing="teams", shared_teams=[team.pk])
    assert shared.json()["shared_teams"] == [{"id": team.pk, "name": "East"}]
    assert send(admin, "PATCH", url, {"If-Match": '"1"'}, name="x").status_code == 412
    link = send(seller, "POST", f"{url}links/", record_type="contact", object_id=contact.pk)
    assert (link.status_code, link.json()["name"]) == (201, "Ada Byron")
    assert send(seller, "GET", f"{url}links/").json()["results"] == [link.json()]
    assert send(seller, "DELETE", f"{url}links/{link.json()['id']}/").status_code == 204
    assert not DocumentLink.objects.exists()


def test_documents_out_of_scope_are_in_no_list_count_or_link(seller: User, send: Send) -> None:
    other = make_user("sales", make_team("South"))
    hidden = create_document(actor=other, upload=SimpleUploadedFile("c.txt", b"x"), name="Canary list")
    mine = create_document(actor=seller, upload=SimpleUploadedFile("m.txt", b"x"), name="Mine")
    secret = make_contact("Canary", "Contact", owner=other)
    link = link_document(actor=None, document=mine, record=secret)
    page = send(seller, "GET", "documents/").json()
    assert ([one["name"] for one in page["results"]], page["count"]) == (["Mine"], 1)
    assert send(seller, "GET", f"documents/{mine.pk}/links/").json()["results"] == []
    for method, path in (
        ("GET", f"documents/{hidden.pk}/"),
        ("GET", f"documents/{hidden.pk}/versions/"),
        ("GET", f"documents/{hidden.pk}/links/"),
        ("PATCH", f"documents/{hidden.pk}/"),
        ("DELETE", f"documents/{mine.pk}/links/{link.pk}/"),
    ):
        assert send(seller, method, path).status_code == 404, path
    body = {"record_type": "contact", "object_id": secret.pk}
    assert send(seller, "POST", f"documents/{mine.pk}/links/", **body).status_code == 404
    assert (Document.objects.count(), DocumentLink.objects.count()) == (2, 1)


def test_lists_cost_the_same_with_one_and_three_rows(seller: User, cost: Cost) -> None:
    contact, counts = make_contact(owner=seller), []
    for number in range(3):
        create_document(actor=seller, upload=SimpleUploadedFile("m.txt", b"x"), name=f"D{number}")
        attach_file(actor=seller, record=contact, name="a.txt", content=ContentFile(b"a", "a.txt"))
        counts.append(cost(seller, "documents/", f"files/?record_type=contact&object_id={contact.pk}"))
    assert counts[0] == counts[2]
