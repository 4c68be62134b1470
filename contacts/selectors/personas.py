"""What the people of a segment are like: spreads over a sample, and the one who is most like all of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Mod
from django.utils.translation import gettext as _

from contacts.enums import LifecycleStage
from contacts.geo.names import country_name
from contacts.languages import language_name
from contacts.models import Contact, Segment
from contacts.segmentation.distributions import Spread, distributions
from contacts.selectors.groups import members
from core.conditions.tree import ConditionError
from core.enums import AccessLevel, Action
from core.scope.access import profile_for
from core.scope.fields import conceal_all

SAMPLE = 5_000
ALIKE = ("lifecycle_stage", "country", "language", "city", "job_title", "company__industry")
"""What makes a member typical; a field that is hidden from the asker is passed over."""


@dataclass(frozen=True)
class Portrait:
    """`people` in the asker's scope, of whom `looked_at` were looked at; `typical` has `shared` of the commonest
    values."""

    people: int
    looked_at: int
    typical: Contact | None
    shared: list[str]
    spreads: list[tuple[str, Spread]]


def portrait_of(segment: Segment, user: Any) -> Portrait:
    """The portrait of a segment's people in the asker's scope. Raises ConditionError, also for a segment that
    is out of their sight."""
    if user is not None and not Segment.objects.visible_to(user).filter(pk=segment.pk).exists():
        raise ConditionError(_("The segment of this persona is out of your sight."))
    rows = members(segment, user)
    people = rows.count()
    every = max(1, people // SAMPLE)
    if every > 1:
        rows = rows.annotate(part=Mod(F("pk"), every)).filter(part=0)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: SAMPLE * 2])
    typical, shared = _typical(ids, user)
    return Portrait(people, len(ids), typical, shared, _spreads(ids, user))


def _spreads(ids: list[int], user: Any) -> list[tuple[str, Spread]]:
    shown = [one for one in distributions() if one.is_shown(user)] if ids else []
    return [(str(one.label), one.spread(ids, user)) for one in shown]


def _in_words(path: str, value: Any) -> str:
    """A value as people read it: names of countries, languages and stages for their codes."""
    text = str(value)
    if path == "country":
        return country_name(text)
    if path == "language":
        return language_name(text)
    if path == "lifecycle_stage":
        return str(dict(LifecycleStage.choices).get(text, text))
    return text


def _alike(user: Any) -> list[str]:
    """What members are compared by: nothing that is hidden, and of companies only where all are in sight."""
    if user is None:
        return list(ALIKE)
    profile = profile_for(user)
    companies = profile.level("company", Action.VIEW) == AccessLevel.ALL
    found = [path for path in ALIKE if path.split("__")[0] not in profile.hidden_fields("contact")]
    own = companies and "industry" not in profile.hidden_fields("company")
    return [path for path in found if own or not path.startswith("company__")]


def _typical(ids: list[int], user: Any) -> tuple[Contact | None, list[str]]:
    """The member who has most of the commonest values; of several the one heard of last."""
    paths = _alike(user)
    rows = list(Contact.objects.filter(pk__in=ids).order_by("-activity_at", "pk").values_list("pk", *paths))
    if not rows:
        return None, []
    common: list[Any] = []
    for column in range(1, len(paths) + 1):
        values = Counter(row[column] for row in rows if row[column])
        common.append(values.most_common(1)[0][0] if values else None)

    def likeness(row: tuple[Any, ...]) -> int:
        return sum(1 for value, wanted in zip(row[1:], common, strict=True) if wanted and value == wanted)

    best = max(rows, key=likeness)  # the first of several: the one heard of last
    shared = [
        _in_words(path, v)
        for path, v, wanted in zip(paths, best[1:], common, strict=True)
        if wanted and v == wanted
    ]
    return conceal_all(Contact.objects.select_related("company").filter(pk=best[0]), user)[0], shared
