"""Somebody says no while their mail lies leased in a worker's hands: it does not go out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.enums import SuppressionCause
from contacts.models import Contact
from contacts.services.consents import record_consent, suppress
from contacts.services.parties import update_contact
from contacts.services.preferences import set_pace, stop_all
from contacts.services.privacy import erase_contact
from core.services.trash import delete_record
from local.mail_catcher import MailCatcher
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.models import Campaign, Recipient
from marketing.sending.links import LinkKind, make_token
from marketing.services.control import pause_campaign, resume_campaign
from marketing.services.launch import launch_campaign
from marketing.services.messages import link_key
from marketing.tests.factories import make_campaign, make_crowd

TRIES = 24
CROWD = 260
AHEAD = 4
"""The mail that many places after the last one to arrive is leased, and not yet in the server's hands."""
DELAY = 0.02
"""How long the server keeps a mail before it is stored, in seconds."""
SLACK = 250_000_000
"""Nanoseconds within which a mail that the server had already is stored, on a busy machine."""
LIMIT = 90.0


@pytest.fixture
def worker(settings: Any, tmp_path: Path, catcher: MailCatcher) -> Iterator[None]:
    """`celery worker` that leases a hundred at a time, on the test's database, broker and mail server."""
    catcher.delay = DELAY
    settings.MAIL_STORE = ""
    environ = {
        **{key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"},
        "EMAIL_URL": catcher.url,
        "MAIL_CLAIM_SIZE": "100",
        "MAIL_JOURNAL_DIR": str(settings.MAIL_JOURNAL_DIR),
    }
    command = [sys.executable, "-m", "celery", "-A", "crm_project", "worker", "-Q", "mail", "-c", "1"]
    log = (tmp_path / "worker.log").open("wb")
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env=environ, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    yield
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    log.close()


def one_click(line: Recipient) -> None:
    """As a mail program posts it (RFC 8058)."""
    token = make_token(link_key(), LinkKind.UNSUBSCRIBE, line.pk)
    url = reverse("mail_links:unsubscribe", args=[token])
    assert Client().post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200


def person(line: Recipient) -> Contact:
    assert line.contact is not None
    return line.contact


WAYS: dict[str, Callable[[Recipient], Any]] = {
    "one click": one_click,
    "preference centre": lambda line: stop_all(actor=None, contact=person(line), source="page"),
    "withdrawal": lambda line: record_consent(
        actor=None, contact=person(line), state="withdrawn", source="phone"
    ),
    "pause": lambda line: set_pace(actor=None, contact=person(line), pause_weeks=4),
    "do not contact": lambda line: update_contact(
        actor=None, contact=person(line), changes={"do_not_contact": True}
    ),
    "suppression": lambda line: suppress(
        actor=None, address=line.address or "", cause=SuppressionCause.MANUAL, reach="all"
    ),
    "erasure": lambda line: erase_contact(actor=None, contact=person(line)),
    "recycle bin": lambda line: delete_record(actor=None, record=person(line)),
}


def arrivals(catcher: MailCatcher) -> dict[str, int]:
    """When each address's mail was stored, in nanoseconds."""
    found = {}
    for path in catcher.maildir.messages():
        with path.open("rb") as file:
            file.readline()
            address = file.readline().split(b":", 1)[1].strip().decode()
        found[address] = int(path.name.partition(".")[0])
    return found


def wait_for(condition: Callable[[], Any], deadline: float, what: str) -> Any:
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.003)


def leased_ahead(campaign: Campaign, catcher: MailCatcher, said: dict[str, Any]) -> Recipient | None:
    """A line whose mail comes a few mails from now, if a worker has it leased and is sending."""
    arrived = arrivals(catcher)
    if not arrived:
        return None
    rows = campaign.recipients.filter(state=RecipientState.LEASED).exclude(address__in=[*arrived, *said])
    lines = list(rows.select_related("contact").order_by("pk")[: AHEAD + 1])
    return lines[AHEAD] if len(lines) > AHEAD else None


def pause_for_a_moment(campaign: Campaign, catcher: MailCatcher, deadline: float) -> None:
    """What is leased stands still as well while a campaign is paused."""
    pause_campaign(actor=None, campaign=campaign)
    paused = time.time_ns()
    leased = campaign.recipients.filter(state=RecipientState.LEASED)
    wait_for(lambda: not leased.exists(), deadline, "the worker to put its lines back")
    assert max(arrivals(catcher).values()) <= paused + SLACK
    resume_campaign(actor=None, campaign=campaign)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_mail_reaches_the_server_after_the_persons_no(worker: None, catcher: MailCatcher) -> None:
    campaign = make_campaign(*make_crowd(CROWD))
    launch_campaign(actor=None, campaign=campaign)
    deadline = time.monotonic() + LIMIT
    said: dict[str, tuple[str, int]] = {}
    for _try, way in zip(range(TRIES), cycle(WAYS), strict=False):
        line = wait_for(lambda: leased_ahead(campaign, catcher, said), deadline, f"a leased line for {way}")
        WAYS[way](line)
        said[line.address] = (way, time.time_ns())
    pause_for_a_moment(campaign, catcher, deadline)
    wait_for(
        lambda: Campaign.objects.filter(pk=campaign.pk, state=CampaignState.FINISHED).exists(),
        deadline,
        "the end",
    )
    arrived = arrivals(catcher)
    late = {address: way for address, (way, at) in said.items() if arrived.get(address, 0) > at + SLACK}
    assert late == {}
    before = {address for address in said if address in arrived}
    assert len(said) - len(before) >= 20, "as good as every one was still in the worker's hands"
    erased = sum(1 for way, _at in said.values() if way == "erasure")
    assert len(arrived) == CROWD - len(said) + len(before)
    assert campaign.recipients.count() == CROWD - erased
    reasons = dict(campaign.recipients.exclude(reason="").values_list("address", "reason"))
    for address, (way, _at) in said.items():
        if way != "erasure" and address not in before:
            assert reasons[address] in (
                LeftOut.SUPPRESSED, LeftOut.WITHDRAWN, LeftOut.PAUSED, LeftOut.DO_NOT_CONTACT,
            )  # fmt: skip
    assert not campaign.recipients.filter(state__in=(RecipientState.UNKNOWN, RecipientState.QUEUED)).exists()
