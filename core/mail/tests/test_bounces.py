from __future__ import annotations

import pytest

from core.mail.bounces import cause_of
from core.mail.message import AutomaticKind, BounceCause
from core.mail.parser import parse

REPORT = b"""From: MAILER-DAEMON@mx.test
To: bounce+1@acme.test
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; <gone@x.org>
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

Final-Recipient: rfc822; full@x.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

Final-Recipient: rfc822; fine@x.org
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; slow@x.org
Action: delayed
Status: 4.4.1
--b
Content-Type: text/rfc822-headers

Message-ID: <campaign-1@acme.test>
Subject: News
--b--
"""


def test_delivery_status_names_recipients_and_causes() -> None:
    mail = parse(REPORT)
    assert mail.automatic is AutomaticKind.BOUNCE
    assert mail.bounce is not None
    assert [(one.address, one.cause, one.permanent) for one in mail.bounce.recipients] == [
        ("gone@x.org", BounceCause.USER_UNKNOWN, True),
        ("full@x.org", BounceCause.MAILBOX_FULL, True),
        ("slow@x.org", BounceCause.TEMPORARY, False),
    ]
    assert [one.proves_dead for one in mail.bounce.recipients] == [True, False, False]
    assert mail.bounce.original_message_id == "campaign-1@acme.test"


def test_old_style_bounce_is_recognised() -> None:
    mail = parse(
        b"From: MAILER-DAEMON@qmail.test\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at qmail.test.\n"
        b"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        b"This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        b"<gone@x.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy.\n"
    )
    assert mail.bounce is not None
    assert [(one.address, one.cause) for one in mail.bounce.recipients] == [
        ("gone@x.org", BounceCause.USER_UNKNOWN)
    ]


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.1.1", "550 5.1.1 blocked by Spamhaus", BounceCause.POLICY),
        ("5.7.1", "550 unknown user", BounceCause.POLICY),
        ("5.0.0", "550 No such user here", BounceCause.USER_UNKNOWN),
        ("5.4.4", "", BounceCause.HOST_UNKNOWN),
        ("5.0.0", "Host or domain name not found", BounceCause.HOST_UNKNOWN),
        ("4.2.2", "over quota", BounceCause.MAILBOX_FULL),
        ("5.5.0", "something went wrong", BounceCause.OTHER),
        ("4.1.1", "user unknown, try later", BounceCause.TEMPORARY),
    ],
)
def test_cause_is_no_more_than_the_server_said(status: str, diagnostic: str, expected: BounceCause) -> None:
    assert cause_of(status, diagnostic) is expected


def test_complaint_names_the_recipient() -> None:
    mail = parse(
        b"From: fbl@isp.test\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        b"Original-Rcpt-To: <ann@x.org>\n\n"
        b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <m@acme.test>\nSubject: News\n\nx\n--b--\n"
    )
    assert mail.automatic is AutomaticKind.COMPLAINT
    assert mail.complaint is not None
    assert (mail.complaint.feedback_type, mail.complaint.recipients) == ("abuse", ("ann@x.org",))
    assert mail.complaint.original_message_id == "m@acme.test"
