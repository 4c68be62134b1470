"""Open deals that want something done."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from core.conditions.rows_links import RowsLink
from core.ui.markup import whole_number
from sales.enums import DealStatus

OPEN = DealStatus.OPEN.value
WARNING_ICONS = {
    "close_passed": "calendar-x",
    "step_overdue": "clock-exclamation",
    "no_step": "alert-triangle",
    "rotting": "hourglass-low",
}
WORDS = {
    "close_passed": ngettext_lazy(
        "%(shown)s deal has a close date in the past", "%(shown)s deals have a close date in the past", "n"
    ),
    "step_overdue": ngettext_lazy(
        "%(shown)s deal's next step is overdue", "%(shown)s deals' next steps are overdue", "n"
    ),
    "no_step": ngettext_lazy("%(shown)s deal has no next step", "%(shown)s deals have no next step", "n"),
    "rotting": ngettext_lazy(
        "%(shown)s deal has been in its stage for too long",
        "%(shown)s deals have been in their stage for too long",
        "n",
    ),
}
TONES = {"close_passed": "warn", "step_overdue": "bad", "no_step": "warn", "rotting": "info"}


@dataclass(frozen=True)
class DealWarning:
    """So many open deals, worth so much in the base currency, and what is the matter."""

    text: str
    deals: int
    amount: Decimal
    tone: str
    icon: str
    link: RowsLink


def warnings(user: Any) -> list[DealWarning]:
    """What there is, most urgent first; one query."""
    links = {key: link for key, link in _links().items() if link.usable(user)}
    if not links:
        return []
    sums: dict[str, Any] = {}
    for key, link in links.items():
        condition = link.condition(user)
        sums[f"{key}_deals"] = Count("pk", filter=condition)
        sums[f"{key}_amount"] = Sum("base_amount", filter=condition)
    found = RowsLink.to("deal", status=OPEN).rows(user).order_by().aggregate(**sums)
    return [
        DealWarning(
            text=WORDS[key] % {"n": found[f"{key}_deals"], "shown": whole_number(found[f"{key}_deals"])},
            deals=found[f"{key}_deals"],
            amount=found[f"{key}_amount"] or Decimal(0),
            tone=TONES[key],
            icon=WARNING_ICONS[key],
            link=link,
        )
        for key, link in links.items()
        if found[f"{key}_deals"]
    ]


def _links() -> dict[str, RowsLink]:
    today = timezone.localdate().isoformat()
    return {
        "step_overdue": RowsLink.to("deal", status=OPEN, overdue_step="true"),
        "close_passed": RowsLink.to("deal", status=OPEN, expected_close__before=today),
        "no_step": RowsLink.to("deal", status=OPEN, no_next_step="true"),
        "rotting": RowsLink.to("deal", status=OPEN, rotting="true"),
    }
