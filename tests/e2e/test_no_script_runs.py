"""Hostile words in every text field of every record type: no page runs them.

Pages are watched for the marker that each payload would set, and (as all browser tests are) for reports of the
content security policy: a payload that only the policy stopped is a fault too.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from django.urls import reverse
from playwright.sync_api import Page

from contacts.models import TimelineEntry
from core.models import Team, User
from core.registries import columns, records
from core.tests.factories import make_user
from tests.access.world import make_world

PAYLOADS = (
    "<script>window.ran=1</script>",
    "\"><img src=x onerror='window.ran=1'>",
    "<svg/onload=window.ran=1>",
    "</title><script>window.ran=1</script>",
    "</textarea><script>window.ran=1</script>",
    "' autofocus onfocus=window.ran=1 x='",
    "javascript:window.ran=1",
    "{{constructor.constructor('window.ran=1')()}}",
    "<a href=javascript:window.ran=1 id=x>x</a>",
    "--><script>window.ran=1</script>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.ran=1>",
    "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "<details open ontoggle=window.ran=1>",
    "<div hx-get='/api/v1/' hx-trigger=load hx-on:load='window.ran=1'>x</div>",
)
PLAIN = (models.CharField, models.TextField)


ROUNDS = 4


def words(size: int, turn: int) -> str:
    """As many payloads as fit, beginning with another one in each round: short fields see some, long ones all."""
    chosen = ""
    for payload in PAYLOADS[turn * 4 :] + PAYLOADS[: turn * 4]:
        if len(chosen) + len(payload) < size:
            chosen += payload + " "
    return chosen


def fill(record: Any, turn: int) -> None:
    """Payloads in every free text field of the record, past all validation."""
    values = {
        field.name: words(field.max_length or 2000, turn)
        for field in record._meta.get_fields()
        if isinstance(field, PLAIN) and not field.choices and (field.max_length or 99) >= 40
    }
    record.__class__._base_manager.filter(pk=record.pk).update(**values)


def pages_of(record_type: str, pk: int) -> list[str]:
    kind = records.get(record_type)
    keys = ",".join(column.key for column in columns.columns_for(record_type))
    found = [f"{reverse(kind.list_url)}?columns={keys}"] if kind.list_url else []
    if kind.detail_url:
        found += [kind.url_of(pk) + "?panel=*", reverse("core:history", args=[record_type, pk])]
    return found


@pytest.mark.slow
def test_no_payload_runs_on_any_page(
    transactional_db: None, new_page: Callable[..., Page], browser_faults: Any
) -> None:
    world = make_world()
    for team in world.teams.values():
        Team.objects.filter(pk=team.pk).update(name=f"{PAYLOADS[0]} {team.pk}")
    admin = make_user("admin", None, is_superuser=True)
    page = new_page(admin)
    ran = []
    for turn in range(ROUNDS):
        for record in world.records.values():
            fill(record, turn)
        for entry in TimelineEntry.objects.all()[:20]:
            TimelineEntry.objects.filter(pk=entry.pk).update(title=words(200, turn), body=words(2000, turn))
        User.objects.filter(pk=admin.pk).update(name=words(150, turn))
        paths = [url for key, record in world.records.items() for url in pages_of(key, record.pk)]
        for path in [*paths, "/", "/sales/deals/board/", "/trash/"]:
            response = page.goto(path, wait_until="domcontentloaded")
            assert response is not None
            assert response.status < 500, path
            if page.evaluate("window.ran || 0"):
                ran.append((turn, path))
    assert ran == []
