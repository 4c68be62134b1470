from __future__ import annotations

import pytest

from core.mail.loops import may_answer
from core.mail.message import AutomaticKind
from core.mail.parser import parse


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("From: ann@x.org\nX-Auto-Response-Suppress: All", AutomaticKind.NONE),
        ("From: ann@x.org\nAuto-Submitted: no", AutomaticKind.NONE),
        ("From: ann@x.org\nAuto-Submitted: auto-replied; owner=x", AutomaticKind.AUTO_REPLY),
        ("From: ann@x.org\nAuto-Submitted: auto-generated", AutomaticKind.AUTO_GENERATED),
        ("From: ann@x.org\nX-Autoreply: yes", AutomaticKind.AUTO_REPLY),
        ("From: ann@x.org\nSubject: Abwesenheitsnotiz: Urlaub", AutomaticKind.AUTO_REPLY),
        ("From: ann@x.org\nPrecedence: auto_reply", AutomaticKind.AUTO_REPLY),
        ("From: ann@x.org\nPrecedence: bulk", AutomaticKind.LIST),
        ("From: ann@x.org\nList-Id: <all.x.org>", AutomaticKind.LIST),
        ("From: ann@x.org\nReturn-Path: <>", AutomaticKind.AUTO_GENERATED),
        ("From: No Reply <no-reply@x.org>", AutomaticKind.AUTO_GENERATED),
        ("From: Mailer-Daemon <MAILER-DAEMON@x.org>", AutomaticKind.AUTO_GENERATED),
    ],
)
def test_automatic_mail_is_told_by_its_headers(headers: str, expected: AutomaticKind) -> None:
    assert parse(headers.encode() + b"\n\nx").automatic is expected


def test_answer_only_to_people_and_not_for_ever() -> None:
    own = ["help@acme.test"]
    assert may_answer(AutomaticKind.NONE, sender="ann@x.org", own_addresses=own, answers_today=4)
    assert not may_answer(AutomaticKind.NONE, sender="ann@x.org", own_addresses=own, answers_today=5)
    assert not may_answer(AutomaticKind.NONE, sender="HELP@acme.test", own_addresses=own, answers_today=0)
    assert not may_answer(AutomaticKind.NONE, sender="", own_addresses=own, answers_today=0)
    assert not may_answer(AutomaticKind.LIST, sender="ann@x.org", own_addresses=own, answers_today=0)
