"""Queues in the API: to read, so that a ticket can be put into one."""

from typing import ClassVar

from core.api.views import ReadOnlyRecords, RecordSerializer
from service.models import Queue


class QueueSerializer(RecordSerializer):
    """A queue."""

    class Meta:
        model = Queue
        fields: ClassVar = ["id", "name", "mailbox", "address", "is_default", "created_at", "updated_at"]


class QueueRecords(ReadOnlyRecords):
    """`/api/v1/queues/`."""

    record_type = "queue"
    model = Queue
    serializer_class = QueueSerializer
