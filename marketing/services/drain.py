"""Sending what is due of one campaign, for a limited time. Safe to run many times and on many machines."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formatdate
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.mail.server import MailServer, parse_email_url
from marketing.enums import CampaignState
from marketing.models import Campaign
from marketing.selectors.permissions import LastWord, last_word
from marketing.sending.compile import CompiledMessage, Envelope
from marketing.sending.journal import Journal
from marketing.sending.links import LinkMaker
from marketing.sending.smtp import ConnectionLost, Outcome, OutcomeKind, Outgoing, SmtpConnection, SmtpError
from marketing.services.control import finish_if_done
from marketing.services.ledger import Claim, LeasedLine, Results, claim, settle
from marketing.services.messages import compile_variant, links
from marketing.services.recovery import recover_journals

logger = logging.getLogger("crm.marketing")
LEASE_MARGIN = timedelta(seconds=90)
"""Nothing is begun in a lease's last stretch: longer than the server may take to answer one message."""
_MAX_RECONNECTS = 3


@dataclass
class DrainReport:
    """What one drain did. `more` says that lines were still due when its time was over."""

    sent: int = 0
    refused: int = 0
    in_doubt: int = 0
    problem: str = ""
    more: bool = False


def drain(campaign_id: int, *, seconds: float = 50.0) -> DrainReport:
    """Send until nothing is due, the time is over, or the campaign no longer sends. Never raises for mail trouble:
    what keeps it from sending is in the report and on the campaign's page."""
    directory = Path(settings.MAIL_JOURNAL_DIR)
    recover_journals(directory)
    campaign = Campaign.objects.select_related("topic", "segment").filter(pk=campaign_id).first()
    report = DrainReport()
    if campaign is None or campaign.state != CampaignState.SENDING:
        return report
    try:
        messages = {one.pk: compile_variant(campaign, one) for one in campaign.variants.all()}
    except ValidationError as error:
        report.problem = "; ".join(error.messages)
        _tell(campaign, report.problem)
        return report
    journal = Journal(directory)
    settled = False
    try:
        _Drain(campaign, messages, journal, report, time.monotonic() + seconds).run()
        settled = True
    except OSError as error:  # the journal can't be written: what was leased is settled by the next drain
        report.problem = str(error)
    finally:
        journal.close(keep=not settled)
    _tell(campaign, report.problem)
    finish_if_done(actor=None, campaign_id=campaign_id)
    return report


def _tell(campaign: Campaign, problem: str) -> None:
    """Keep what is wrong where people look, without a new version of the record."""
    Campaign.objects.filter(pk=campaign.pk).exclude(problem=problem[:300]).update(problem=problem[:300])


@dataclass
class _Drain:
    campaign: Campaign
    messages: dict[int, CompiledMessage]
    journal: Journal
    report: DrainReport
    deadline: float
    server: MailServer = field(default_factory=lambda: parse_email_url(settings.EMAIL_URL))
    maker: LinkMaker = field(default_factory=links)
    connection: SmtpConnection | None = None
    failures: int = 0

    def run(self) -> None:
        try:
            while self._connect():
                if time.monotonic() >= self.deadline:
                    self.report.more = True
                    return
                batch = claim(
                    actor=None,
                    campaign=self.campaign,
                    worker=self.journal.worker,
                    size=settings.MAIL_CLAIM_SIZE,
                )
                if batch.lines:
                    self._send(batch)
                elif not batch.left_out:
                    return
        finally:
            if self.connection is not None:
                self.connection.close()

    def _connect(self) -> bool:
        """A usable connection; False, with the reason in the report, when the server is not to be had."""
        if self.connection is not None:
            return True
        if self.failures > _MAX_RECONNECTS:
            return False
        try:
            self.connection = SmtpConnection(self.server, local_name=settings.MAIL_DOMAIN)
        except SmtpError as error:
            self.report.problem = str(error)
            return False
        return True

    def _send(self, batch: Claim) -> None:
        """Send one claim and settle it, whatever happens to the connection."""
        assert self.connection is not None
        open_lines = {line.id for line in batch.lines}
        sent: list[int] = []
        refused: list[tuple[int, int, str]] = []
        in_doubt: list[int] = []
        try:
            for outcome in self._outcomes(batch):
                recipient_id = outcome.message.recipient_id
                if outcome.kind is OutcomeKind.WITHHELD:
                    self.connection = (
                        None  # it was broken off; the next claim leaves the line out with its reason
                    )
                    continue
                open_lines.discard(recipient_id)
                if outcome.kind is OutcomeKind.ACCEPTED:
                    sent.append(recipient_id)
                else:
                    refused.append((recipient_id, outcome.code, outcome.reply))
        except ConnectionLost as error:
            self.connection = None
            self.failures += 1
            self.report.problem = str(error)
            if error.in_doubt is not None:
                in_doubt.append(error.in_doubt.recipient_id)
                open_lines.discard(error.in_doubt.recipient_id)
        else:
            self.report.problem = ""
        self.report.sent += len(sent)
        self.report.refused += len(refused)
        self.report.in_doubt += len(in_doubt)
        results = Results(sent, refused, in_doubt, sorted(open_lines))
        settle(actor=None, campaign_id=self.campaign.pk, token=batch.token, results=results)

    def _outcomes(self, batch: Claim) -> Iterator[Outcome]:
        """What becomes of each line. Before a mail's bytes are written the database is asked a last time, so
        that a word committed by then (an opt-out, a pause, an erasure) is obeyed also for what is leased."""
        assert self.connection is not None
        left = (batch.until - LEASE_MARGIN - timezone.now()).total_seconds()
        ends = min(self.deadline, time.monotonic() + left)
        with last_word(self.campaign, [line.id for line in batch.lines], batch.token) as word:
            yield from self.connection.send(self._outgoing(batch, word, ends), self.journal)

    def _outgoing(self, batch: Claim, word: LastWord, ends: float) -> Iterator[Outgoing]:
        for place, line in enumerate(batch.lines):
            if time.monotonic() >= ends:
                return
            yield Outgoing(
                line.id,
                batch.token,
                self.maker.return_path(line.id),
                line.address,
                self._builder(line),
                partial(word.allows, place),
            )

    def _builder(self, line: LeasedLine) -> Any:
        def build() -> bytes:
            envelope = Envelope(
                line.id, line.address, line.name, line.message_id, _date_of(int(time.time())), line.values
            )
            return self.messages[line.variant_id].render(envelope)

        return build


@lru_cache(maxsize=4)
def _date_of(second: int) -> str:
    """The moment as RFC 5322 writes it, made once a second."""
    return formatdate(second)
