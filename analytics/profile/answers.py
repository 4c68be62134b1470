"""What the models expect of a customer: beside how often and how much they have bought."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.enums import MetricStatus
from contacts.models import CustomerMetric
from contacts.profile.subject import Subject
from core.registries import records
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.markup import money_text


def forecast_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """From the customer's own metric (subsidiaries have their own). One query; nothing where it is hidden."""
    record = subject.record
    profile = profile_for(user)
    if "metric" in profile.hidden_fields(record.record_type) or not profile.allows("metric", "view"):
        return {}
    metric = CustomerMetric.objects.visible_to(user).filter(**{record.record_type: record}).first()
    if metric is None or metric.status != MetricStatus.SCORED:
        return {}
    page = Rows(_("Forecast"), url=records.of(record).url_of(record.pk))
    found = {}
    if metric.expected_orders is not None:
        number = round(metric.expected_orders)
        words = ngettext(
            "The model expects %(n)d order in the next 12 months.",
            "The model expects %(n)d orders in the next 12 months.",
            number,
        )
        facts = {"expected_orders": round(metric.expected_orders, 2)}
        found["frequency"] = Piece([words % {"n": number}], facts, [page])
    if metric.lifetime_value is not None:
        amount = money_text(metric.lifetime_value, metric.currency)
        told = _("The next 12 months are worth %(amount)s by the model.") % {"amount": amount}
        found["total"] = Piece([told], {"lifetime_value": str(metric.lifetime_value)}, [page])
    return found
