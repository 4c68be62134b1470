from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail.quotes import split_quoted


@pytest.mark.parametrize(
    ("new", "quoted"),
    [
        ("Thanks!\n\n", "On Tue, 1 Jul 2025 at 10:00, Help <help@a.org> wrote:\n> Hello\n> there\n"),
        ("Danke\n", "Am 01.07.25 um 10:00 schrieb Help <help@a.org>:\n> Hallo\n"),
        ("Merci\n", "Le mar. 1 juil. 2025 à 10:00,\nHelp <help@a.org> a écrit :\n\n> Bonjour\n"),
        ("Ok\n\n", "-----Original Message-----\nFrom: a\nplain old text\n"),
        ("Ok\n\n", "From: Help <h@a.org>\nSent: Tuesday\nTo: Ann\nSubject: RE: x\n\nHello Ann\n"),
        ("Ok\n", "> only\n> quoted\n\n"),
        ("Nothing quoted here.\nOn Monday I wrote a letter.\n", ""),
        ("Dates:\nFrom: Monday\nTo: Friday\n", ""),
    ],
)
def test_reply_is_split_from_the_quote(new: str, quoted: str) -> None:
    assert split_quoted(new + quoted) == (new, quoted)


def test_answers_inside_the_quote_hide_nothing() -> None:
    text = "On Tue, Help <h@a.org> wrote:\n> One?\nYes.\n> Two?\nNo.\n"
    assert split_quoted(text) == (text, "")


@given(st.text())
def test_nothing_is_ever_lost(text: str) -> None:
    new, quoted = split_quoted(text)
    assert new + quoted == text
