"""Uploads in a bucket: another program speaks S3's protocol in a process of its own, and the product does with it
what it does with a folder."""

import io
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from contacts.tests.factories import make_contact
from core.models import File
from core.privacy.erase import erase_person
from core.services.files import attach_file
from core.storage import s3_storage
from core.tests.factories import make_role, make_team, make_user
from core.tests.importing.bring import bring
from core.tests.previews.test_previews import PDF, PNG, body
from service.models import Message, RawMail
from service.services.attachments import ATTACHED_TYPE
from service.services.sending import deliver
from service.tests.factories import make_mail, receive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUCKET = "uploads-of-meridian"
LIMIT = 60
"""Seconds for a server that hangs at its start, not a measure."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with an empty bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: Any) -> None:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the S3 server did not start")


@pytest.fixture
def bucket(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """The product with its uploads in an empty bucket; nothing is written into the folder of uploads."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = boto3.resource("s3", endpoint_url=server).Bucket(BUCKET)
    made.create()
    made.objects.delete()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {**settings.STORAGES, "default": s3_storage(BUCKET, server)}
    yield made
    assert not settings.MEDIA_ROOT.exists()


def contents(bucket: Any) -> dict[str, bytes]:
    return {one.key: one.get()["Body"].read() for one in bucket.objects.all()}


def test_upload_is_kept_shown_and_handed_out_to_whom_the_record_is_shown(bucket: Any, client: Client) -> None:
    owner = make_user(make_role(contact="view:own,change:own"), make_team("North"))
    contact = make_contact(owner=owner, team=owner.team)
    client.force_login(owner)
    uploads = [SimpleUploadedFile("plan.pdf", PDF), SimpleUploadedFile("plan.png", PNG)]
    client.post(reverse("core:file_upload", args=["contact", contact.pk]), {"file": uploads})
    assert sorted(contents(bucket).values()) == sorted([PDF, PNG])
    pdf, picture = File.objects.order_by("pk")
    answer = client.get(reverse("core:file", args=[pdf.pk]))
    assert (answer.status_code, body(answer), answer["Content-Disposition"]) == (
        200, PDF, 'attachment; filename="plan.pdf"',
    )  # fmt: skip
    assert (
        "Page 2 of 2" in client.get(reverse("core:file_preview", args=[pdf.pk]) + "?page=2").content.decode()
    )
    assert body(client.get(reverse("core:file_page", args=[pdf.pk, 1])))[:8] == PNG[:8]
    assert body(client.get(reverse("core:file_picture", args=[picture.pk]))) == PNG
    client.force_login(make_user(make_role(contact="view:own,change:own"), make_team("South")))
    for name, more in (("file", []), ("file_preview", []), ("file_page", [1]), ("file_picture", [])):
        assert client.get(reverse(f"core:{name}", args=[pdf.pk, *more])).status_code == 404
    assert "X-Amz-Signature=" in default_storage.url(pdf.content.name)


def test_missing_object_is_not_found_and_no_fault_of_the_page(bucket: Any, client: Client) -> None:
    client.force_login(make_user("marketing"))
    file = attach_file(
        actor=None, record=make_contact(), name="x.png", content=SimpleUploadedFile("x.png", PNG)
    )
    bucket.objects.delete()
    for name in ("file", "file_picture"):
        assert client.get(reverse(f"core:{name}", args=[file.pk])).status_code == 404


def test_mail_is_kept_answered_with_a_file_and_erased(
    bucket: Any, run_on_commit: Any, mailoutbox: list[Any], settings: Any, tmp_path: Any
) -> None:
    settings.CRM_DATA, settings.MAIL_STORE = tmp_path / "data", ""
    receive(make_mail("My secret", sender="Ann <ann.secret@example.org>"))
    ticket = Message.objects.get().ticket
    answer = Message.objects.create(
        ticket=ticket, direction="out", to_addresses="ann.secret@example.org", text="Here", delivery="pending"
    )
    attach_file(actor=None, record=ticket, name="x.png", content=SimpleUploadedFile("x.png", PNG))
    File.objects.update(attached_type=ATTACHED_TYPE, attached_id=answer.pk)
    assert deliver(answer.pk) == "sent"
    assert mailoutbox[0].attachments[0][1] == PNG
    assert len(contents(bucket)) == 2
    with pytest.raises(CommandError, match="left in"):
        call_command("scan_for_person", "ann.secret@example.org", stdout=(out := io.StringIO()))
    assert RawMail.objects.get().content.name in out.getvalue()
    with run_on_commit():
        erase_person(ticket.contact_id, reason="asked for")
    assert contents(bucket) == {}


def test_import_reads_from_the_bucket_and_leaves_its_error_file_there(bucket: Any, tmp_path: Any) -> None:
    admin = make_user("admin", is_superuser=True)
    batch, job = bring(admin, "contacts", "Name,Email\nAda Byron,ada@example.org\nBo,no-address\n")
    assert (job.state, job.result["created"] + job.result["failed"]) == ("done", 2)
    assert set(contents(bucket)) >= {batch.file.name}
    file = tmp_path / "again.csv"
    file.write_text("Name,Email\nCy,no-address\n")
    out = io.StringIO()
    call_command("import_records", str(file), target="contacts", actor=admin.email, stdout=out)
    result = json.loads(out.getvalue().strip().splitlines()[-1])
    assert result["failed"] == 1
    assert b"Cy" in urllib.request.urlopen(result["error_file"]).read()
