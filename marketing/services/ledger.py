"""The ledger's transitions. Every one is a conditional UPDATE guarded by state and fencing token.

    queued → leased → sent | failed | unknown      leased → queued (not begun)      queued → suppressed

Nothing here talks SMTP; `drain` does, and after a crash `recovery` settles what a journal says.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from core.events import publish
from core.mail.addresses import is_sendable
from core.mail.bounces import cause_of
from core.mail.message import BounceCause
from core.services.base import service
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.events import MailsSent
from marketing.models import Campaign, Recipient
from marketing.rules import MAX_ATTEMPTS, retry_delay
from marketing.selectors.permissions import blocked_recipients
from marketing.sending.links import message_id
from marketing.services.messages import link_key
from marketing.services.optout import suppress_dead_address

LEASE = timedelta(minutes=4)
"""Longer than a worker may take for one claim; its drain ends each claim well before."""
_REPLY = 300


@dataclass(frozen=True, slots=True)
class LeasedLine:
    """A line of the ledger in a worker's hands."""

    id: int
    variant_id: int
    contact_id: int | None
    address: str
    name: str
    values: dict[str, str]
    message_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Some lines under one token until `until`; `left_out` were taken from the queue for a reason.

    Neither lines nor left out: nothing is due, or the campaign is not sending now.
    """

    token: int
    until: datetime
    lines: tuple[LeasedLine, ...]
    left_out: int = 0


@service
def claim(*, actor: Any, campaign: Campaign, worker: str, size: int) -> Claim:
    """Lease up to `size` due lines to `worker`; suppression, consent and pause are checked again.

    Who may no longer be written to is left out with the reason. The Message-ID is stored before sending.
    """
    now = timezone.now()
    token = secrets.randbits(62)
    empty = Claim(token, now, ())
    state = (
        Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).values_list("state", flat=True)
    )
    if state.first() != CampaignState.SENDING:
        return empty
    lines = _due_lines(campaign, now, size)
    blocked = blocked_recipients(campaign, [line.id for line in lines])
    for line in lines:
        if line.id not in blocked and not is_sendable(line.address):
            blocked[line.id] = LeftOut.UNSENDABLE
    _leave_out(blocked, now)
    lines = [line for line in lines if line.id not in blocked]
    if not lines:
        return Claim(token, now, (), len(blocked))
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE marketing_recipient r SET state = %s, lease_worker = %s, lease_token = %s, lease_until = %s,"
            " message_id = given.message_id, attempts = attempts + 1, updated_at = %s"
            " FROM unnest(%s::bigint[], %s::text[]) AS given(id, message_id) WHERE r.id = given.id",
            [
                RecipientState.LEASED, worker, token, until, now,
                [line.id for line in lines], [line.message_id for line in lines],
            ],
        )  # fmt: skip
    return Claim(token, until, tuple(lines), len(blocked))


def _due_lines(campaign: Campaign, now: datetime, size: int) -> list[LeasedLine]:
    """Queued lines whose time has come, locked; those in other workers' hands are passed over."""
    rows = (
        Recipient.objects.select_for_update(skip_locked=True)
        .filter(
            Q(not_before__isnull=True) | Q(not_before__lte=now),
            campaign=campaign,
            state=RecipientState.QUEUED,
            address__isnull=False,
        )
        .order_by("pk")
        .values_list("pk", "variant_id", "contact_id", "address", "name", "values")[:size]
    )
    key, domain = link_key(), settings.MAIL_DOMAIN
    return [
        LeasedLine(
            pk,
            variant,
            contact,
            str(address),
            name,
            values,
            message_id(key, campaign.pk, str(address), domain),
        )
        for pk, variant, contact, address, name, values in rows
    ]


def _leave_out(reasons: dict[int, LeftOut], now: datetime) -> None:
    by_reason: dict[LeftOut, list[int]] = {}
    for recipient_id, reason in reasons.items():
        by_reason.setdefault(reason, []).append(recipient_id)
    for reason, ids in by_reason.items():
        state = RecipientState.FAILED if reason == LeftOut.UNSENDABLE else RecipientState.SUPPRESSED
        Recipient.objects.filter(pk__in=ids).update(state=state, reason=reason, updated_at=now)


@dataclass(frozen=True, slots=True)
class Results:
    """What became of the lines of one claim. `refused` holds (id, SMTP code, the server's words)."""

    sent: Sequence[int] = ()
    refused: Sequence[tuple[int, int, str]] = ()
    in_doubt: Sequence[int] = ()
    not_begun: Sequence[int] = ()


@service
def settle(*, actor: Any, campaign_id: int, token: int, results: Results) -> None:
    """Write results under their token; results of a lease that was taken away change nothing.

    A line that ran out meanwhile (unknown) still takes its worker's word, as the token is the same.
    """
    now = timezone.now()
    mine = Recipient.objects.filter(
        campaign_id=campaign_id, lease_token=token, state__in=(RecipientState.LEASED, RecipientState.UNKNOWN)
    )
    if results.sent:
        mine.filter(pk__in=results.sent).update(state=RecipientState.SENT, sent_at=now, updated_at=now)
        publish(MailsSent(campaign_id=campaign_id, recipient_ids=list(results.sent)))
    for recipient_id, code, reply in results.refused:
        _refuse(mine.filter(pk=recipient_id), code, reply, now)
    if results.in_doubt:
        mine.filter(pk__in=results.in_doubt).update(state=RecipientState.UNKNOWN, updated_at=now)
    if results.not_begun:
        mine.filter(pk__in=results.not_begun).update(
            state=RecipientState.QUEUED,
            lease_token=None,
            lease_worker="",
            lease_until=None,
            attempts=Greatest(F("attempts") - 1, 0),  # a lease alone is no attempt
            updated_at=now,
        )


def _refuse(line: Any, code: int, reply: str, now: datetime) -> None:
    """4xx waits and tries again, up to MAX_ATTEMPTS; 5xx is final, and suppresses only a dead address."""
    recipient = line.first()
    if recipient is None:
        return
    values: dict[str, Any] = {"reply": reply[:_REPLY], "updated_at": now}
    if 400 <= code < 500 and recipient.attempts < MAX_ATTEMPTS:
        values |= {
            "state": RecipientState.QUEUED,
            "lease_token": None,
            "lease_worker": "",
            "not_before": now + retry_delay(recipient.attempts),
        }
    else:
        reason = LeftOut.GAVE_UP if 400 <= code < 500 else LeftOut.REFUSED
        values |= {"state": RecipientState.FAILED, "reason": reason}
        if cause_of(_status(reply), reply) in (BounceCause.USER_UNKNOWN, BounceCause.HOST_UNKNOWN):
            suppress_dead_address(actor=None, address=recipient.address)
    line.update(**values)


def _status(reply: str) -> str:
    """The enhanced status (5.1.1) of a reply, where it has one."""
    words = reply.split()
    return words[1] if len(words) > 1 and words[1].count(".") == 2 else ""
