"""Consents, suppressed addresses and privacy requests in the API."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers, status

from contacts.enums import RequestState, SuppressionScope
from contacts.models import Consent, Contact, LegalHold, PrivacyRequest, Suppression, Wording
from contacts.services.consents import record_consent, suppress
from contacts.services.holds import lift_hold, place_hold
from contacts.services.requests import close_request, open_request
from contacts.services.suppressions import lift_with_reason
from contacts.services.wordings import add_wording
from core.api.problems import Problem
from core.api.references import Reference
from core.api.views import Records, RecordSerializer, Strict
from core.enums import Action
from core.scope.access import profile_for


class ConsentSerializer(Strict, serializers.ModelSerializer[Consent]):
    contact = Reference(queryset=Contact.objects.all())
    wording_version = Reference(queryset=Wording.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Consent
        fields: ClassVar = [
            "id", "contact", "purpose", "channel", "state", "basis", "wording", "wording_version", "source",
            "at", "actor", "created_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "actor", "created_at"]


class ConsentRecords(Records):
    """Lines of the consent ledger: added, never changed. The newest for a purpose and channel counts. Whoever may
    see or change a contact may read or add its lines."""

    record_type = "consent"
    model = Consent
    queryset = Consent.objects.none()
    serializer_class = ConsentSerializer
    http_method_names = ("get", "post", "head", "options")

    def _require(self, action: Action) -> None:
        wanted = Action.CHANGE if action == Action.ADD else action
        if not profile_for(self.request.user).allows("contact", wanted):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Consent:
        return record_consent(actor=actor, **values)


class SuppressionSerializer(RecordSerializer):
    class Meta:
        model = Suppression
        fields: ClassVar = ["id", "address", "reach", "cause", "note", "source", "at", "created_at"]
        read_only_fields: ClassVar = ["id", "at", "created_at"]


class SuppressionRecords(Records):
    """Addresses that nothing, or no mailing, is sent to. DELETE lifts one: `?reason=` says why."""

    record_type = "suppression"
    model = Suppression
    queryset = Suppression.objects.none()
    serializer_class = SuppressionSerializer
    http_method_names = ("get", "post", "delete", "head", "options")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Suppression:
        if values.get("cause") == "erased":
            raise ValidationError({"cause": _("Erasing a person does this.")})
        return suppress(actor=actor, **{"reach": SuppressionScope.MARKETING, **values})

    def perform_delete_with(self, actor: Any, record: Any) -> None:
        if record.cause == "erased":
            raise Problem(status.HTTP_403_FORBIDDEN, _("An erased address is let in by a privacy officer."))
        lift_with_reason(actor=actor, suppression=record, reason=self.request.query_params.get("reason", ""))


class RequestSerializer(RecordSerializer):
    contact = Reference(queryset=Contact.objects.all(), required=False, allow_null=True)
    state = serializers.ChoiceField(choices=RequestState.choices, required=False)

    class Meta:
        model = PrivacyRequest
        fields: ClassVar = [
            "id", "kind", "state", "contact", "address", "source", "details", "received_at", "due_at", "closed_at",
            "answer", "owner", "created_at", "updated_at", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "id", "due_at", "closed_at", "owner", "created_at", "updated_at", "version",
        ]  # fmt: skip


class RequestRecords(Records):
    """The register of privacy requests. PATCH with a final `state` and an `answer` closes one."""

    record_type = "privacy_request"
    model = PrivacyRequest
    queryset = PrivacyRequest.objects.none()
    serializer_class = RequestSerializer
    http_method_names = ("get", "post", "patch", "head", "options")

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("contact", "owner")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> PrivacyRequest:
        for name in ("state", "answer"):
            values.pop(name, None)
        return open_request(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        if set(values) - {"state", "answer"} or values.get("state") in RequestState.open_states():
            raise ValidationError(_("Only state (done or refused) and answer can be written."))
        state = values.get("state", RequestState.DONE)
        return close_request(actor=actor, request=record, state=state, answer=values.get("answer", ""))


class HoldSerializer(Strict, serializers.ModelSerializer[LegalHold]):
    contact = Reference(queryset=Contact.objects.all())
    is_lifted = serializers.BooleanField(required=False, write_only=True)

    class Meta:
        model = LegalHold
        fields: ClassVar = [
            "id", "contact", "reason", "until", "placed_by", "placed_at", "lifted_by", "lifted_at", "is_lifted",
            "created_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "placed_by", "placed_at", "lifted_by", "lifted_at", "created_at"]


class HoldRecords(Records):
    """Legal holds, for who may erase people. PATCH with `is_lifted` true ends one; nothing else of it changes."""

    record_type = "legal_hold"
    model = LegalHold
    queryset = LegalHold.objects.none()
    serializer_class = HoldSerializer
    http_method_names = ("get", "post", "patch", "head", "options")

    def rows(self, action: Action = Action.VIEW) -> QuerySet[Any]:
        self._require(action)
        return LegalHold.objects.filter(contact__in=Contact.all_objects.visible_to(self.request.user))

    def _require(self, action: Action) -> None:
        if not profile_for(self.request.user).can("erase_people"):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("contact")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> LegalHold:
        values.pop("is_lifted", None)
        return place_hold(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        if values != {"is_lifted": True}:
            raise ValidationError({"is_lifted": _("A hold is lifted, by true, and not changed otherwise.")})
        lift_hold(actor=actor, hold=record)
        record.refresh_from_db()
        return record


class WordingSerializer(RecordSerializer):
    version = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)

    class Meta:
        model = Wording
        validators: ClassVar[list[Any]] = []  # the service checks it, with the number that it gives
        fields: ClassVar = ["id", "key", "version", "language", "text", "created_at"]
        read_only_fields: ClassVar = ["id", "created_at"]


class WordingRecords(Records):
    """The words under which consent is asked for. A version is added, never changed; without `version` it is the
    next one of its language, and in force from then on."""

    record_type = "wording"
    model = Wording
    queryset = Wording.objects.none()
    serializer_class = WordingSerializer
    http_method_names = ("get", "post", "head", "options")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Wording:
        return add_wording(actor=actor, **values)
