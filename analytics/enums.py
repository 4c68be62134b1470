"""Choices of analytics."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Population(TextChoices):
    """Whose orders a model learns from: people and companies buy in different rhythms."""

    CONTACT = "contact", _("Contacts")
    COMPANY = "company", _("Companies")


class RunState(TextChoices):
    """How far a model run has come."""

    FITTED = "fitted", _("Being written")
    DONE = "done", _("Done")
    NOT_ENOUGH_DATA = "not_enough", _("Not enough data")


class ReasonCode(TextChoices):
    """What a churn model looks at."""

    LAST_ORDER = "last_order", _("Last order")
    USUAL_GAP = "usual_gap", _("Usual gap")
    ORDERS = "orders", _("Number of orders")
    VALUE = "value", _("Value of an order")


class ChurnBand(TextChoices):
    """Risk in three words, and that it is not known."""

    AT_RISK = "at_risk", _("At risk")
    WATCHED = "watched", _("To be watched")
    SAFE = "safe", _("Safe")
    UNKNOWN = "unknown", _("Not enough data")
