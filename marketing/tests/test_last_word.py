"""Somebody says no while their mail lies leased in a worker's hands: it does not go out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
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
"""The mail that many places after the first one leased is not yet in the server's hands, which hold one at a time."""
DELAY = 0.02
"""How long the server keeps a mail before it is stored, in seconds: ten times as long as mails may share an answer of
the database."""
LIMIT = 120.0


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


def arrived_at(catcher: MailCatcher) -> set[str]:
    """The addresses whose mail was stored."""
    found = set()
    for path in catcher.maildir.messages():
        with path.open("rb") as file:
            file.readline()
            found.add(file.readline().split(b":", 1)[1].strip().decode())
    return found


def wait_for(condition: Callable[[], Any], deadline: float, what: str) -> Any:
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.003)


def leased_ahead(campaign: Campaign, catcher: MailCatcher) -> Recipient | None:
    """A line whose mail comes a few mails from now, if a worker has it leased and is sending. Ask while the server is
    held: what has arrived by then is all there is."""
    arrived = arrived_at(catcher)
    rows = campaign.recipients.filter(state=RecipientState.LEASED).exclude(address__in=arrived)
    lines = list(rows.select_related("contact").order_by("pk")[: AHEAD + 1])
    return lines[AHEAD] if arrived and len(lines) > AHEAD else None


def said_no(campaign: Campaign, catcher: MailCatcher, way: str) -> Recipient | None:
    """Let somebody whose mail is leased say no, while the server keeps the worker waiting; the line as it was."""
    with catcher.held():
        line = leased_ahead(campaign, catcher)
        if line is not None:
            WAYS[way](line)
    return line


def is_through(line: Recipient, catcher: MailCatcher) -> bool:
    """Whether the worker has put the line back, or sent it."""
    leased = Recipient.objects.filter(pk=line.pk, state=RecipientState.LEASED).exists()
    return not leased or line.address in arrived_at(catcher)


def pause_for_a_moment(campaign: Campaign, catcher: MailCatcher, deadline: float) -> None:
    """What is leased stands still as well while a campaign is paused, but for the mail in the server's hands."""
    with catcher.held():
        pause_campaign(actor=None, campaign=campaign)
        before = arrived_at(catcher)
    leased = campaign.recipients.filter(state=RecipientState.LEASED)
    wait_for(lambda: not leased.exists(), deadline, "the worker to put its lines back")
    assert len(arrived_at(catcher) - before) <= 1
    resume_campaign(actor=None, campaign=campaign)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_mail_reaches_the_server_after_the_persons_no(worker: None, catcher: MailCatcher) -> None:
    campaign = make_campaign(*make_crowd(CROWD))
    launch_campaign(actor=None, campaign=campaign)
    deadline = time.monotonic() + LIMIT
    said: dict[str, str] = {}
    for _try, way in zip(range(TRIES), cycle(WAYS), strict=False):
        line = wait_for(partial(said_no, campaign, catcher, way), deadline, f"a leased line for {way}")
        said[line.address] = way
        wait_for(partial(is_through, line, catcher), deadline, "the worker to come to the line")
        assert line.address not in arrived_at(catcher), way
    pause_for_a_moment(campaign, catcher, deadline)
    wait_for(
        lambda: Campaign.objects.filter(pk=campaign.pk, state=CampaignState.FINISHED).exists(),
        deadline,
        "the end",
    )
    arrived = arrived_at(catcher)
    assert not arrived & set(said)
    assert (len(said), len(arrived)) == (TRIES, CROWD - TRIES)
    erased = sum(1 for way in said.values() if way == "erasure")
    assert campaign.recipients.count() == CROWD - erased
    reasons = dict(campaign.recipients.exclude(reason="").values_list("address", "reason"))
    for address, way in said.items():
        if way != "erasure":
            assert reasons[address] in (
                LeftOut.SUPPRESSED, LeftOut.WITHDRAWN, LeftOut.PAUSED, LeftOut.DO_NOT_CONTACT,
            )  # fmt: skip
    assert not campaign.recipients.filter(state__in=(RecipientState.UNKNOWN, RecipientState.QUEUED)).exists()
