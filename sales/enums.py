"""Choices of sales."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from contacts.enums import BuyingRole as BuyingRole


class DealStatus(TextChoices):
    """What a stage means for the deals in it."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class LostReason(TextChoices):
    """Why a deal was lost."""

    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("Chose a competitor")
    NO_BUDGET = "no_budget", _("No budget")
    NO_DECISION = "no_decision", _("No decision")
    TIMING = "timing", _("Bad timing")
    FIT = "fit", _("Does not fit the need")
    NO_ANSWER = "no_answer", _("No answer any more")
    OTHER = "other", _("Another reason")


class WonReason(TextChoices):
    """Why a deal was won."""

    PRODUCT = "product", _("Product")
    PRICE = "price", _("Price")
    RELATIONSHIP = "relationship", _("Relationship")
    SERVICE = "service", _("Service")
    DELIVERY = "delivery", _("Time of delivery")
    OTHER = "other", _("Another reason")


class OrderStatus(TextChoices):
    """The life of an order."""

    PLACED = "placed", _("Placed")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


class QuotaPeriod(TextChoices):
    """How long a target runs."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")
