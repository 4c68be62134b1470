"""Boards. An app subclasses `BoardPage` and says what its columns are and how a card is moved:

    class DealBoard(BoardPage):
        record_type = "deal"
        def columns(self, query): return board_columns(...)      # a selector; top cards by LATERAL
        def move(self, *, actor, record, to, before_id, version): return move_deal(...)

The move endpoint takes `id, to, before_id, version` and answers the two columns it changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.enums import Action
from core.services.base import NotAllowed, StaleRecord
from core.ui import filter_menu
from core.ui.access import RecordTypeView, is_fragment
from core.ui.list_query import ListQuery
from core.ui.lists import page_for
from core.ui.saved_views import tabs_for
from core.ui.toasts import done, trigger
from core.ui.undo import undo_url


@dataclass(frozen=True)
class Card:
    """A card, ready to be shown. `next_tone` is late, today, none or nothing; `rotting` says in words how
    long nothing has happened."""

    id: int
    version: int
    url: str
    title: str
    subtitle: str = ""
    amount: str = ""
    note: str = ""
    next_text: str = ""
    next_tone: str = ""
    next_icon: str = "calendar"
    owner: str = ""
    rotting: str = ""
    badges: Sequence[SafeString] = ()


@dataclass(frozen=True)
class BoardColumn:
    """A column with its figures; `cards` are the first ones, `more_url` opens all of them as a list."""

    key: str
    label: str
    hue: int
    count: int
    cards: Sequence[Card]
    sum: str = ""
    weighted: str = ""
    more_url: str = ""
    add_url: str = ""
    closes: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure in the strip above the board."""

    value: str
    label: str
    url: str = ""
    on_phone: bool = True


@dataclass(frozen=True)
class Ask:
    """What `move` returns when something has to be asked first (why was it lost?): the page to open."""

    url: str


@dataclass(frozen=True)
class Layout:
    """Another layout of the same rows."""

    url: str
    label: Any
    icon: str
    current: bool = False


@dataclass(frozen=True)
class Moved:
    """What `move` returns: the record as it is now."""

    record: Any
    text: str = ""
    columns: Sequence[str] = field(default_factory=tuple)


class BoardPage(RecordTypeView):
    """A board over the same filters and saved views as the type's list."""

    template_name: ClassVar[str] = "ui/board.html"
    fragment_template_name: ClassVar[str] = "ui/_board_fragment.html"
    default_sort: ClassVar[str] = ""

    def query(self) -> ListQuery:
        page = page_for(self.type.key)
        if page is None:
            raise Http404
        return ListQuery(page, self.request.user, self.request.GET)

    def columns(self, query: ListQuery) -> Sequence[BoardColumn]:
        """The columns with their first cards, in order."""
        raise TypeError(f"{type(self).__name__} does not say what its columns are")

    def figures(self, query: ListQuery, columns: Sequence[BoardColumn]) -> Sequence[Figure]:
        """The strip above the board."""
        return ()

    def layouts(self, query: ListQuery) -> Sequence[Layout]:
        return ()

    def move(
        self, *, actor: Any, record: Any, to: str, before_id: int | None, version: int | None
    ) -> Moved | Ask:
        """Move a card by a service. ValidationError, NotAllowed and StaleRecord are told to the person."""
        raise TypeError(f"{type(self).__name__} does not say how cards are moved")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = self.query()
        if "filter" in request.GET:
            asked = filter_menu.FilterRequest(query, request.GET)
            if asked.is_complete:
                return HttpResponse(status=302, headers={"Location": asked.url()})
            if is_fragment(request):
                return render(request, asked.template, asked.context())
            return render(request, self.template_name, {**self.context(query), **asked.context()})
        template = self.fragment_template_name if is_fragment(request) else self.template_name
        return render(request, template, self.context(query))

    def context(self, query: ListQuery) -> dict[str, Any]:
        user, profile = self.request.user, self.profile
        columns = self.columns(query)
        return {
            "title": self.type.plural,
            "type": self.type,
            "query": query,
            "columns": columns,
            "figures": self.figures(query, columns),
            "layouts": self.layouts(query),
            "chips": query.filterset.chips(),
            "problems": query.filterset.problems,
            "has_filters": filter_menu.offers(self.type.key, user),
            "views": tabs_for(user, self.type.key, query),
            "may_share_views": profile.can("share_views"),
            "may_add": bool(self.type.create_url) and profile.allows(self.type.key, "add"),
            "may_move": profile.allows(self.type.key, "change"),
            **self.extra_context(query),
        }

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move a card: `id`, `to` (a column's key), `before_id` (or nothing: last), `version`."""
        self.require(Action.CHANGE)
        pk, version = _number(request.POST.get("id")), _number(request.POST.get("version"))
        if pk is None:
            raise Http404
        record, to = self.find(pk, Action.CHANGE), request.POST.get("to", "")
        before_id = _number(request.POST.get("before_id"))
        origin = self.column_of(record)
        try:
            outcome = self.move(
                actor=request.user, record=record, to=to, before_id=before_id, version=version
            )
        except StaleRecord as stale:
            return HttpResponse(str(stale), status=409, content_type="text/plain; charset=utf-8")
        except ValidationError as error:
            text = " ".join(error.messages)
            return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
        except NotAllowed as error:
            return HttpResponse(str(error), status=403, content_type="text/plain; charset=utf-8")
        if isinstance(outcome, Ask):
            return self._ask(outcome)
        return self._moved(outcome, {origin, to})

    def column_of(self, record: Any) -> str:
        """The key of the column that a record stands in."""
        return ""

    def _ask(self, ask: Ask) -> HttpResponse:
        if not is_fragment(self.request):
            return done(self.request, ask.url)
        return HttpResponse(status=200, headers={"X-Ask": ask.url})

    def _moved(self, outcome: Moved, changed: set[str]) -> HttpResponse:
        undo, text = undo_url(self.request), outcome.text or _("Moved")
        if not is_fragment(self.request):
            return done(self.request, self.request.get_full_path(), text, undo_url=undo)
        query = self.query()
        every = self.columns(query)
        wanted = changed | set(outcome.columns)
        context = {
            **self.context(query),
            "columns": [column for column in every if column.key in wanted],
            "figures": self.figures(query, every),
        }
        response = render(self.request, "ui/_board_columns.html", context)
        return trigger(response, toast={"text": text, "tone": "success", "undo_url": undo})


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
