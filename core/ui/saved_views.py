"""Saved views as the tabs of a list, and the requests that keep, change and remove them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import Visibility
from core.models import SavedView
from core.registries import records
from core.scope.access import profile_for
from core.services.saved_views import change_view, delete_view, save_view
from core.ui.access import SignedInView
from core.ui.toasts import done

if TYPE_CHECKING:
    from core.ui.list_query import ListQuery

NOT_SAVED = (
    "cursor",
    "before",
    "last",
    "view",
    "filter",
    "op",
    "value",
    "format",
    "in",
    "peek",
    "form",
    "show",
)


@dataclass(frozen=True)
class Tab:
    """A saved view above a list."""

    id: int
    name: str
    url: str
    current: bool
    changed: bool
    mine: bool
    shared: str
    visibility: str


def visible_views(user: Any, record_type: str) -> Any:
    """One's own views, those of one's team and those for everyone, in order."""
    shared = Q(visibility=Visibility.EVERYONE)
    if user.team_id:
        shared |= Q(visibility=Visibility.TEAM, team_id=user.team_id)
    return SavedView.objects.filter(Q(owner=user) | shared, record_type=record_type).order_by(
        "position", "pk"
    )


def clean_query(params: QueryDict) -> str:
    """The part of a query string that is worth keeping, in a stable order."""
    pairs = sorted((name, value) for name, values in params.lists() for value in values if value)
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        if name not in NOT_SAVED:
            kept.appendlist(name, value)
    return kept.urlencode(safe=",")


def tabs_for(user: Any, record_type: str, query: "ListQuery") -> list[Tab]:
    """The tabs; the one named by `view` is current, and `changed` when the URL says something else by now."""
    now, chosen = clean_query(query.params), query.params.get("view", "")
    tabs = []
    for view in visible_views(user, record_type):
        current = str(view.pk) == chosen
        tabs.append(
            Tab(
                view.pk,
                view.name,
                f"?{view.query}&view={view.pk}" if view.query else f"?view={view.pk}",
                current,
                current and now != clean_query(QueryDict(view.query)),
                view.owner_id == user.pk,
                "" if view.visibility == Visibility.PRIVATE else str(Visibility(view.visibility).label),
                view.visibility,
            )
        )
    return tabs


def visibility_of(text: str | None) -> Visibility | None:
    """Who is to see a view, if the form says so."""
    return Visibility(text) if text in Visibility.values else None


class SaveView(SignedInView):
    """Keep the list that the form's `query` describes as a new view."""

    def post(self, request: HttpRequest, record_type: str) -> HttpResponse:
        if not records.known(record_type) or not records.get(record_type).list_url:
            raise Http404
        if not profile_for(request.user).allows(record_type, "view"):
            raise PermissionDenied
        query = clean_query(QueryDict(request.POST.get("query", "").lstrip("?")))
        base = reverse(records.get(record_type).list_url)
        try:
            view = save_view(
                actor=request.user,
                record_type=record_type,
                name=request.POST.get("name", ""),
                query=query,
                visibility=visibility_of(request.POST.get("visibility")) or Visibility.PRIVATE,
            )
        except ValidationError as error:
            return done(request, f"{base}?{query}", " ".join(error.messages))
        return done(request, f"{base}?{query}&view={view.pk}", _("View “%(name)s” saved") % {"name": view})


class ChangeView(SignedInView):
    """Rename, renew or remove one of one's own views; those of others are as absent as wrong ids."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = SavedView.objects.visible_to(request.user).filter(pk=pk).first()
        if view is None:
            raise Http404
        base = reverse(records.get(view.record_type).list_url)
        if request.POST.get("do") == "delete":
            name = view.name
            delete_view(actor=request.user, view=view)
            return done(request, base, _("View “%(name)s” removed") % {"name": name})
        posted = request.POST.get("query")
        query = clean_query(QueryDict(posted.lstrip("?"))) if posted is not None else None
        try:
            change_view(
                actor=request.user,
                view=view,
                name=request.POST.get("name", ""),
                query=query,
                visibility=visibility_of(request.POST.get("visibility")),
            )
        except ValidationError as error:
            return done(request, f"{base}?{view.query}&view={view.pk}", " ".join(error.messages))
        return done(
            request, f"{base}?{view.query}&view={view.pk}", _("View “%(name)s” saved") % {"name": view}
        )
