"""Churn of customers without a contract. Arrays in, arrays out; see README.md."""

from .chance import chance_of_no_purchase
from .reasons import INPUTS, Reasons, TypicalCustomer, explain, typical_customer
from .sufficiency import enough_orders, why_not_fitted

__all__ = [
    "INPUTS",
    "Reasons",
    "TypicalCustomer",
    "chance_of_no_purchase",
    "enough_orders",
    "explain",
    "typical_customer",
    "why_not_fitted",
]
