"""`/api/v1/metrics/`: what the models say of customers, read only, in the scope of contacts and companies."""

from typing import Any, ClassVar

from rest_framework import serializers

from analytics.selectors.bands import band_of
from contacts.models import CustomerMetric
from core.api.views import ReadOnlyRecords, RecordSerializer


class MetricSerializer(RecordSerializer):
    """`reasons` are strongest first; `effect` is the share in the logit of the chance of churn."""

    band = serializers.SerializerMethodField()

    class Meta:
        model = CustomerMetric
        fields: ClassVar = [
            "id", "contact", "company", "status", "as_of", "horizon_days", "orders", "first_order_at",
            "last_order_at", "usual_gap_days", "total_spend", "average_order", "lifetime_value", "currency",
            "expected_orders", "alive", "churn", "band", "recency_score", "frequency_score", "monetary_score",
            "reasons", "run_id",
        ]  # fmt: skip

    def get_band(self, metric: CustomerMetric) -> str:
        return band_of(metric).value


class MetricRecords(ReadOnlyRecords):
    """Metrics of contacts and companies."""

    record_type = "metric"
    model = CustomerMetric
    serializer_class: type[serializers.BaseSerializer[Any]] = MetricSerializer
