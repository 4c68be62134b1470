"""A real Celery worker is killed twenty times in mid-send: nothing is lost, nothing arrives twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local.mail_catcher import MailCatcher
from marketing.enums import CampaignState, RecipientState
from marketing.models import Campaign
from marketing.selectors.results import progress_of
from marketing.services.launch import launch_campaign
from marketing.tasks import sweep_campaigns
from marketing.tests.factories import make_campaign, make_crowd

KILLS = 20
RECIPIENTS = 2000
MAILS_BETWEEN_KILLS = 70
LIMIT = 240.0
"""Seconds: a limit for what hangs, not a measure."""


@pytest.fixture
def worker(settings: Any, tmp_path: Path, catcher: MailCatcher) -> Iterator[subprocess.Popen[bytes]]:
    """`celery worker` with one child, small claims, and the test's own database, broker and mail catcher."""
    catcher.delay = 0.003
    environ = {
        **{key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"},
        "EMAIL_URL": catcher.url,
        "MAIL_CLAIM_SIZE": "20",
        "MAIL_JOURNAL_DIR": str(settings.MAIL_JOURNAL_DIR),
    }
    command = [sys.executable, "-m", "celery", "-A", "crm_project", "worker", "-Q", "mail", "-c", "1"]
    log = (tmp_path / "worker.log").open("wb")
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env=environ, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    log.close()


def _child(process: subprocess.Popen[bytes]) -> int | None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else None


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def _has(folder: Path, number: int) -> bool:
    return _count(folder) >= number


def _wait(condition: Callable[[], bool], deadline: float, what: str) -> None:
    """Wait for something while the sweep runs every second, as beat would have it."""
    swept = time.monotonic()
    while not condition():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.02)
        if time.monotonic() - swept > 1.0:
            sweep_campaigns()
            swept = time.monotonic()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_kills_lose_nothing_and_send_nothing_twice(
    worker: subprocess.Popen[bytes], catcher: MailCatcher
) -> None:
    campaign = make_campaign(*make_crowd(RECIPIENTS))
    assert launch_campaign(actor=None, campaign=campaign) == RECIPIENTS
    received = catcher.maildir.path / "new"
    deadline = time.monotonic() + LIMIT

    for kill in range(1, KILLS + 1):
        target = _count(received) + MAILS_BETWEEN_KILLS
        _wait(partial(_has, received, target), deadline, f"progress before kill {kill}")
        assert _state(campaign) == CampaignState.SENDING, "a kill after the end proves nothing"
        child = _child(worker)
        assert child is not None
        os.kill(child, signal.SIGKILL)
    _wait(lambda: _state(campaign) == CampaignState.FINISHED, deadline, "the end")

    arrived = Counter(_envelope_to(path) for path in catcher.maildir.messages())
    assert [address for address, times in arrived.items() if times > 1] == []
    progress = progress_of(campaign)
    assert progress.sent + progress.unknown == RECIPIENTS
    assert progress.unknown <= KILLS
    sent = set(campaign.recipients.filter(state=RecipientState.SENT).values_list("address", flat=True))
    unknown = set(campaign.recipients.filter(state=RecipientState.UNKNOWN).values_list("address", flat=True))
    assert sent <= set(arrived), "what is called sent did arrive"
    assert set(arrived) <= sent | unknown, "what arrived is called sent or unknown"


def _state(campaign: Campaign) -> str:
    return Campaign.objects.values_list("state", flat=True).get(pk=campaign.pk)


def _envelope_to(path: Path) -> str:
    with path.open("rb") as file:
        file.readline()
        return file.readline().split(b":", 1)[1].strip().decode()
