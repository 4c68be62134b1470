"""How satisfied the customers are whose tickets were solved."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from analytics.periods import Period
from core.conditions.rows_links import RowsLink
from service.models.surveys import SATISFIED


@dataclass(frozen=True)
class Satisfaction:
    """Answers within a period, and how many of them were satisfied."""

    answers: int
    satisfied: int

    @property
    def share(self) -> float | None:
        return self.satisfied / self.answers if self.answers else None


def answered_in(period: Period, **params: Any) -> RowsLink:
    """The answers given within the period."""
    return RowsLink.to("survey_answer", answered__between=period.between, **params)


def satisfaction(user: Any, period: Period) -> tuple[Satisfaction, Satisfaction] | None:
    """In the period and in the one before it, in the viewer's scope; None where the viewer sees no answers.
    One query."""
    now, before = answered_in(period), answered_in(period.previous)
    if not now.usable(user):
        return None
    here, there, happy = now.condition(user), before.condition(user), Q(score__gte=SATISFIED)
    found = (
        RowsLink.to("survey_answer")
        .rows(user)
        .filter(here | there)
        .order_by()
        .aggregate(
            now=Count("pk", filter=here),
            now_happy=Count("pk", filter=here & happy),
            before=Count("pk", filter=there),
            before_happy=Count("pk", filter=there & happy),
        )
    )
    return (
        Satisfaction(found["now"], found["now_happy"]),
        Satisfaction(found["before"], found["before_happy"]),
    )
