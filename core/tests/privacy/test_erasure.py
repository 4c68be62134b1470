"""Field × eraser, generated: a row of every model with personal data, erased, and nothing of it left anywhere."""

import base64
import csv
import io
import itertools
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model

from contacts.models import Contact, ContactPoint
from contacts.services.privacy import erase_contact
from contacts.tests.factories import make_contact
from core.models import Tag
from core.privacy.archive import person_zip
from core.privacy.classes import Eraser, Kind
from core.privacy.export import export_person, exported_fields
from core.privacy.scan import places
from core.privacy.scan.search import search
from core.registries import privacy
from core.tests.privacy.rows import CANARY, make_row

pytestmark = pytest.mark.django_db

SOURCES = [source for source in privacy.sources() if source.model is not Contact]
CELLS = [
    (source.model, name, classification.eraser)
    for source in privacy.sources()
    for name, classification in source.model.privacy.items()  # type: ignore[attr-defined]
    if classification.eraser != Eraser.KEEP
]


def canary_contact() -> Contact:
    contact = make_contact(
        CANARY, CANARY, email=f"{CANARY}@example.org", job_title=CANARY, salutation=CANARY, city=CANARY,
        source=CANARY, external_id=CANARY, description=CANARY, tags=["vip"], birthday="1980-02-03",
    )  # fmt: skip
    contact.refresh_from_db()
    return contact


def everything_about(contact: Contact) -> dict[Any, Any]:
    point = ContactPoint.objects.get(contact=contact)
    made: dict[Any, Any] = {Contact: contact, ContactPoint: point}
    for source in SOURCES:
        make_row(source.model, contact, made)
    return made


def tables_with(text: str) -> dict[str, int]:
    """Every table of the product and of the history in which `text` is somewhere, in any column."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'history')"
            " AND tablename NOT LIKE 'change\\_%' AND tablename <> 'erasure_key'"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ILIKE %s', [f"%{text}%"]
            )
            count = cursor.fetchone()[0]
            if count:
                found[f"{schema}.{table}"] = count
    return found


@pytest.mark.parametrize("model", [source.model for source in SOURCES], ids=lambda m: m._meta.label)
def test_row_about_a_contact_is_found(model: type[Model]) -> None:
    contact = canary_contact()
    row = everything_about(contact)[model]
    source = next(source for source in SOURCES if source.model is model)
    assert row.pk in set(source.rows(contact.pk).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("model", "name", "eraser"), CELLS, ids=[f"{m._meta.label}.{name}-{e}" for m, name, e in CELLS]
)
def test_field_is_erased(model: type[Model], name: str, eraser: Eraser) -> None:
    contact = canary_contact()
    row = everything_about(contact)[model]
    erase_contact(actor=None, contact=contact)
    kept = model._base_manager.filter(pk=row.pk).first()
    field = model._meta.get_field(name)
    if field.many_to_many:
        assert list(getattr(kept, name).all()) == []
    elif eraser == Eraser.ROW:
        assert kept is None or not getattr(kept, name)
    elif kept is not None:
        value = getattr(kept, name)
        if eraser == Eraser.TOKEN:
            assert str(value).startswith("erased-")
        else:
            assert value in ("", None, [], {})


def test_nothing_of_an_erased_person_is_left_in_any_table_or_file(
    django_capture_on_commit_callbacks: Any,
) -> None:
    contact = canary_contact()
    everything_about(contact)
    Contact.objects.filter(pk=contact.pk).update(first_name=f"{CANARY}-later")
    assert {"public.contacts_contact", "history.change"} <= set(tables_with(CANARY))
    with django_capture_on_commit_callbacks(execute=True):
        outcome = erase_contact(actor=None, contact=contact)
    assert tables_with(CANARY) == {}
    assert outcome.files > 0
    contact.refresh_from_db()
    assert (contact.name, contact.owner_id, contact.do_not_contact) == ("", None, True)
    assert contact.deleted_at is not None
    assert Tag.objects.filter(name="vip").exists()


def test_file_of_an_erased_person_is_deleted_from_storage(django_capture_on_commit_callbacks: Any) -> None:
    from core.models import File

    contact = canary_contact()
    made: dict[Any, Any] = {Contact: contact}
    file = make_row(File, contact, made)
    name = file.content.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(actor=None, contact=contact)
    assert not default_storage.exists(name)


def test_value_deleted_long_before_is_erased_from_the_history() -> None:
    contact = canary_contact()
    point = ContactPoint.objects.create(
        contact=contact, kind="email", value="old-kanari@example.org", normalised="old-kanari@example.org"
    )
    point.delete()
    assert "history.change" in tables_with("old-kanari")
    erase_contact(actor=None, contact=contact)
    assert tables_with("old-kanari") == {}


@pytest.mark.parametrize("model", [source.model for source in SOURCES], ids=lambda m: m._meta.label)
def test_export_contains_every_exported_field(model: type[Model]) -> None:
    contact = canary_contact()
    row = everything_about(contact)[model]
    exported = export_person(contact.pk)["data"].get(model._meta.label, [])
    names = exported_fields(model)
    if names:
        found = next(item for item in exported if item["id"] == row.pk)
        assert set(names) <= set(found)
        texts = [name for name in names if CANARY in str(getattr(row, name))]
        for name in texts:
            assert CANARY in str(found[name]), name


def test_no_personal_field_is_kept_from_the_person() -> None:
    """Told apart from the exporter's own idea of what it exports."""
    kept_back = {
        f"{source.model._meta.label}.{name}"
        for source in privacy.sources()
        for name, one in source.model.privacy.items()  # type: ignore[attr-defined]
        if one.kind in (Kind.PERSONAL, Kind.CONTENT) and name not in exported_fields(source.model)
    }
    assert kept_back == set()


