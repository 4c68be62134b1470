"""What sales answers in the customer profile, and the criteria that its links need."""

from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from contacts.profile.subject import family_condition
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import profile
from core.registries.profile import Answerer
from sales.profile.answers import purchase_answers
from sales.profile.motives import deal_answers

profile.register(Answerer("sales.purchases", purchase_answers, order=30))
profile.register(Answerer("sales.deals", deal_answers, order=40))

for _type in ("order", "deal"):
    criteria.register(
        _type,
        Criterion(
            "family", _("Company with its subsidiaries"), Kind.REF, build=family_condition("company_id"),
            ref_type="company", field="company", operators=("in",), icon="hierarchy", listed=False,
        ),
    )  # fmt: skip


def _weekdays() -> list[tuple[str, Any]]:
    return [(str(number + 1), name) for number, name in WEEKDAYS.items()]


def _months() -> list[tuple[str, Any]]:
    return [(str(number), name) for number, name in MONTHS.items()]


def _hours() -> list[tuple[str, Any]]:
    return [(str(hour), f"{hour}–{hour + 1} h") for hour in range(24)]


for _type, _prefix, _path in (("order", "ordered", "ordered_at"), ("deal", "closed", "closed_at")):
    for _key, _label, _lookup, _choices in (
        ("weekday", _("Weekday"), "iso_week_day", _weekdays),
        ("month", _("Month of the year"), "month", _months),
        ("hour", _("Hour of the day"), "hour", _hours),
    ):
        criteria.register(
            _type,
            Criterion(
                f"{_prefix}_{_key}", _label, Kind.CHOICE, path=f"{_path}__{_lookup}", choices=_choices,
                field=_path, operators=("in", "not_in"), icon="calendar", listed=False,
            ),
        )  # fmt: skip
