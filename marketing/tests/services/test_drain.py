"""Draining the ledger over real SMTP into the mail catcher."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from django.utils import timezone

from contacts.models import Suppression, TimelineEntry
from core.outbox.dispatcher import drain as dispatch
from local.mail_catcher import MailCatcher
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.models import Campaign
from marketing.selectors.results import progress_of
from marketing.sending.tests.fake_server import FakeServer
from marketing.services.control import pause_campaign, resume_campaign, stop_campaign
from marketing.services.drain import drain
from marketing.services.launch import launch_campaign
from marketing.services.ledger import claim
from marketing.tests.factories import make_campaign, make_crowd, make_person

pytestmark = pytest.mark.django_db


def _mails(catcher: MailCatcher) -> list[EmailMessage]:
    raw = [path.read_bytes() for path in catcher.maildir.messages()]
    return [cast(EmailMessage, message_from_bytes(one, policy=policy.default)) for one in raw]


def _launched(*people: Any, **fields: Any) -> Campaign:
    campaign = make_campaign(*people, **fields)
    launch_campaign(actor=None, campaign=campaign)
    return campaign


def test_drain_sends_each_line_once_and_finishes(catcher: MailCatcher) -> None:
    campaign = _launched(make_person("ann@example.org", first_name="Ann"), make_person(first_name=""))
    report = drain(campaign.pk)
    assert (report.sent, report.refused, report.in_doubt, report.problem, report.more) == (2, 0, 0, "", False)
    assert drain(campaign.pk).sent == 0
    mails = {str(mail["X-Envelope-To"]): mail for mail in _mails(catcher)}
    assert len(mails) == 2
    ann = mails["ann@example.org"]
    line = campaign.recipients.get(address="ann@example.org")
    assert ann["Subject"] == "News for Ann"
    assert ann["Message-ID"] == f"<{line.message_id}>"
    assert ann["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(ann["X-Envelope-From"]).startswith(f"bounce+{line.pk}-")
    assert "Acme Ltd" in str(ann.as_string())
    assert (line.state, line.attempts) == (RecipientState.SENT, 1)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED
    assert campaign.finished_at is not None


def test_sent_mail_shows_on_the_timeline_once(catcher: MailCatcher) -> None:
    contact = make_person(first_name="Ann")
    campaign = _launched(contact)
    drain(campaign.pk)
    dispatch()
    entry = TimelineEntry.objects.get(contact=contact)
    assert (entry.kind, entry.title, entry.object_id) == ("campaign.sent", campaign.name, campaign.pk)
    assert entry.body == "Subject: News for Ann"


def test_small_claims_send_everybody_once(catcher: MailCatcher, settings: Any) -> None:
    settings.MAIL_CLAIM_SIZE = 7
    campaign = _launched(*make_crowd(50))
    assert drain(campaign.pk).sent == 50
    addresses = [str(mail["X-Envelope-To"]) for mail in _mails(catcher)]
    assert len(addresses) == len(set(addresses)) == 50


def test_opt_out_after_the_launch_is_obeyed(catcher: MailCatcher) -> None:
    leaver, withdrawer, hermit, gone = (
        make_person("a@example.org"),
        make_person(),
        make_person(),
        make_person(),
    )
    campaign = _launched(leaver, withdrawer, hermit, gone, make_person())
    Suppression.objects.create(address="a@example.org", reach="marketing", cause="unsubscribed")
    withdrawer.consents.create(state="withdrawn", source="phone")
    hermit.do_not_contact = True
    hermit.save()
    gone.deleted_at = timezone.now()
    gone.save()
    assert drain(campaign.pk).sent == 1
    reasons = campaign.recipients.exclude(reason="").order_by("pk").values_list("state", "reason")
    assert list(reasons) == [
        (RecipientState.SUPPRESSED, LeftOut.SUPPRESSED),
        (RecipientState.SUPPRESSED, LeftOut.WITHDRAWN),
        (RecipientState.SUPPRESSED, LeftOut.DO_NOT_CONTACT),
        (RecipientState.SUPPRESSED, LeftOut.DO_NOT_CONTACT),
    ]


def test_paused_campaign_sends_nothing_until_resumed(catcher: MailCatcher) -> None:
    campaign = _launched(make_person())
    pause_campaign(actor=None, campaign=campaign)
    assert drain(campaign.pk).sent == 0
    assert claim(actor=None, campaign=campaign, worker="w", size=5).lines == ()
    resume_campaign(actor=None, campaign=campaign)
    assert drain(campaign.pk).sent == 1


def test_stopped_campaign_leaves_the_rest_out(catcher: MailCatcher) -> None:
    campaign = _launched(make_person())
    assert stop_campaign(actor=None, campaign=campaign) == 1
    assert drain(campaign.pk).sent == 0
    assert campaign.recipients.get().reason == LeftOut.STOPPED


def test_time_over_leaves_the_rest_queued(catcher: MailCatcher) -> None:
    campaign = _launched(make_person())
    report = drain(campaign.pk, seconds=0)
    assert (report.sent, report.more) == (0, True)
    assert campaign.recipients.get().state == RecipientState.QUEUED


def test_server_that_is_away_is_told_and_nothing_is_lost(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    campaign = _launched(make_person())
    assert "127.0.0.1:1 can't be reached" in drain(campaign.pk).problem
    campaign.refresh_from_db()
    assert "127.0.0.1:1 can't be reached" in campaign.problem
    assert campaign.state == CampaignState.SENDING
    assert campaign.recipients.get().state == RecipientState.QUEUED


@pytest.fixture
def fake(settings: Any) -> Any:
    server = FakeServer()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    yield server
    server.stop()


def test_dead_address_is_suppressed_and_a_policy_refusal_is_not(fake: FakeServer) -> None:
    replies = {"dead": b"550 5.1.1 user unknown\r\n", "spam": b"550 5.7.1 blocked as spam\r\n"}
    fake.answers = {"RCPT": lambda argument: replies.get(argument[4:8], b"250 ok\r\n")}
    campaign = _launched(make_person("dead@example.org"), make_person("spam@example.org"), make_person())
    report = drain(campaign.pk)
    assert (report.sent, report.refused) == (1, 2)
    failed = campaign.recipients.filter(state=RecipientState.FAILED).order_by("pk")
    assert [(one.reason, one.reply) for one in failed] == [
        (LeftOut.REFUSED, "550 5.1.1 user unknown"),
        (LeftOut.REFUSED, "550 5.7.1 blocked as spam"),
    ]
    assert list(Suppression.objects.values_list("address", "reach", "cause")) == [
        ("dead@example.org", "marketing", "bounced")
    ]


def test_put_off_address_waits_and_gives_up_after_five_tries(fake: FakeServer) -> None:
    fake.answers = {"RCPT": lambda argument: b"451 4.7.1 greylisted\r\n"}
    campaign = _launched(make_person())
    line = campaign.recipients.get()
    for attempt in range(1, 5):
        assert drain(campaign.pk).refused == 1
        line.refresh_from_db()
        assert (line.state, line.attempts) == (RecipientState.QUEUED, attempt)
        wait = line.not_before - timezone.now()
        assert timedelta(minutes=2**attempt - 1) < wait <= timedelta(minutes=2**attempt)
        assert drain(campaign.pk).refused == 0
        campaign.recipients.update(not_before=timezone.now())
    drain(campaign.pk)
    line.refresh_from_db()
    assert (line.state, line.reason) == (RecipientState.FAILED, LeftOut.GAVE_UP)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED


def test_lost_connection_leaves_one_in_doubt_and_sends_the_others(fake: FakeServer) -> None:
    def hang_up_once(recipient: str) -> bytes:
        if recipient == "doubt@example.org":
            raise EOFError
        return b"250 ok\r\n"

    fake.answers = {".": hang_up_once}
    campaign = _launched(make_person(), make_person("doubt@example.org"), make_person(), make_person())
    report = drain(campaign.pk)
    assert (report.sent, report.in_doubt) == (3, 1)
    assert len(fake.received) == 3
    line = campaign.recipients.get(address="doubt@example.org")
    assert line.state == RecipientState.UNKNOWN
    assert drain(campaign.pk).sent == 0
    assert progress_of(campaign).unknown == 1
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED


def test_address_that_smtp_cannot_carry_fails_alone(catcher: MailCatcher) -> None:
    campaign = _launched(make_person("jörg@example.org"), make_person())
    assert drain(campaign.pk).sent == 1
    line = campaign.recipients.get(address="jörg@example.org")
    assert (line.state, line.reason) == (RecipientState.FAILED, LeftOut.UNSENDABLE)
