"""Who was asked how it was, and what they said: three years of answers, a little better each year."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo.copying import copy_rows, reserve_ids
from demo.parties import Known
from demo.survey_words import words_for
from demo.world import World
from service.models import SurveyAnswer, SurveyRequest, SurveySettings

ANSWERED = 0.45
"""The part of those asked who answer."""
WITH_WORDS = 0.6
LINK = timedelta(days=30)


@dataclass(frozen=True)
class Solved:
    """A solved ticket, and whose it was."""

    ticket: int
    subject: str
    contact: Known
    at: datetime


def seed_surveys(world: World, solved: list[Solved]) -> list[tuple[Any, ...]]:
    """Requests and answers for solved tickets; returns the lines for the timeline. Random numbers of their own,
    so that the rest of the data does not depend on them."""
    SurveySettings.objects.get_or_create(pk=1, defaults={"is_on": True})
    random = Random(f"surveys:{len(solved)}:{solved[0].at.isoformat() if solved else ''}")
    asked = [one for one in solved if one.at + timedelta(hours=2) < world.now]
    requests: list[tuple[Any, ...]] = []
    answers: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    for pk, one in zip(reserve_ids(SurveyRequest, len(asked)), asked, strict=True):
        at = one.at + timedelta(hours=2)
        requests.append((pk, one.ticket, "asked", at, at, at + LINK, f"{random.getrandbits(64):016x}"))
        answered = at + timedelta(minutes=random.randint(5, 4000))
        if random.random() > ANSWERED or answered > world.now:
            continue
        score = _score(world, random, answered)
        said = random.random() < WITH_WORDS
        words = random.choice(words_for(one.contact.person.language, score)) if said else ""
        answers.append((one.ticket, pk, score, words, answered, answered))
        entries.append(_entry(one, pk, score, words, answered))
        one.contact.touch(answered)
    names = ("id", "ticket", "state", "due_at", "asked_at", "expires_at", "nonce")
    copy_rows(SurveyRequest, names, requests)
    copy_rows(SurveyAnswer, ("ticket", "request", "score", "words", "answered_at", "created_at"), answers)
    return entries


def _score(world: World, random: Random, at: datetime) -> int:
    """Mostly good, and better as the years went by."""
    late = (at - world.start) / (world.now - world.start)
    return random.choices((1, 2, 3, 4, 5), (8 - 4 * late, 9 - 3 * late, 13, 30, 36 + 12 * late))[0]


def _entry(one: Solved, request: int, score: int, words: str, at: datetime) -> tuple[Any, ...]:
    firm = one.contact.firm.id if one.contact.firm else None
    data = {"number": one.ticket, "score": score}
    key = f"survey:{request}:1"
    return (one.contact.id, firm, "survey.answered", at, None, one.subject, words, data, one.ticket, key)
