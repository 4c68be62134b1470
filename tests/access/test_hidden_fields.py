"""Every field that a role may hide, through every channel that shows records: its value is nowhere.

Each field gets a word of its own; the words are found again by somebody from whom nothing is hidden, or the test
would prove nothing.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from contacts.services.addresses import add_address
from contacts.services.parties import set_tags
from contacts.services.points import add_point
from core.jobs.running import run
from core.models import Job, RoleGrant, User
from core.registries import columns, records
from core.registries.panels import panels_for
from core.tests.factories import make_role, make_team, make_user
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
TYPES = {
    "contact": "contacts",
    "company": "companies",
    "deal": "deals",
    "product": "products",
    "order": "orders",
    "ticket": "tickets",
}
"""Record types with pages, and their name in the API."""
SHOWN_ALWAYS = {"name", "first_name", "last_name", "sort_name", "subject", "number"}
"""What a record is called by: a role that may not see it may not see the record."""
PLAIN = (models.CharField, models.TextField)


def hideable(model: type[models.Model]) -> list[str]:
    """The text fields that people fill in freely."""
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, PLAIN)
        and field.editable
        and not field.choices
        and (field.max_length or 99) >= 20
        and field.name not in SHOWN_ALWAYS
    ]


def word(name: str) -> str:
    return f"zq{name.replace('_', '')}qz"[:20]


def figures(model: type[models.Model]) -> dict[str, tuple[Any, tuple[str, ...]]]:
    """The dates, amounts and numbers that people fill in: a value that stands nowhere else, and how it may be
    written out."""
    found: dict[str, tuple[Any, tuple[str, ...]]] = {}
    for at, field in enumerate(model._meta.get_fields()):
        if not getattr(field, "editable", False) or field.name in SHOWN_ALWAYS:
            continue
        if type(field) is models.DateField:
            found[field.name] = (date(1931 + at, 3, 17), (str(1931 + at),))
        elif isinstance(field, models.DecimalField) and field.max_digits >= 14:
            number = 317_000_000 + at * 1_000_000
            found[field.name] = (Decimal(number), (f"{number}", f"{number:,}", f"{number / 1e6:.0f}M"))
        elif type(field) is models.PositiveIntegerField:
            number = 730_000_000 + at * 1_000_000
            found[field.name] = (number, (f"{number}", f"{number:,}"))
    return found


def reader(record_type: str, hidden: list[str]) -> User:
    role = make_role(**{record_type: "view:all,add:all,change:all,export:all"})
    RoleGrant.objects.filter(role=role).update(hidden_fields=hidden)
    return make_user(role, make_team())


def channels(client: Client, record_type: str, pk: int) -> Iterator[tuple[str, str]]:
    """(name, text) of every way to the record's values."""
    kind = records.get(record_type)
    listing = reverse(kind.list_url)
    keys = ",".join(column.key for column in columns.columns_for(record_type))
    pages = {
        "page": kind.url_of(pk),
        "peek": kind.url_of(pk) + "?peek=1",
        "list": f"{listing}?columns={keys}",
        "file": f"{listing}?columns={keys}&format=csv",
        "history": reverse("core:history", args=[record_type, pk]),
        "palette": reverse("core:palette") + "?q=zq",
        "choices": reverse("core:options", args=[record_type]),
        "API list": f"/api/v1/{TYPES[record_type]}/",
        "API record": f"/api/v1/{TYPES[record_type]}/{pk}/",
        **{f"panel {panel.key}": f"{kind.url_of(pk)}?panel={panel.key}" for panel in panels_for(record_type)},
    }
    for name, url in pages.items():
        response = client.get(url)
        assert response.status_code == 200, (name, response.status_code)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        yield name, content.decode()
    client.post(reverse("core:export_start", args=[record_type]), {"format": "csv"})
    job = Job.objects.filter(kind="core.export").latest("pk")
    run(job.pk)
    download = client.get(reverse("core:export_download", args=[job.pk]))
    yield "export", b"".join(download.streaming_content).decode()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("record_type", TYPES)
def test_a_hidden_field_is_in_no_channel(client: Client, world: World, record_type: str) -> None:
    record = world.records[record_type]
    names = hideable(record.__class__)
    assert names, "nothing to hide: the test looks at the wrong fields"
    record.__class__._base_manager.filter(pk=record.pk).update(**{name: word(name) for name in names})

    client.force_login(reader(record_type, []))
    seen = "".join(text for _name, text in channels(client, record_type, record.pk))
    shown = [name for name in names if word(name) in seen]
    assert len(shown) * 2 >= len(names), "most fields are shown nowhere: the channels are the wrong ones"

    client.force_login(reader(record_type, names))
    leaks = [
        (channel, name)
        for channel, text in channels(client, record_type, record.pk)
        for name in names
        if word(name) in text
    ]
    assert leaks == []


