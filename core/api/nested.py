"""Rows that hang on one record in the API: `/things/{id}/rows/` lists and adds them, `/things/{id}/rows/{row}/`
changes and removes one. Writing needs the right to change the record."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import Problem
from core.api.schema import IF_MATCH, Results
from core.api.views import RecordSerializer, etag_of, expected_version, once
from core.enums import Action
from core.scope.access import profile_for

MOST = 200
ROW = r"(?P<row_pk>[0-9]{1,18})"


class RowSerializer(RecordSerializer):
    """A row that takes its scope from its record; fields that may not be written are refused."""

    def get_fields(self) -> dict[str, Any]:
        return super(RecordSerializer, self).get_fields()


class NestedRows(ABC):
    """What is shown of the rows of a record, and which services write them. A resource takes them up by
    `addresses, address = Addresses().actions("addresses", "address")`.

    OpenAPI describes the list by the docstring of the class and one row by that of `change`. PATCH and DELETE obey
    `If-Match` (the service compares it: `expected_version`), POST obeys `Idempotency-Key`.
    """

    serializer: ClassVar[type[RowSerializer]]
    change_serializer: ClassVar[type[RowSerializer] | None] = None
    """Which fields may be changed, where these are others than can be given at first."""

    stand_for: ClassVar[frozenset[str]] = frozenset()
    """Fields of the record that the rows stand for: a role that hides or protects one hides or protects the rows."""

    @abstractmethod
    def rows(self, record: Any, user: Any) -> QuerySet[Any]:
        """Those that the person may see, in their order."""

    @abstractmethod
    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> Any:
        """Add one and return it."""

    @abstractmethod
    def change(self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None) -> Any:
        """Change one of `rows` and return it."""

    @abstractmethod
    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        """Remove one of `rows`."""

    def actions(self, many: str, one: str) -> tuple[Any, Any]:
        """The actions of the list and of a row, for attributes of these very names."""
        shown, changed = self.serializer, self.change_serializer or self.serializer

        @extend_schema(methods=["GET"], responses=shown(many=True), filters=False)
        @extend_schema(methods=["POST"], request=shown, responses={201: shown})
        @action(detail=True, methods=["get", "post"], pagination_class=Results)
        @_named(many, self.__doc__)
        def list_action(view: Any, request: Request, pk: str) -> Response:
            return self._list(view, pk) if request.method in SAFE_METHODS else self._add(view, pk)

        @extend_schema(methods=["PATCH"], parameters=[IF_MATCH], request=changed, responses=shown)
        @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
        @action(detail=True, methods=["patch", "delete"], url_path=f"{many}/{ROW}")
        @_named(one, self.change.__doc__)
        def row_action(view: Any, request: Request, pk: str, row_pk: str) -> Response:
            return self._change_or_remove(view, pk, row_pk)

        return list_action, row_action

    def _list(self, view: Any, pk: str) -> Response:
        user = view.request.user
        demand_field(user, view.record_type, self.stand_for, writing=False)
        return listed(view.request, self.serializer, self.rows(view.record_or_404(pk), user))

    def _add(self, view: Any, pk: str) -> Response:
        request = view.request
        demand_field(request.user, view.record_type, self.stand_for, writing=True)
        record = view.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = _cleaned(self.serializer(data=request.data, context={"request": request}))
            return self._shown(request, self.add(request.user, record, values), status.HTTP_201_CREATED)

        return once(request, work)

    def _change_or_remove(self, view: Any, pk: str, row_pk: str) -> Response:
        request = view.request
        demand_field(request.user, view.record_type, self.stand_for, writing=True)
        row = self.rows(view.record_or_404(pk, Action.CHANGE), request.user).filter(pk=row_pk).first()
        if row is None:
            raise Http404
        expected = expected_version(request)
        if request.method == "DELETE":
            self.remove(request.user, row, expected)
            return Response(status=status.HTTP_204_NO_CONTENT)
        body = self.change_serializer or self.serializer
        changes = _cleaned(body(row, data=request.data, partial=True, context={"request": request}))
        return self._shown(request, self.change(request.user, row, changes, expected))

    def _shown(self, request: Request, row: Any, code: int = status.HTTP_200_OK) -> Response:
        data = self.serializer(row, context={"request": request}).data
        return Response(data, code, headers={"ETag": etag_of(row)})


def listed(request: Request, serializer: type[RowSerializer], rows: QuerySet[Any]) -> Response:
    """All rows, at most the first 200."""
    return Response({"results": serializer(rows[:MOST], many=True, context={"request": request}).data})


def demand_field(user: Any, record_type: str, names: AbstractSet[str], *, writing: bool = False) -> None:
    """403 where the role hides one of the fields that the rows belong to, or may not write it."""
    profile = profile_for(user)
    shut = profile.hidden_fields(record_type)
    if names & (shut | profile.read_only_fields(record_type) if writing else shut):
        raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))


def _cleaned(body: RowSerializer) -> dict[str, Any]:
    """The valid body. It never touches the row: what is to be changed goes to the service beside it."""
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _named(name: str, about: str | None) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Name a function as the attribute that will hold it: the router demands that."""

    def name_it(function: Callable[..., Response]) -> Callable[..., Response]:
        function.__name__, function.__doc__ = name, about
        return function

    return name_it
