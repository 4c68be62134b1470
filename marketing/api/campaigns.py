"""`/api/v1/campaigns/`: drafts, and the buttons of a campaign's page."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Records, RecordSerializer, once
from core.enums import Action
from marketing.models import Campaign
from marketing.selectors.results import left_out_of, progress_of, results_of
from marketing.services import control
from marketing.services.campaigns import MESSAGE_FIELDS, create_campaign, update_campaign
from marketing.services.launch import launch_campaign


class CampaignSerializer(RecordSerializer):
    """A campaign with its words. State and times are written by the buttons only."""

    subject = serializers.CharField(required=False, allow_blank=True, max_length=250)
    text = serializers.CharField(required=False, allow_blank=True)
    html = serializers.CharField(required=False, allow_blank=True)

    class Meta:
        model = Campaign
        fields: ClassVar = [
            "id", "name", "state", "segment", "topic", "from_name", "from_address", "reply_to", "consent_needed",
            "track", "owner", "launched_at", "finished_at", "problem", "created_at", "updated_at", "version",
            *MESSAGE_FIELDS,
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "id", "state", "launched_at", "finished_at", "problem", "created_at", "updated_at", "version",
        ]  # fmt: skip

    def to_representation(self, instance: Campaign) -> dict[str, Any]:
        words = instance.variants.all()[0]
        for name in MESSAGE_FIELDS:
            setattr(instance, name, getattr(words, name))
        return super().to_representation(instance)


class CampaignRecords(Records):
    """Campaigns in the caller's scope."""

    record_type = "campaign"
    capabilities: ClassVar = {"launch": "send_campaigns", "resume": "send_campaigns"}
    """What the services ask for beside the right to change, for who classifies URLs."""
    model = Campaign
    serializer_class = CampaignSerializer

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("variants")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Campaign:
        return create_campaign(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Campaign:
        update_campaign(actor=actor, campaign=record, expected_version=expected_version, **values)
        return record  # type: ignore[no-any-return]

    def _do(self, request: Request, pk: str, work: Any) -> Response:
        campaign = self.record_or_404(pk, Action.CHANGE)

        def answer() -> Response:
            work(actor=request.user, campaign=campaign)
            fresh = self.joined(Campaign.objects.filter(pk=campaign.pk)).get()
            return Response(self.get_serializer(fresh).data)

        return once(request, answer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def launch(self, request: Request, pk: str) -> Response:
        """Write the ledger and begin to send. Obeys Idempotency-Key."""
        return self._do(request, pk, launch_campaign)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        return self._do(request, pk, control.pause_campaign)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        return self._do(request, pk, control.resume_campaign)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        return self._do(request, pk, control.stop_campaign)

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """Lines of the ledger by state, who was left out and why, and what people did."""
        campaign = self.record_or_404(pk)
        counts = progress_of(campaign)
        states = ("queued", "leased", "sent", "failed", "suppressed", "unknown")
        return Response(
            {
                "state": campaign.state,
                "recipients": {name: getattr(counts, name) for name in states},
                "left_out": dict(left_out_of(campaign)),
                "results": {
                    kind: {"people": one.people, "only_machines": one.by_machine}
                    for kind, one in results_of(campaign).items()
                },
            }
        )
