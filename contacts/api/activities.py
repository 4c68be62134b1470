"""Activities in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from contacts.models import Activity, Company, Contact
from contacts.services.activities import log_activity, update_activity
from core.api.references import Reference
from core.api.views import Records, RecordSerializer
from core.models import User


class ActivitySerializer(RecordSerializer):
    contact = Reference(queryset=Contact.objects.all(), required=False, allow_null=True)
    company = Reference(queryset=Company.objects.all(), required=False, allow_null=True)
    owner = Reference(queryset=User.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Activity
        fields: ClassVar = [
            "id",
            "kind",
            "contact",
            "company",
            "subject",
            "body",
            "outcome",
            "direction",
            "duration_minutes",
            "due_at",
            "done_at",
            "occurred_at",
            "owner",
            "team",
            "external_id",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "team", "created_at", "updated_at", "version"]


class ActivityRecords(Records):
    """Calls, notes, e-mails, meetings and tasks."""

    record_type = "activity"
    model = Activity
    queryset = Activity.objects.none()
    serializer_class = ActivitySerializer
    order = ("occurred_at",)
    descending = True

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("contact", "company", "owner")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Activity:
        return log_activity(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_activity(
            actor=actor, activity=record, changes=values, expected_version=expected_version
        )
