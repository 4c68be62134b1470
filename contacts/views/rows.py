"""Views of what hangs on a person or company (their companies, addresses, ways to reach them): the form of one
row, and what a button does to it. A row of another record is 404."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from contacts.views.reach import PartyForm, PartyView
from core.enums import Action
from core.services.base import StaleRecord
from core.ui.access import safe_next
from core.ui.row_conflicts import answer_changed, expected_state
from core.ui.toasts import done, say
from core.ui.undo import undo_url


class RowForm(PartyForm):
    """Edits the row `row_pk` of the record `pk`. Subclasses say `rows`, `form` and `save`."""

    def rows(self, pk: int) -> QuerySet[Any]:
        raise TypeError(f"{type(self).__name__} does not say whose rows it edits")

    @cached_property
    def row(self) -> Any:
        found = self.rows(self.kwargs["pk"]).filter(pk=self.kwargs["row_pk"]).first()
        if found is None:
            raise Http404
        return found


class RowAction(PartyView):
    """Does something to the row `row_pk` of the record `pk`; what the service refuses is told as a toast, and a row
    that somebody else has changed since the page was read is shown in both versions (409)."""

    http_method_names = ("post",)
    done_text: Any = ""

    def rows(self, pk: int) -> QuerySet[Any]:
        raise TypeError(f"{type(self).__name__} does not say whose rows it changes")

    def act(self, row: Any, expected: int | None) -> None:
        """Do it by a service; `expected` is the state of the row that the page showed."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def post(self, request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        row = self.rows(pk).filter(pk=row_pk).first()
        if row is None:
            raise Http404
        url = safe_next(request, self.type.url_of(record.pk))
        try:
            self.act(row, expected_state(request))
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)
        except StaleRecord:
            current = self.rows(pk).filter(pk=row_pk).first()
            if current is None:  # what it is now is out of sight
                raise Http404 from None
            return answer_changed(request, current, back_url=url, back_label=str(record))
        return done(request, url, self.done_text, undo_url=undo_url(request))
