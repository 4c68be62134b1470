"""Errors as RFC 9457 problem documents (`application/problem+json`)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.conditions.tree import ConditionError
from core.custom_fields.api import problems_by_key
from core.registries.aliases import RecordMoved
from core.services.base import StaleRecord


class Problem(exceptions.APIException):
    """A problem with a title and, by field, what to mend."""

    def __init__(
        self, status_code: int, title: str, detail: str = "", errors: Any = None, **extra: Any
    ) -> None:
        super().__init__(detail or title)
        self.status_code = status_code
        self.title, self.text, self.errors, self.extra = title, detail, errors, extra


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error a problem document, nothing internal in it."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    if isinstance(error, RecordMoved):
        return _moved(error, context)
    body: dict[str, Any] = {"type": "about:blank", "title": problem.title, "status": problem.status_code}
    if problem.text:
        body["detail"] = problem.text
    if problem.errors is not None:
        body["errors"] = problem.errors
    body.update(problem.extra)
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)  # type: ignore[attr-defined]
    return Response(body, problem.status_code, headers=headers, content_type="application/problem+json")


def _moved(error: RecordMoved, context: dict[str, Any]) -> Response:
    """The record was merged into another: reading is sent on, writing is told where (nothing is done to
    another record unasked). Not to be stored: a merge may be undone."""
    request, view = context["request"], context["view"]
    url = view.reverse_action("detail", args=[error.live_id])
    reading = request.method in ("GET", "HEAD")
    code = status.HTTP_301_MOVED_PERMANENTLY if reading else status.HTTP_409_CONFLICT
    body = {
        "type": "about:blank",
        "title": _("The record was merged into another."),
        "status": code,
        "merged_into": error.live_id,
    }
    headers = {"Link": f'<{url}>; rel="canonical"', "Cache-Control": "no-store"}
    if reading:
        headers["Location"] = url
    return Response(body, code, headers=headers, content_type="application/problem+json")


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            status.HTTP_400_BAD_REQUEST, _("Some values can't be used."), errors=_plain(error.detail)
        )
    if isinstance(error, ModelError):
        return Problem(
            status.HTTP_400_BAD_REQUEST, _("Some values can't be used."), errors=_model_errors(error)
        )
    if isinstance(error, ConditionError):
        return Problem(status.HTTP_400_BAD_REQUEST, _("The filter can't be used."), str(error))
    if isinstance(error, StaleRecord):
        return Problem(status.HTTP_412_PRECONDITION_FAILED, _("The record has changed."), str(error))
    if isinstance(error, Http404):
        return Problem(status.HTTP_404_NOT_FOUND, _("There is no such record."))
    if isinstance(error, PermissionDenied):
        return Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code, str(error.detail))
    return None


def _model_errors(error: ModelError) -> Any:
    return problems_by_key(error.message_dict) if hasattr(error, "error_dict") else {"": error.messages}


def _plain(detail: Any) -> Any:
    if isinstance(detail, dict):
        return {key: _plain(value) for key, value in detail.items()}
    if isinstance(detail, list | tuple):
        return [_plain(item) for item in detail]
    return str(detail)
