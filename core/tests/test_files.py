"""Uploads: what is taken, what is refused, and who gets them."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.tests.factories import make_contact
from core.models import File
from core.services.files import attach_file
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


def attach(content: bytes, name: str = "plan.pdf") -> File:
    return attach_file(
        actor=None, record=make_contact(), name=name, content=SimpleUploadedFile("upload", content)
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (
            archive("word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (archive("a.txt"), "application/zip"),
        (b"PK\x03\x04 broken", "application/octet-stream"),
        ("Grüße".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_type_is_what_the_bytes_say(content: bytes, media_type: str) -> None:
    assert attach(content, "picture.png").media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf  <!DOCTYPE html><p>x",
        b"<?xml version='1.0'?><x/>",
        b"hello <ScRiPt>alert(1)</script>",
        "<html>".encode("utf-16"),
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\n",
    ],
)
def test_what_a_browser_or_machine_would_run_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError) as error:
        attach(content, "harmless.png")
    assert "file" in error.value.message_dict
    assert not File.objects.exists()


def test_empty_and_too_large_files_are_refused(settings: pytest.FixtureRequest) -> None:
    with pytest.raises(ValidationError, match="The file is empty"):
        attach(b"")
    settings.UPLOAD_MAX_BYTES = 2**20  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="larger than 1 MB"):
        attach(PDF + b"x" * 2**20)


def test_name_is_reduced_to_something_harmless() -> None:
    file = attach(PDF, "../../etc/\u202epass\x00wd.pdf")
    assert "/" not in file.name
    assert "\u202e" not in file.name
    assert "\x00" not in file.name
    assert "passwd" not in file.content.name


def test_file_is_handed_out_as_a_download() -> None:
    contact = make_contact()
    client = Client()
    client.force_login(make_user("marketing"))
    url = reverse("core:file_upload", args=["contact", contact.pk])
    assert client.post(url, {"file": SimpleUploadedFile("plän.pdf", PDF)}).status_code == 303
    file = File.objects.get()
    response = client.get(reverse("core:file", args=[file.pk]))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_file_out_of_scope_is_404_and_may_not_be_removed_by_readers() -> None:
    contact = make_contact()
    file = attach_file(actor=None, record=contact, name="a.pdf", content=SimpleUploadedFile("a", PDF))
    url = reverse("core:file", args=[file.pk])
    stranger, reader = Client(), Client()
    stranger.force_login(make_user(make_role(contact="view:own,change:own")))
    reader.force_login(make_user("readonly"))
    assert stranger.get(url).status_code == 404
    assert stranger.post(url).status_code == 404
    assert reader.get(url).status_code == 200
    assert reader.post(url).status_code == 403
    assert reader.post(reverse("core:file_upload", args=["contact", contact.pk])).status_code == 403
    file.refresh_from_db()
    assert file.deleted_at is None


def test_removed_file_is_gone_for_everybody() -> None:
    contact = make_contact()
    file = attach_file(actor=None, record=contact, name="a.pdf", content=SimpleUploadedFile("a", PDF))
    client = Client()
    client.force_login(make_user("marketing"))
    assert client.post(reverse("core:file", args=[file.pk])).status_code == 303
    assert client.get(reverse("core:file", args=[file.pk])).status_code == 404
