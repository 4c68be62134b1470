"""Looking into files: pictures, PDF pages, text; nothing else, and nothing runs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.tests.factories import make_contact
from core.models import File
from core.services.files import attach_file
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
trailer<</Root 1 0 R>>
%%EOF"""


def attach(content: bytes, name: str = "x") -> File:
    return attach_file(
        actor=None, record=make_contact(), name=name, content=SimpleUploadedFile(name, content)
    )


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("marketing"))
    return client


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_picture_is_shown_inline_and_sealed(reader: Client) -> None:
    file = attach(PNG, "plan.png")
    picture = reader.get(reverse("core:file_picture", args=[file.pk]))
    assert (picture["Content-Type"], body(picture)) == ("image/png", PNG)
    assert picture["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert picture["X-Content-Type-Options"] == "nosniff"
    page = reader.get(reverse("core:file_preview", args=[file.pk])).content.decode()
    assert reverse("core:file_picture", args=[file.pk]) in page


def test_pdf_is_drawn_page_by_page(reader: Client) -> None:
    file = attach(PDF, "plan.pdf")
    page = reader.get(reverse("core:file_preview", args=[file.pk]) + "?page=2").content.decode()
    assert "Page 2 of 2" in page
    drawn = reader.get(reverse("core:file_page", args=[file.pk, 1]))
    assert (drawn["Content-Type"], body(drawn)[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(body(drawn)[16:20]) == 1000  # the width of 200 points at scale 5
    assert reader.get(reverse("core:file_page", args=[file.pk, 3])).status_code == 404
    assert reader.get(reverse("core:file_picture", args=[file.pk])).status_code == 404


def test_broken_pdf_and_unknown_types_are_only_downloaded(reader: Client) -> None:
    for content in (b"%PDF-1.7 nothing", b"\x1f\x8b\x00\x01"):
        page = reader.get(reverse("core:file_preview", args=[attach(content).pk]))
        assert (page.status_code, "No preview" in page.content.decode()) == (200, True)


def test_text_is_escaped_and_cut(reader: Client) -> None:
    file = attach("Grüße & <b>bold</b>\n".encode() + b"x" * 120_000)
    page = reader.get(reverse("core:file_preview", args=[file.pk])).content.decode()
    assert "Grüße &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    assert "This is the beginning." in page


def test_file_of_a_record_out_of_scope_is_not_shown(client: Client) -> None:
    role = make_role("own", contact="view:own,change:own")
    client.force_login(make_user(role, make_team("South")))
    for name, content in (("file_preview", PNG), ("file_picture", PNG)):
        assert client.get(reverse(f"core:{name}", args=[attach(content).pk])).status_code == 404
    assert client.get(reverse("core:file_page", args=[attach(PDF).pk, 1])).status_code == 404
