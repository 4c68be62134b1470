"""A model's reasons as people read them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analytics.enums import ChurnBand, ReasonCode
from core.ui.markup import money_text

NO_EFFECT = 0.05
"""A share in the logit below which a reason moves the chance by hardly a percentage point."""

BAND_TONES = {
    ChurnBand.AT_RISK: "bad",
    ChurnBand.WATCHED: "warn",
    ChurnBand.SAFE: "ok",
    ChurnBand.UNKNOWN: "none",
}
NO_MODEL = {
    "no_orders": gettext_lazy("There are no orders of known customers yet."),
    "few_repeat_customers": gettext_lazy("Fewer than 30 customers have ordered on a second day so far."),
    "short_history": gettext_lazy("The orders cover fewer than 90 days so far."),
}


EFFECT_ICONS = {"up": "arrow-down-right", "down": "arrow-up-right", "": "minus"}
"""By tone: `down` is bad news, a risk that rises."""


@dataclass(frozen=True)
class ReasonWords:
    """One reason: what is, what is usual, and which way it moves the risk."""

    label: str
    own: str
    usual: str
    effect: str
    tone: str
    icon: str


def reason_words(reason: dict[str, Any], currency: str) -> ReasonWords:
    """The words for one entry of `CustomerMetric.reasons`."""
    code = ReasonCode(reason["code"])
    effect, tone = _effect(code, float(reason["effect"]))
    own = _amount(code, reason["own"], currency)
    usual = _("usual: %(amount)s") % {"amount": _amount(code, reason["typical"], currency)}
    return ReasonWords(str(code.label), own, usual, effect, tone, EFFECT_ICONS[tone])


def _amount(code: ReasonCode, value: float, currency: str) -> str:
    if code == ReasonCode.VALUE:
        return money_text(Decimal(str(value)), currency)
    number = round(value)
    if code == ReasonCode.ORDERS:
        return ngettext("%(n)d order", "%(n)d orders", number) % {"n": number}
    days = ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    return _("%(days)s ago") % {"days": days} if code == ReasonCode.LAST_ORDER else days


def _effect(code: ReasonCode, effect: float) -> tuple[str, str]:
    if code == ReasonCode.VALUE:
        return _("sets the value, not the risk"), ""
    if effect >= NO_EFFECT:
        return _("raises the risk"), "down"
    if effect <= -NO_EFFECT:
        return _("lowers the risk"), "up"
    return _("hardly changes the risk"), ""
