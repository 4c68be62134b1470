"""Pictures of a group of people: how it spreads over country, stage, age of relation… Apps above add their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from contacts.enums import LifecycleStage
from contacts.models import Company, Contact
from core.enums import Action
from core.scope.access import profile_for

Spread = Sequence[tuple[str, int]]
MOST = 8


@dataclass(frozen=True)
class Distribution:
    """`spread(ids, user)` counts a sample of people by bucket, in the order to be shown. `field` hides it with
    the contact's field, `reads` demands sight of a record type, `discloses` are fields elsewhere that hide it."""

    key: str
    label: str | Promise
    spread: Callable[[list[int], Any], Spread]
    field: str = ""
    reads: str = ""
    discloses: tuple[tuple[str, str], ...] = ()
    order: int = 100

    def is_shown(self, user: Any) -> bool:
        """Whether nothing that it tells is hidden from `user`; None is the system."""
        if user is None:
            return True
        profile = profile_for(user)
        told = (("contact", self.field), *self.discloses)
        return (not self.reads or profile.allows(self.reads, Action.VIEW)) and not any(
            field in profile.hidden_fields(record_type) for record_type, field in told
        )


_registered: dict[str, Distribution] = {}


def register(*distributions: Distribution) -> None:
    for one in distributions:
        _registered[one.key] = one


def distributions() -> list[Distribution]:
    return sorted(_registered.values(), key=lambda one: one.order)


def by_value(path: str, names: Callable[[], dict[str, str]] = dict) -> Callable[[list[int], Any], Spread]:
    """Counted by a field's value, the commonest first, the rest together."""

    def spread(ids: list[int], user: Any) -> Spread:
        labels = names()
        counted = Counter(Contact.objects.filter(pk__in=ids).values_list(path, flat=True))
        common = [
            (labels.get(str(value), str(value or _("unknown"))), n) for value, n in counted.most_common(MOST)
        ]
        rest = sum(counted.values()) - sum(n for _label, n in common)
        return [*common, (_("others"), rest)] if rest else common

    return spread


def by_company(field: str) -> Callable[[list[int], Any], Spread]:
    """Counted by a field of the person's company, as far as the asker sees the company."""

    def spread(ids: list[int], user: Any) -> Spread:
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        rows = Contact.objects.filter(pk__in=ids, company__in=seen.order_by().values("pk"))
        counted = Counter(str(value) for value in rows.values_list(f"company__{field}", flat=True) if value)
        common: list[tuple[str, int]] = counted.most_common(MOST)
        others = sum(counted.values()) - sum(n for _label, n in common)
        unknown = len(ids) - sum(counted.values())
        return [
            *common,
            *([(_("others"), others)] if others else []),
            *([(_("unknown"), unknown)] if unknown and common else []),
        ]

    return spread


def by_age(path: str) -> Callable[[list[int], Any], Spread]:
    """Counted by how long ago a moment was."""

    def spread(ids: list[int], user: Any) -> Spread:
        now = timezone.now()
        bands = (
            (30, _("up to a month")), (90, _("1 to 3 months")), (365, _("3 to 12 months")),
            (1095, _("1 to 3 years")), (36_500, _("more than 3 years")),
        )  # fmt: skip
        counts = dict.fromkeys([label for _days, label in bands], 0)
        never = 0
        for moment in Contact.objects.filter(pk__in=ids).values_list(path, flat=True):
            if moment is None:
                never += 1
                continue
            label = next(
                label for days, label in bands if now - moment <= timedelta(days=days) or days > 9999
            )
            counts[label] += 1
        return [*counts.items(), *([(_("never"), never)] if never else [])]

    return spread


register(
    Distribution(
        "country", gettext_lazy("By country"), by_value("country", lambda: dict(countries)), field="country",
        order=10,
    ),
    Distribution(
        "lifecycle",
        gettext_lazy("By lifecycle"),
        by_value("lifecycle_stage", lambda: {str(key): str(label) for key, label in LifecycleStage.choices}),
        field="lifecycle_stage",
        order=20,
    ),
    Distribution("age", gettext_lazy("Known to us for"), by_age("created_at"), field="created_at", order=30),
    Distribution(
        "activity",
        gettext_lazy("Last activity"),
        by_age("last_activity_at"),
        field="last_activity_at",
        order=40,
    ),
    Distribution(
        "industry", gettext_lazy("By industry of their company"), by_company("industry"), field="company",
        reads="company", discloses=(("company", "industry"),), order=60,
    ),
)  # fmt: skip
