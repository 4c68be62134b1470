"""From which chance of no order on a customer counts as at risk."""

AT_RISK = 0.6
"""Chance of no order within the horizon."""

WATCHED = 0.35
"""Below it, a customer is as safe as customers without a contract can be."""
