"""The library: sharing across teams, versions, links to records."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.tests.factories import make_contact
from core.models import Document, DocumentLink, File
from core.services.documents import create_document, link_document, update_document
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


def upload(content: bytes = b"prices", name: str = "prices.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make(**values: Any) -> Document:
    return create_document(actor=None, upload=upload(), **values)


def seen(user: Any) -> set[str]:
    return set(Document.objects.visible_to(user).values_list("name", flat=True))


def test_document_is_seen_by_owner_team_chosen_teams_and_everybody() -> None:
    north, south = make_team("North"), make_team("South")
    below = make_team("South coast", south)
    owner = make_user("sales", north)
    make(name="private", owner=owner)
    make(name="south", owner=owner, sharing="teams", shared_teams=[south])
    make(name="all", owner=owner, sharing="everyone")
    assert seen(owner) == seen(make_user("sales", north)) == {"private", "south", "all"}
    assert seen(make_user("sales", south)) == seen(make_user("sales", below)) == {"south", "all"}
    assert seen(make_user("sales", make_team("West"))) == seen(make_user("sales")) == {"all"}
    stranger = make_user("sales", south)
    assert not Document.objects.visible_to(stranger, "change").exists()


def test_library_page_takes_a_file_and_keeps_its_versions() -> None:
    client = Client()
    client.force_login(make_user("marketing", make_team("North")))
    url = reverse("core:document_create")
    assert client.post(url, {"sharing": "nobody"}).status_code == 422
    refused = client.post(url, {"sharing": "nobody", "upload": upload(b"<svg onload=x>", "x.svg")})
    assert (refused.status_code, Document.objects.count()) == (422, 0)
    assert client.post(url, {"sharing": "teams", "upload": upload()}).status_code == 422
    assert client.post(url, {"sharing": "everyone", "upload": upload()}).status_code == 303
    document = Document.objects.get()
    assert (document.name, document.sharing) == ("prices.txt", "everyone")
    data = {"name": "Prices", "sharing": "nobody", "version": "1", "upload": upload(b"new prices")}
    assert client.post(reverse("core:document_update", args=[document.pk]), data).status_code == 303
    page = client.get(reverse("core:document_detail", args=[document.pk])).content.decode()
    assert page.count("prices.txt") >= 2
    assert File.objects.filter(attached_type="document", attached_id=document.pk).count() == 2
    assert "Prices" in client.get(reverse("core:document_list")).content.decode()


def test_document_is_linked_to_a_record_and_shown_in_the_viewers_scope() -> None:
    north = make_team("North")
    document = make(name="Canary plan", owner=make_user("sales", north))
    contact, client = make_contact(), Client()
    client.force_login(make_user("marketing", make_team("South")))
    url = reverse("core:document_link", args=["contact", contact.pk])
    assert client.post(url, {"document": document.pk}).status_code == 422
    link_document(actor=None, document=document, record=contact)
    page = reverse("contacts:contact_detail", args=[contact.pk]) + "?panel=documents"
    assert "Canary plan" not in client.get(page).content.decode()
    update_document(actor=None, document=document, changes={"sharing": "everyone"})
    assert "Canary plan" in client.get(page).content.decode()
    assert client.post(url, {"document": document.pk}).status_code == 303
    assert DocumentLink.objects.count() == 1
    off = reverse("core:document_unlink", args=["contact", contact.pk, document.pk])
    assert client.post(off).status_code == 303
    assert not DocumentLink.objects.exists()


def test_sharing_with_chosen_teams_needs_a_team() -> None:
    with pytest.raises(ValidationError, match="at least one team"):
        make(name="x", sharing="teams")
    assert not Document.objects.exists()
