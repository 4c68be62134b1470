"""What a dead worker's journal says becomes the ledger's state, and nothing is sent twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.tests.factories import make_user
from local.mail_catcher import MailCatcher
from marketing.enums import CampaignState, RecipientState
from marketing.models import Campaign
from marketing.sending.journal import Journal
from marketing.services.control import finish_if_done, resolve_unknown
from marketing.services.drain import drain
from marketing.services.launch import launch_campaign
from marketing.services.ledger import Claim, Results, claim, settle
from marketing.services.recovery import expire_leases, recover_journals
from marketing.tests.factories import make_campaign, make_crowd

pytestmark = pytest.mark.django_db


def _leased(count: int, worker: str) -> tuple[Campaign, Claim]:
    campaign = make_campaign(*make_crowd(count))
    launch_campaign(actor=None, campaign=campaign)
    return campaign, claim(actor=None, campaign=campaign, worker=worker, size=count)


def _states(campaign: Campaign) -> list[str]:
    return list(campaign.recipients.order_by("pk").values_list("state", flat=True))


def _dead_journal(directory: Path, campaign: Campaign, batch: Claim, journal: Journal) -> None:
    sent, refused, begun, _never = [line.id for line in batch.lines]
    journal.begin(sent, batch.token)
    journal.accepted(sent, batch.token)
    journal.rejected(refused, batch.token, "550 5.1.1 user unknown")
    journal.begin(begun, batch.token)
    journal.close(keep=True)


def test_journal_of_a_dead_worker_settles_its_lines(journal_dir: Path) -> None:
    journal = Journal(journal_dir)
    campaign, batch = _leased(4, journal.worker)
    _dead_journal(journal_dir, campaign, batch, journal)
    assert recover_journals(journal_dir) == 1
    assert _states(campaign) == ["sent", "failed", "unknown", "queued"]
    assert recover_journals(journal_dir) == 0


def test_after_a_power_cut_a_missing_record_is_in_doubt(
    journal_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(journal_dir)
    campaign, batch = _leased(4, journal.worker)
    _dead_journal(journal_dir, campaign, batch, journal)
    monkeypatch.setattr("marketing.sending.journal._BOOT_ID", journal_dir / "disk-id")
    recover_journals(journal_dir)
    assert _states(campaign) == ["sent", "failed", "unknown", "unknown"]


def test_lease_of_a_worker_whose_journal_is_gone_is_in_doubt_at_its_end(journal_dir: Path) -> None:
    journal = Journal(journal_dir)
    campaign, _batch = _leased(1, journal.worker)
    assert expire_leases(journal_dir) == 0
    campaign.recipients.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert expire_leases(journal_dir) == 0, "the worker lives: its journal is locked"
    journal.close(keep=False)
    assert expire_leases(journal_dir) == 1
    assert _states(campaign) == ["unknown"]


def test_lease_of_another_disk_gets_a_grace(journal_dir: Path) -> None:
    campaign, _batch = _leased(1, "other-disk.123")
    campaign.recipients.update(lease_until=timezone.now() - timedelta(minutes=14))
    assert expire_leases(journal_dir) == 0
    campaign.recipients.update(lease_until=timezone.now() - timedelta(minutes=16))
    assert expire_leases(journal_dir) == 1


def test_result_under_a_foreign_token_changes_nothing() -> None:
    campaign, batch = _leased(2, "w")
    ids = [line.id for line in batch.lines]
    settle(actor=None, campaign_id=campaign.pk, token=batch.token + 1, results=Results(sent=ids))
    assert _states(campaign) == ["leased", "leased"]


def test_worker_that_comes_back_still_has_its_word() -> None:
    campaign, batch = _leased(1, "w")
    campaign.recipients.update(state=RecipientState.UNKNOWN)
    settle(actor=None, campaign_id=campaign.pk, token=batch.token, results=Results(sent=[batch.lines[0].id]))
    assert _states(campaign) == ["sent"]


def test_two_claims_never_share_a_line() -> None:
    campaign = make_campaign(*make_crowd(10))
    launch_campaign(actor=None, campaign=campaign)
    first = claim(actor=None, campaign=campaign, worker="a", size=6)
    second = claim(actor=None, campaign=campaign, worker="b", size=6)
    assert (len(first.lines), len(second.lines)) == (6, 4)
    assert not {line.id for line in first.lines} & {line.id for line in second.lines}
    assert first.token != second.token


def _with_unknown() -> Campaign:
    campaign, _batch = _leased(1, "w")
    campaign.recipients.update(state=RecipientState.UNKNOWN)
    assert finish_if_done(actor=None, campaign_id=campaign.pk)
    campaign.refresh_from_db()
    return campaign


def test_unknown_line_is_resolved_by_a_person_as_sent() -> None:
    campaign = _with_unknown()
    person = make_user("marketing")
    resolve_unknown(actor=person, recipient=campaign.recipients.get(), was_sent=True)
    line = campaign.recipients.get()
    assert (line.state, line.resolved_by) == (RecipientState.SENT, person)
    with pytest.raises(ValidationError, match="resolved this line already"):
        resolve_unknown(actor=person, recipient=line, was_sent=True)


def test_unknown_line_sent_again_reopens_the_campaign(catcher: MailCatcher) -> None:
    campaign = _with_unknown()
    message_id = campaign.recipients.get().message_id
    assert drain(campaign.pk).sent == 0, "unknown is never sent again by itself"
    resolve_unknown(actor=None, recipient=campaign.recipients.get(), was_sent=False)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING
    assert drain(campaign.pk).sent == 1
    line = campaign.recipients.get()
    assert (line.state, line.message_id) == (RecipientState.SENT, message_id)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED
