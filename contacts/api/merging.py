"""Merging in the API: `POST /contacts/merge/`, `POST /companies/merge/`, `/merges/` and `/merges/{id}/undo/`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.enums import MergeOrigin
from contacts.merging.running import model_of
from contacts.models import MergeLog
from contacts.selectors.merge_pages import mergeable
from contacts.services.merging import MOST, AlreadyMerged, CantUndo, merge_records, unmerge
from core.api.problems import Problem
from core.api.views import ReadOnlyRecords, once
from core.enums import Action
from core.registries import aliases


class MergeRequest(serializers.Serializer[Any]):
    """`ids`: the first goes on, unless nothing but a number is known of it. `values`: of which record a
    field's value is taken (`{"city": 17}`); the others follow the rules."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=2, max_length=MOST)
    values = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)


class UndoRequest(serializers.Serializer[Any]):
    """What becomes of the survivor's fields that were changed since: `now` (they stay), `before`, or the id of
    the record that gets the value."""

    decisions = serializers.DictField(child=serializers.CharField(max_length=20), required=False)


class KeptSerializer(serializers.Serializer[Any]):
    """Rows that undoing left as they are, because they changed since."""

    model = serializers.CharField()
    ids = serializers.ListField(child=serializers.IntegerField())
    why = serializers.ChoiceField(choices=["changed", "moved", "gone", "added"])
    columns = serializers.ListField(child=serializers.CharField())


class MergeSerializer(serializers.ModelSerializer[MergeLog]):
    """`survivor_id` went on when it was merged, `live_id` is the record now."""

    live_id = serializers.SerializerMethodField()
    kept = KeptSerializer(many=True, read_only=True)

    class Meta:
        model = MergeLog
        fields: ClassVar = [
            "id", "record_type", "survivor_id", "merged_ids", "live_id", "origin", "reason", "at", "actor",
            "undone_at", "undone_by", "kept",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    def get_live_id(self, log: MergeLog) -> int:
        return int(log.contact_id or log.company_id or 0)


class MergeRecords(ReadOnlyRecords):
    """Merges of records in the caller's scope, newest first."""

    record_type = "merge"
    model = MergeLog
    queryset = MergeLog.objects.none()
    serializer_class = MergeSerializer
    descending = True

    @extend_schema(request=UndoRequest, responses=MergeSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Make several of one again. What was changed since is kept and listed."""
        log = self.record_or_404(pk)
        asked = UndoRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda: self._undo(request, log, asked.validated_data.get("decisions") or {}))

    def _undo(self, request: Request, log: MergeLog, decisions: Mapping[str, str]) -> Response:
        try:
            unmerge(actor=request.user, log=log, fields=decisions)
        except CantUndo as error:
            first = {"undo_first": error.first} if error.first else {}
            raise Problem(
                status.HTTP_409_CONFLICT, _("This can't be undone."), str(error), **first
            ) from error
        log.refresh_from_db()
        return Response(MergeSerializer(log).data)


class Mergeable:
    """Adds `POST …/merge/` to a resource."""

    @extend_schema(request=MergeRequest, responses={201: MergeSerializer})
    @action(detail=False, methods=["post"])
    def merge(self, request: Request) -> Response:
        """Make one record of several."""
        for needed in (Action.CHANGE, Action.DELETE):
            self._require(needed)  # type: ignore[attr-defined]
        asked = MergeRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda: self._merge(request, asked.validated_data))

    def _merge(self, request: Request, asked: Mapping[str, Any]) -> Response:
        return merged(request, self.record_type, asked)  # type: ignore[attr-defined]


def merged(request: Request, record_type: str, asked: Mapping[str, Any]) -> Response:
    """Merge the `ids` asked for by the `values` chosen: 201 with the log, 404, 403, 409 with the live ids."""
    model: Any = model_of(record_type)
    ids = list(dict.fromkeys(asked["ids"]))
    live = aliases.live_ids(record_type, ids)
    wanted = {live.get(pk, pk) for pk in ids}
    if model.objects.visible_to(request.user).filter(pk__in=wanted).count() < len(wanted):
        raise Http404
    if not live and len(mergeable(model, ids, request.user)) < len(ids):
        raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this for this record."))
    try:
        log = merge_records(
            actor=request.user,
            record_type=record_type,
            ids=ids,
            choices=asked.get("values") or {},
            origin=MergeOrigin.API,
        )
    except AlreadyMerged as error:
        raise Problem(
            status.HTTP_409_CONFLICT, _("Some of these were merged already."), str(error), live=error.live
        ) from error
    return Response(MergeSerializer(log).data, status.HTTP_201_CREATED)
