"""Why customers stay or don't, in their own words: what they said in surveys."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.profile.subject import Subject
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.markup import day_text
from service.models.surveys import HIGHEST, SATISFIED
from service.selectors.surveys import answers_seen

SHOWN = 3
WORDS = 160


def survey_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """The mean score, how many were satisfied, and the newest words. Two queries."""
    profile = profile_for(user)
    hidden = profile.hidden_fields("survey_answer")
    if not profile.allows("survey_answer", "view") or "score" in hidden:
        return {}
    found = answers_seen(user).filter(subject.rows("ticket__contact", "ticket__company", copied=True))
    totals = found.order_by().aggregate(
        number=Count("pk"), mean=Avg("score"), satisfied=Count("pk", filter=Q(score__gte=SATISFIED))
    )
    if not totals["number"]:
        return {}
    newest = (
        []
        if "words" in hidden
        else list(
            found.exclude(words="")
            .order_by("-answered_at", "-pk")
            .values_list("words", "score", "answered_at")[:SHOWN]
        )
    )
    mean = Decimal(totals["mean"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    facts = {
        "survey_answers": totals["number"],
        "survey_average": str(mean),
        "survey_satisfied": totals["satisfied"],
        "survey_words": [{"words": words, "score": score} for words, score, _at in newest],
    }
    told = [_summary(totals["number"], mean, totals["satisfied"])]
    told += [_quote(words, score, at) for words, score, at in newest]
    rows = [Rows(_("Survey answers"), subject.link("survey_answer"), totals["number"])]
    unhappy = totals["number"] - totals["satisfied"]
    if unhappy:
        rows.append(Rows(_("Not satisfied"), subject.link("survey_answer", score__lt=SATISFIED), unhappy))
    return {"reasons": Piece(told, facts, rows)}


def _summary(number: int, mean: Decimal, satisfied: int) -> str:
    return ngettext(
        "%(n)d survey answer, %(mean)s of %(highest)d: %(satisfied)d satisfied.",
        "%(n)d survey answers, %(mean)s of %(highest)d on average: %(satisfied)d satisfied.",
        number,
    ) % {"n": number, "mean": mean, "highest": HIGHEST, "satisfied": satisfied}


def _quote(words: str, score: int, at: Any) -> str:
    text = " ".join(words.split())
    short = text if len(text) <= WORDS else f"{text[: WORDS - 1]}…"
    return _("“%(words)s” (%(score)d of %(highest)d, %(day)s)") % {
        "words": short, "score": score, "highest": HIGHEST, "day": day_text(at),
    }  # fmt: skip