def test_archive_says_the_same_as_csv_as_it_does_as_json() -> None:
    """Every kind of record a file, every row a line, every field that any row has a column."""
    contact = canary_contact()
    everything_about(contact)
    found = export_person(contact.pk)
    labels = {source.model._meta.label for source in privacy.sources() if exported_fields(source.model)}
    assert set(found["data"]) == labels
    with zipfile.ZipFile(io.BytesIO(person_zip(found, [contact.pk]))) as archive:
        assert json.loads(archive.read("data.json")) == found
        tables = {name for name in archive.namelist() if name.startswith("csv/")}
        assert tables == {f"csv/{label.lower()}.csv" for label in labels}
        for label, rows in found["data"].items():
            text = archive.read(f"csv/{label.lower()}.csv").decode("utf-8-sig")
            lines = list(csv.DictReader(io.StringIO(text, newline="")))
            assert len(lines) == len(rows)
            for line, row in zip(lines, rows, strict=True):
                for name, value in row.items():
                    told = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
                    assert line[name] in ("" if told is None else str(told), f"'{told}"), f"{label}.{name}"
        assert any(
            CANARY.encode() in archive.read(name) for name in archive.namelist() if name.startswith("files/")
        )


def test_decoding_scan_finds_nothing_of_an_erased_person(
    django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path, database_lease: Any
) -> None:
    """Everything about a person in every table, in files and in the mail store: undressed, before and after."""
    settings.MEDIA_ROOT, settings.MAIL_STORE = tmp_path / "media", str(tmp_path / "mail")
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    contact = canary_contact()
    everything_about(contact)
    Contact.objects.filter(pk=contact.pk).update(
        description=base64.b64encode(b"to kanari@example.org").decode()
    )
    mails = tmp_path / "mail" / "new"
    mails.mkdir(parents=True)
    (mails / "1").write_bytes(
        b"To: =?utf-8?q?K?= <Kanari@example.org>\r\n\r\n" + base64.encodebytes(b"kanari " * 30)
    )
    (mails / "2").write_bytes(b"To: somebody@example.org\r\n\r\nHello")

    def scan() -> list[str]:
        everywhere = itertools.chain(
            places.database(), places.files([tmp_path]), places.redis_values(database_lease.redis_url)
        )
        return search(["kanari@example.org", "kanari kanari", CANARY], everywhere).places

    before = scan()
    assert {"public.contacts_contact", "history.change", "public.contacts_contactpoint"} <= set(before)
    assert any(place.startswith(str(tmp_path / "media")) for place in before)
    assert str(mails / "1") in before
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(actor=None, contact=contact)
    assert scan() == []
    assert (mails / "2").exists()
