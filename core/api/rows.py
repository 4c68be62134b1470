"""What hangs on records of any type in the API: found by the record's type and id, in keyset pages."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status
from rest_framework.response import Response

from core.api.problems import Problem
from core.api.views import LIST_PARAMETERS, Acting, bad_request, etag_of
from core.paging import BadCursor, count_of, keyset_page
from core.registries import aliases, records
from core.scope.access import profile_for

PAGING = LIST_PARAMETERS[:2]
ON_RECORD = [
    OpenApiParameter("record_type", OpenApiTypes.STR, required=True, description="such as `contact`"),
    OpenApiParameter("object_id", OpenApiTypes.INT, required=True, description="the record's number"),
]


class Rows(Acting):
    """Rows that are no records themselves: each resource says what it lists and which service writes."""

    def capability(self, name: str) -> None:
        """403 without the capability."""
        if not profile_for(self.request.user).can(name):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))

    def require(self, record_type: str, action: str) -> None:
        """403 where the role does not have the action on the type at all."""
        if not profile_for(self.request.user).allows(record_type, action):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))

    def may_write(self) -> None:
        """403 for a token that may only read."""
        scopes = profile_for(self.request.user).token_scopes
        if scopes is not None and not any(scope.endswith(":write") for scope in scopes):
            raise Problem(status.HTTP_403_FORBIDDEN, _("This token may only read."))

    def page(
        self,
        rows: QuerySet[Any],
        keys: Sequence[str] = ("pk",),
        *,
        descending: bool = False,
        load: Callable[[list[int]], Sequence[Any]] | None = None,
        serializer: type[serializers.BaseSerializer[Any]] | None = None,
    ) -> Response:
        """A page of `rows`; `load(ids)` fetches what the serializer reads (default: the rows themselves)."""
        cursor = self.request.query_params.get("cursor", "")
        size = self.page_size(self.request)
        try:
            page = keyset_page(rows, keys, descending=descending, cursor=cursor, size=size)
        except BadCursor:
            raise bad_request({"cursor": [_("Use the “next” of the page before.")]}) from None
        loaded = load(page.ids) if load else rows.filter(pk__in=page.ids)
        found = {row.pk: row for row in loaded}
        count, exact = count_of(rows)
        shown = [found[pk] for pk in page.ids if pk in found]
        kind = serializer or self.get_serializer_class()
        data = kind(shown, many=True, context=self.get_serializer_context()).data
        return Response({"results": data, "next": page.next, "count": count, "count_is_exact": exact})

    def shown(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row with its ETag."""
        return Response(self.get_serializer(row).data, code, headers={"ETag": etag_of(row)})

    def cleaned(self, serializer: type[serializers.Serializer[Any]], *, partial: bool = False) -> Any:
        """The valid body. Raises ValidationError."""
        body = serializer(
            data=self.request.data, partial=partial, context={"request": self.request, "view": self}
        )
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def asked_record(self) -> Any:
        """The record that the address asks about."""
        params = self.request.query_params
        return record_of(self.request.user, params.get("record_type", ""), params.get("object_id", ""))


def record_of(user: Any, record_type: str, object_id: Any) -> Any:
    """The record if the person may see it; 404 otherwise, 400 for no type or number at all. An old id means
    the record it was merged into."""
    number = str(object_id)
    if not records.known(record_type):
        raise bad_request({"record_type": [_("There is no such record type.")]})
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise bad_request({"object_id": [_("Give the record's number.")]})
    record = records.resolve(record_type, aliases.live_id(record_type, int(number)), user)
    if record is None:
        raise Http404
    return record
