"""What the people of a segment are like: spreads over a sample, and the one who is most like all of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Mod

from contacts.models import Contact, Segment
from contacts.segmentation.distributions import Spread, distributions
from contacts.selectors.groups import members
from core.enums import Action
from core.scope.access import profile_for

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
    """The portrait of a segment's people in the asker's scope. Raises ConditionError."""
    rows = members(segment, user)
    people = rows.count()
    every = max(1, people // SAMPLE)
    if every > 1:
        rows = rows.annotate(part=Mod(F("pk"), every)).filter(part=0)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: SAMPLE * 2])
    hidden = profile_for(user).hidden_fields("contact") if user is not None else frozenset()
    typical, shared = _typical(ids, hidden)
    return Portrait(people, len(ids), typical, shared, _spreads(ids, user, hidden))


def _spreads(ids: list[int], user: Any, hidden: frozenset[str]) -> list[tuple[str, Spread]]:
    profile = profile_for(user)
    found = []
    for one in distributions():
        seen = user is None or not one.reads or profile.allows(one.reads, Action.VIEW)
        if seen and one.field not in hidden and ids:
            found.append((str(one.label), one.spread(ids, user)))
    return found


def _typical(ids: list[int], hidden: frozenset[str]) -> tuple[Contact | None, list[str]]:
    """The member who has most of the commonest values; of several the one heard of last."""
    paths = [path for path in ALIKE if path.split("__")[0] not in hidden]
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
    shared = [str(v) for v, wanted in zip(best[1:], common, strict=True) if wanted and v == wanted]
    return Contact.objects.select_related("company").get(pk=best[0]), shared