@pytest.mark.parametrize("record_type", ["contact", "company", "deal"])
def test_a_hidden_date_or_amount_is_in_no_channel(client: Client, world: World, record_type: str) -> None:
    record = world.records[record_type]
    given = figures(record.__class__)
    assert given, "nothing to hide"
    record.__class__._base_manager.filter(pk=record.pk).update(**{k: v for k, (v, _w) in given.items()})

    def seen(hidden: list[str]) -> set[tuple[str, str]]:
        client.force_login(reader(record_type, hidden))
        return {
            (channel, name)
            for channel, text in channels(client, record_type, record.pk)
            for name, (_value, words) in given.items()
            if any(word in text for word in words)
        }

    assert {name for _channel, name in seen([])} == set(given)
    assert seen(list(given)) == set()


PARTS = {
    "points": ("zqmailqz", "3012345678", "zqsocialqz"),
    "email": ("zqmailqz",),
    "phone": ("3012345678",),
    "addresses": ("zqstreetqz", "zqpostqz"),
    "tags": ("zqtagqz",),
}
"""What hangs on a person or a company, by what a role calls it, with a word of each value."""


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("record_type", ["contact", "company"])
def test_what_hangs_on_a_record_is_hidden_with_it(
    client: Client, world: World, record_type: str, name: str
) -> None:
    record = world.records[record_type]
    party = {record_type: record}
    add_point(actor=None, kind="email", value="zqmailqz@example.com", is_primary=True, **party)
    add_point(actor=None, kind="email", value="second.zqmailqz@example.com", **party)
    add_point(actor=None, kind="phone", value="+493012345678", **party)
    add_point(actor=None, kind="phone", value="+4930123456789", **party)
    add_point(actor=None, kind="social", value="https://example.com/zqsocialqz", **party)
    add_address(actor=None, street="zqstreetqz 1", postcode="zqpostqz", city="Leeds", **party)
    set_tags(actor=None, record=record, names=["zqtagqz"])
    listing = reverse(records.get(record_type).list_url)

    def leaks(hidden: list[str]) -> list[str]:
        client.force_login(reader(record_type, hidden))
        ways = dict(channels(client, record_type, record.pk))
        if record_type == "contact":
            client.post(reverse("core:export_start", args=["contact"]), {"format": "vcard"})
            job = Job.objects.filter(kind="core.export").latest("pk")
            run(job.pk)
            card = client.get(reverse("core:export_download", args=[job.pk]))
            ways["card"] = b"".join(card.streaming_content).decode()  # type: ignore[attr-defined]
        ways["edit"] = client.get(
            reverse(f"contacts:{record_type}_update", args=[record.pk])
        ).content.decode()
        return [channel for channel, text in ways.items() if any(word in text for word in PARTS[name])]

    assert len(leaks([])) >= 3
    assert leaks([name]) == []
    if name in ("points", "email"):
        assert client.get(listing, {"q": "zqmailqz@example.com"}).context["count"] == 0
        asked = client.get(f"/api/v1/{TYPES[record_type]}/", {"email__contains": "zqmailqz"})
        assert asked.status_code == 400


@pytest.mark.parametrize("record_type", TYPES)
def test_a_hidden_field_can_be_neither_filtered_nor_sorted_nor_written(
    client: Client, world: World, record_type: str
) -> None:
    record = world.records[record_type]
    names = hideable(record.__class__)
    record.__class__._base_manager.filter(pk=record.pk).update(**{name: word(name) for name in names})
    client.force_login(reader(record_type, names))
    listing, api = reverse(records.get(record_type).list_url), f"/api/v1/{TYPES[record_type]}/"
    everything = client.get(listing).context["count"]
    for name in names:
        for parameter in (name, f"{name}__contains", f"{name}__is"):
            assert client.get(listing, {parameter: word(name)}).context["count"] in (everything, 0)
            asked = [client.get(api, {parameter: text}) for text in (word(name), "other")]
            assert asked[0].status_code == asked[1].status_code
            assert asked[0].status_code == 400 or asked[0].json()["count"] == asked[1].json()["count"]
        ordered = [client.get(listing, {"sort": f"{sign}{name}"}) for sign in ("", "-")]
        assert all(page.context["query"].sort[0] is None or page.status_code == 200 for page in ordered)
        written = client.patch(
            f"{api}{record.pk}/", json.dumps({name: "written"}), content_type="application/json"
        )
        assert written.status_code in (400, 403, 405), name
    values = record.__class__._base_manager.values(*names).get(pk=record.pk)
    assert values == {name: word(name) for name in names}
