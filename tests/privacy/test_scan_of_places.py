"""The control of the erasure scan: a canary in each place that the instance writes to, in each dress, is seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from contacts.models import Company
from core.management.commands.scan_for_person import Command
from core.models import Job, OutboxEvent, SavedView
from core.privacy.scan.search import search
from core.tests.factories import make_user
from core.tests.privacy.test_scan import ADDRESS, DRESSES, NAME, PHONE

pytestmark = pytest.mark.django_db
TRIED = (
    "plain", "upper case", "without accents", "base64", "base64 offset 1", "base64url", "base64 in lines",
    "base32", "quoted-printable", "gzip inside", "zlib", "bzip2", "xz", "zip", "bytea", "url", "html",
    "json every letter", "backslash", "utf-16", "encoded word b", "tsvector", "sha256", "sha512 raw",
    "phone national", "base64 of gzip",
)  # fmt: skip


def words(data: bytes) -> str:
    """What a text column can hold of it: itself, or as the database writes bytes."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return f"\\x{data.hex()}"
    return f"\\x{data.hex()}" if "\x00" in text else text


def in_session(data: bytes) -> None:
    store = SessionStore()
    store["_messages"] = words(data)
    store.save()


def in_history(data: bytes) -> None:
    company = Company.objects.create(name="x", sort_name="x", description=words(data))
    Company.objects.filter(pk=company.pk).update(description="")


def planters(root: Path, redis_server: Any) -> dict[str, Callable[[bytes], Any]]:
    """By (the beginning of) the place's name in the report."""
    user = make_user()
    view = {"owner": user, "record_type": "contact"}
    return {
        "public.contacts_company": lambda data: Company.objects.create(
            name="x", sort_name="x", description=words(data)
        ),
        "public.core_savedview": lambda data: SavedView.objects.create(name="x", query=words(data), **view),
        "public.core_job": lambda data: Job.objects.create(kind="x", result={"said": [words(data)]}),
        "public.core_outboxevent": lambda data: OutboxEvent.objects.create(name="x", payload=[words(data)]),
        "public.django_session": in_session,
        "history.change": in_history,
        "redis queue": lambda data: redis_server.rpush("queue", data),
        "redis :1:cached": lambda data: cache.set("cached", {"html": words(data)}),
        "redis hash": lambda data: redis_server.hset("hash", "k", data),
        "redis set": lambda data: redis_server.sadd("set", data),
        "redis zset": lambda data: redis_server.zadd("zset", {data: 1.0}),
        "redis stream": lambda data: redis_server.xadd("stream", {"k": data}),
        "media/exports/": lambda data: default_storage.save("exports/x.csv", ContentFile(data)),
        "data/logs/worker.log": (root / "data" / "logs" / "worker.log").write_bytes,
        "mail/new/1": lambda data: (root / "mail" / "new" / "1").write_bytes(b"Subject: x\n\n" + data),
        "journal/1.journal": (root / "journal" / "1.journal").write_bytes,
    }


@pytest.mark.parametrize("dress", TRIED)
def test_canary_in_any_dress_is_seen_in_every_place(
    dress: str, settings: Any, tmp_path: Path, redis_server: Any
) -> None:
    settings.CRM_DATA, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "media"
    settings.MAIL_STORE, settings.MAIL_JOURNAL_DIR = str(tmp_path / "mail"), tmp_path / "journal"
    settings.ERASURE_LOG = tmp_path / "away" / "erasures.jsonl"
    for folder in ("data/logs", "mail/new", "journal"):
        (tmp_path / folder).mkdir(parents=True)
    meant = planters(tmp_path, redis_server)
    for plant in meant.values():
        plant(b"to: " + DRESSES[dress]() + b" .")
    found = search([ADDRESS, NAME, PHONE], Command().places([])).places
    names = [place.removeprefix(f"{tmp_path}/") for place in found]
    missed = [place for place in meant if not any(name.startswith(place) for name in names)]
    assert missed == []
