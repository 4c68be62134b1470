"""Pages over a record type of core's own (files), so that the kit is tested without any other app."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.enums import AccessLevel
from core.models import File, RoleGrant, User
from core.registries import columns, editing, records
from core.registries.columns import BulkAction, Column
from core.registries.editing import Editor
from core.registries.records import RecordType
from core.services.base import save_changes, service
from core.tests.factories import make_role, make_user
from core.ui import cells, lists
from core.ui import pages as record_pages

_numbers = iter(range(1, 10**6))


def make_file(owner: User | None = None, **fields: Any) -> File:
    """A file record without bytes; names sort in the order of making."""
    number = next(_numbers)
    values = {
        "name": f"file-{number:06d}.txt",
        "attached_type": "user",
        "attached_id": 1,
        "media_type": "text/plain",
        "size": number,
        "sha256": "0" * 64,
        "owner": owner,
        "team": owner.team if owner else None,
    }
    return File.objects.create(**{**values, **fields})


@service
def update_file(*, actor: Any, record: File, values: dict[str, Any], expected_version: int | None) -> File:
    save_changes(record, values, expected_version=expected_version)
    return record


@service
def rename_all(*, actor: Any, queryset: Any, data: dict[str, Any]) -> int:
    return int(queryset.update(media_type=data.get("media_type", "text/html")))


def with_owner(rows: Any) -> Any:
    return rows.select_related("owner")


@pytest.fixture
def file_pages(settings: Any) -> Iterator[None]:
    """The record type `file` with a list, a page, a board and an editor, for the length of a test."""
    from core.ui.tests import urls

    settings.ROOT_URLCONF = "core.ui.tests.urls"
    before = records.get("file") if records.known("file") else None
    records._types["file"] = RecordType(
        "file", File, "File", "Files", "file", list_url="files:list", detail_url="files:detail",
        create_url="files:create", capabilities=(),
    )  # fmt: skip
    columns.register(
        "file",
        Column("name", "Name", lambda row: cells.avatar_name(row.name), sort=("name",), order=1),
        Column("type", "Type", lambda row: row.media_type, field="media_type", editable=True, order=2),
        Column("owner", "Owner", lambda row: row.owner, select=with_owner, field="owner", order=3),
        Column("size", "Size", lambda row: row.size, sort=("size",), align="end", order=4, default=False),
    )  # fmt: skip
    columns.register_actions("file", BulkAction("html", "Make HTML", "code", "change", run=rename_all))
    criteria.register(
        "file",
        Criterion("type", "Type", Kind.TEXT, "media_type"),
        Criterion("size", "Size", Kind.NUMBER, "size"),
        Criterion("owner", "Owner", Kind.REF, "owner", ref_type="user"),
    )
    editing.register(Editor("file", lambda: urls.FileForm, update_file))
    lists._pages["file"] = urls.FileList
    record_pages._record_pages["file"] = urls.FilePage
    yield
    for table in (columns._columns, columns._actions, criteria._criteria, editing._editors):
        table.pop("file", None)
    if before is not None:
        records._types["file"] = before
    else:
        records._types.pop("file")


def grant(user: User, **levels: str) -> None:
    """Give a person a role of their own with these levels on files: `grant(user, view="all")`."""
    role = make_role()
    named = {"remove" if key == "delete" else key: AccessLevel(value) for key, value in levels.items()}
    RoleGrant.objects.create(role=role, record_type="file", **named)
    user.roles.add(role)


@pytest.fixture
def person() -> User:
    """Somebody who may do everything with all files."""
    user = make_user()
    grant(user, view="all", add="all", change="all", delete="all", export="all")
    return user


@pytest.fixture
def client_of() -> Any:
    def build(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return build
