"""Personas in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api.segment_answers import PortraitSerializer
from contacts.models import Persona
from contacts.selectors.personas import portrait_of
from contacts.services.personas import create_persona, update_persona
from core.api.problems import Problem
from core.api.views import Records, RecordSerializer
from core.conditions.tree import ConditionError


class PersonaSerializer(RecordSerializer):
    class Meta:
        model = Persona
        fields: ClassVar = [
            "id",
            "name",
            "segment",
            "description",
            "goals",
            "frustrations",
            "approach",
            "owner",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "owner", "created_at", "updated_at", "version"]


class PersonaRecords(Records):
    """The people of a segment described as one of them."""

    record_type = "persona"
    model = Persona
    queryset = Persona.objects.none()
    serializer_class = PersonaSerializer

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Persona:
        return create_persona(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_persona(actor=actor, persona=record, changes=values, expected_version=expected_version)

    @extend_schema(request=None, responses=PortraitSerializer)
    @action(detail=True, methods=["get"])
    def portrait(self, request: Request, pk: str) -> Response:
        """How the people whom the caller may see spread, and the typical one of them."""
        persona = self.record_or_404(pk)
        try:
            found = portrait_of(persona.segment, request.user)
        except ConditionError as error:
            raise Problem(409, str(error)) from None
        spreads = [
            {"label": label, "buckets": [{"label": name, "people": count} for name, count in spread]}
            for label, spread in found.spreads
        ]
        typical = found.typical.pk if found.typical else None
        return Response(
            {"people": found.people, "looked_at": found.looked_at, "typical": typical, "spreads": spreads}
        )
