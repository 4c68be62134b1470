"""Tickets in the API, and what is said on them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import Company, Contact
from core.api.references import Reference
from core.api.views import Records, RecordSerializer, once
from core.enums import Action
from core.models import Tag, Team, User
from service.enums import Channel, TicketStatus
from service.models import Message, Queue, Ticket
from service.selectors.tickets import conversation
from service.services.content import MessageContent
from service.services.conversation import add_customer_message, add_note, reply_to_ticket
from service.services.tickets import change_status, open_ticket, update_ticket
from service.survey_links import without_links


class TicketSerializer(RecordSerializer):
    """A ticket. `text` (when creating) is the customer's first message; setting `status` moves the ticket
    along the allowed steps. `due_at` is the next deadline, null while no clock runs."""

    number = serializers.IntegerField(read_only=True)
    queue = Reference(queryset=Queue.objects.all(), required=False)
    contact = Reference(queryset=Contact.objects.all(), required=False, allow_null=True)
    company = Reference(queryset=Company.objects.all(), required=False, allow_null=True)
    owner = Reference(queryset=User.objects.all(), required=False, allow_null=True)
    team = Reference(queryset=Team.objects.all(), required=False, allow_null=True)
    tags = Reference(queryset=Tag.objects.all(), required=False, many=True)
    status = serializers.ChoiceField(choices=TicketStatus.choices, required=False)
    due_at = serializers.DateTimeField(read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)
    text = serializers.CharField(write_only=True, required=False, max_length=100_000)

    class Meta:
        model = Ticket
        fields: ClassVar = [
            "id", "number", "subject", "status", "priority", "queue", "contact", "company", "channel",
            "requester_name", "requester_address", "owner", "team", "tags", "text", "opened_at",
            "last_message_at", "last_customer_message_at", "first_response_due_at", "first_responded_at",
            "resolution_due_at", "due_at", "is_overdue", "solved_at", "reopened_count", "version",
            "external_id", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "channel", "opened_at", "last_message_at", "last_customer_message_at", "first_response_due_at",
            "first_responded_at", "resolution_due_at", "solved_at", "reopened_count", "version",
            "external_id",
        ]  # fmt: skip


class MessageSerializer(serializers.ModelSerializer[Message]):
    """Something said: `direction` is in, out or note; writing `out` answers the requester by mail."""

    author = Reference(read_only=True)
    direction = serializers.ChoiceField(choices=["out", "note"])
    text = serializers.CharField(max_length=100_000)
    status = serializers.ChoiceField(
        choices=TicketStatus.choices, write_only=True, required=False, help_text="after an answer"
    )

    class Meta:
        model = Message
        fields: ClassVar = [
            "id", "direction", "author", "from_name", "from_address", "to_addresses", "cc_addresses",
            "subject", "text", "quoted_text", "message_id", "at", "is_automatic", "delivery",
            "delivery_error", "sent_at", "status",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "from_name", "from_address", "to_addresses", "cc_addresses", "subject", "quoted_text",
            "message_id", "at", "is_automatic", "delivery", "delivery_error", "sent_at",
        ]  # fmt: skip

    def to_representation(self, instance: Message) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        return {**data, "text": without_links(data["text"])}


class TicketRecords(Records):
    """`/api/v1/tickets/`, and `/api/v1/tickets/{id}/messages/`."""

    record_type = "ticket"
    model = Ticket
    serializer_class = TicketSerializer

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("queue", "contact", "company", "owner", "team").prefetch_related(
            "tags"
        )

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Any:
        text, asked = values.pop("text", ""), values.pop("status", None)
        ticket = open_ticket(actor=actor, channel=Channel.API, **values)
        if text:
            content = MessageContent(
                text=text, from_name=ticket.requester_name, from_address=ticket.requester_address
            )
            add_customer_message(actor=actor, ticket=ticket, content=content, opens=True)
        if asked:
            change_status(actor=actor, ticket=ticket, status=asked)
        return ticket

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        values.pop("text", None)
        asked, tags = values.pop("status", None), values.pop("tags", None)
        ticket = update_ticket(
            actor=actor, ticket=record, changes=values, expected_version=expected_version, tags=tags
        )
        return change_status(actor=actor, ticket=ticket, status=asked) if asked else ticket

    @extend_schema(responses=MessageSerializer(many=True), request=MessageSerializer, filters=False)
    @action(detail=True, methods=["get", "post"], serializer_class=MessageSerializer, pagination_class=None)
    def messages(self, request: Request, pk: str) -> Response:
        """What was said, oldest first; POST answers by mail or adds an internal note."""
        if request.method == "POST":
            ticket = self.record_or_404(pk, Action.CHANGE)
            return once(request, lambda: self._say(request, ticket))
        found = conversation(request.user, self.record_or_404(pk))
        return Response({"results": MessageSerializer(found, many=True).data})

    def _say(self, request: Request, ticket: Ticket) -> Response:
        serializer = MessageSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        if values["direction"] == "note":
            message = add_note(actor=request.user, ticket=ticket, text=values["text"])
        else:
            status_after = values.get("status", TicketStatus.WAITING)
            message = reply_to_ticket(
                actor=request.user, ticket=ticket, text=values["text"], status=status_after
            )
        return Response(MessageSerializer(message).data, status.HTTP_201_CREATED)
