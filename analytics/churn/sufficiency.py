"""When there is enough to say something, and when "not enough data" is the right answer."""

from __future__ import annotations

import numpy as np

from analytics.lifetime_value.rfm import RfmSummary

LEAST_REPEAT_CUSTOMERS = 30  # four parameters are estimated from them
LEAST_DAYS = 90  # a history shorter than the horizon has never shown what it is asked about
LEAST_ORDERS = 2  # one order has no gap: nothing tells this customer from any other of the same age


def why_not_fitted(summary: RfmSummary) -> str:
    """A code for why no model can be fitted (`few_repeat_customers`, `short_history`), or ''."""
    if int((summary.frequency > 0).sum()) < LEAST_REPEAT_CUSTOMERS:
        return "few_repeat_customers"
    if int(summary.age.max()) < LEAST_DAYS:
        return "short_history"
    return ""


def enough_orders(summary: RfmSummary) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which customers have a buying rhythm of their own."""
    return summary.purchases >= LEAST_ORDERS
