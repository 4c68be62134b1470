"""After a crash: what a dead worker's journal says, and leases of machines that never came back."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketing.enums import RecipientState
from marketing.models import Recipient
from marketing.sending.journal import DeadJournal, JournalState, dead_journals, disk_id, living_workers
from marketing.services.ledger import Results, settle

logger = logging.getLogger("crm.marketing")
GRACE = timedelta(minutes=15)
"""How long after its lease a machine may come back with its journal before its lines become unknown."""


def recover_journals(directory: Path) -> int:
    """Settle the leases of every dead worker of this disk; returns how many journals that were.

    accepted → sent, rejected → failed or waiting, begun only → unknown, no record → queued. Where the machine
    itself went down in between, a missing record is no proof: unknown.
    """
    count = 0
    for journal in dead_journals(directory):
        with transaction.atomic():
            _settle_journal(journal)
        count += 1
    return count


def _settle_journal(journal: DeadJournal) -> None:
    claims: dict[tuple[int, int], list[int]] = {}
    leased = Recipient.objects.filter(
        lease_worker=journal.worker, state__in=(RecipientState.LEASED, RecipientState.UNKNOWN)
    )
    for pk, campaign_id, token in leased.values_list("pk", "campaign_id", "lease_token"):
        assert token is not None
        claims.setdefault((campaign_id, token), []).append(pk)
    for (campaign_id, token), ids in claims.items():
        results = _results(journal, token, ids)
        settle(actor=None, campaign_id=campaign_id, token=token, results=results)
        logger.info(
            "settled a dead worker's lines",
            extra={
                "campaign": campaign_id,
                "sent": len(results.sent),
                "unknown": len(results.in_doubt),
                "queued": len(results.not_begun),
            },
        )


def _results(journal: DeadJournal, token: int, ids: list[int]) -> Results:
    sent: list[int] = []
    refused: list[tuple[int, int, str]] = []
    in_doubt: list[int] = []
    not_begun: list[int] = []
    for pk in ids:
        entry = journal.entries.get(pk)
        if entry is None or entry.token != token:
            (not_begun if journal.complete else in_doubt).append(pk)
        elif entry.state is JournalState.ACCEPTED:
            sent.append(pk)
        elif entry.state is JournalState.REJECTED:
            refused.append((pk, int(entry.reply[:3]) if entry.reply[:3].isdigit() else 450, entry.reply))
        else:
            in_doubt.append(pk)
    return Results(sent, refused, in_doubt, not_begun)


def expire_leases(directory: Path) -> int:
    """Lines whose worker can't be asked any more become unknown; returns how many.

    A worker of this disk that still lives is left alone, one whose journal is gone is not coming back. One of
    another disk gets GRACE beyond its lease.
    """
    now = timezone.now()
    own_disk = disk_id(directory) + "."
    living = living_workers(directory)
    workers: dict[str, Any] = dict(
        Recipient.objects.filter(state=RecipientState.LEASED, lease_until__lt=now)
        .order_by("lease_worker", "lease_until")
        .values_list("lease_worker", "lease_until")
    )
    lost = [
        worker
        for worker, until in workers.items()
        if worker not in living and (worker.startswith(own_disk) or until < now - GRACE)
    ]
    return Recipient.objects.filter(
        state=RecipientState.LEASED, lease_until__lt=now, lease_worker__in=lost
    ).update(state=RecipientState.UNKNOWN, updated_at=now)
