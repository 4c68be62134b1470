"""Returned mailings: found by return path or Message-ID, through the mailbox's own way in."""

from __future__ import annotations

import pytest

from contacts.models import Suppression
from core.outbox.dispatcher import drain as dispatch
from marketing.enums import RecipientState
from marketing.models import Engagement, Recipient
from marketing.services.launch import launch_campaign
from marketing.services.messages import links
from marketing.tests.factories import make_campaign, make_person
from service.services.receiving import receive_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Recipient:
    campaign = make_campaign(make_person("ann@example.org"))
    launch_campaign(actor=None, campaign=campaign)
    campaign.recipients.update(state=RecipientState.SENT, message_id="abc@demo.example")
    dispatch()
    return campaign.recipients.get()


def _bounce(to: str, status: str, enclosed: str = "") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.test\nTo: {to}\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
        f"Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: {status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{enclosed}>\n--b--\n"
    ).encode()


def _receive(raw: bytes) -> None:
    receive_mail(mailbox="bounces", raw=raw)
    dispatch()


def test_bounce_to_the_return_path_suppresses_a_dead_address(line: Recipient) -> None:
    _receive(_bounce(links().return_path(line.pk), "5.1.1"))
    assert list(Engagement.objects.values_list("recipient", "kind")) == [(line.pk, "bounce")]
    assert list(Suppression.objects.values_list("address", "cause")) == [("ann@example.org", "bounced")]


def test_bounce_for_another_reason_is_counted_only(line: Recipient) -> None:
    _receive(_bounce(links().return_path(line.pk), "5.2.2"))
    assert Engagement.objects.count() == 1
    assert not Suppression.objects.exists()


def test_forged_return_path_is_nobodys(line: Recipient) -> None:
    forged = links().return_path(line.pk + 1).replace(f"+{line.pk + 1}-", f"+{line.pk}-")
    _receive(_bounce(forged, "5.1.1"))
    assert not Engagement.objects.exists()
    assert not Suppression.objects.exists()


def test_bounce_elsewhere_is_found_by_message_id(line: Recipient) -> None:
    _receive(_bounce("news@demo.example", "5.1.1", "abc@demo.example"))
    assert Engagement.objects.get().recipient == line


def test_complaint_ends_mailings_to_the_address(line: Recipient) -> None:
    _receive(
        b"From: fbl@isp.test\nTo: abuse@demo.example\nSubject: report\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n"
        b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <abc@demo.example>\nSubject: News\n\nx\n--b--\n"
    )
    assert Engagement.objects.get().kind == "complaint"
    assert list(Suppression.objects.values_list("address", "cause")) == [("ann@example.org", "complained")]
