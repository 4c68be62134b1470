"""Lists. An app registers columns and criteria and writes:

    class ContactList(ListPage):
        record_type = "contact"
        default_sort = "name"

Saved views are tabs, filters are chips, the URL is the only state. A page costs a fixed number of queries.
"""

from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils.translation import gettext as _

from core.enums import Action
from core.exporting.cards import card_type
from core.registries import columns, imports, navigation, records
from core.registries.columns import BulkAction
from core.scope.access import profile_for
from core.ui import bulk, exports, filter_menu
from core.ui.access import RecordTypeView, is_fragment
from core.ui.list_query import ListQuery
from core.ui.saved_views import tabs_for
from core.ui.tables import RowWriter, headings

_pages: dict[str, type["ListPage"]] = {}


def page_for(record_type: str) -> type["ListPage"] | None:
    """The list page of a record type, for whoever needs its order and filters: also a worker, which serves no URL
    and so may not have loaded them yet, and with them the pages."""
    get_resolver().url_patterns  # noqa: B018 - loads them
    return _pages.get(record_type)


class ListPage(RecordTypeView):
    """The list of a record type. GET shows it (or a fragment, or with `?format=csv` a file); POST carries out
    a bulk action on the selected rows, or on all that the query string selects."""

    record_type: ClassVar[str] = ""
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    template_name: ClassVar[str] = "ui/list.html"
    fragment_template_name: ClassVar[str] = "ui/_list_fragment.html"
    empty_text: ClassVar[Any] = ""
    layouts: ClassVar[tuple[tuple[str, Any, str], ...]] = ()
    """Other layouts of the same rows: (URL name, label, icon)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.record_type:
            _pages.setdefault(cls.record_type, cls)

    @classmethod
    def model(cls) -> type[Model]:
        return records.get(cls.record_type).model

    @classmethod
    def rows(cls, user: Any, action: Action = Action.VIEW) -> QuerySet[Any]:
        """The rows in scope, before any filter."""
        return records.get(cls.record_type).visible_to(user, action)

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        """The rows that `text` finds. Apps with search columns of their own override it."""
        names = {field.name for field in cls.model()._meta.get_fields()}
        wanted = [name for name in ("sort_name", "name", "subject", "number") if name in names]
        condition = Q(pk__in=[])
        for name in wanted[:1]:
            condition |= Q(**{f"{name}__icontains": text})
        return rows.filter(condition)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        query = ListQuery(type(self), request.user, request.GET)
        if request.GET.get("format") == "csv":
            self.require(Action.EXPORT)
            return exports.csv_response(query, self.type, request.META.get("QUERY_STRING", ""))
        if "filter" in request.GET:
            return self.answer_filter(query)
        if request.GET.getlist("show"):
            chosen = ",".join(request.GET.getlist("show"))
            return HttpResponseRedirect(query.query(columns=chosen, show=None))
        template = self.fragment_template_name if is_fragment(request) else self.template_name
        return render(request, template, self.context(query))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = ListQuery(type(self), request.user, request.GET)
        return bulk.answer(request, query, self.type, self.bulk_actions())

    def answer_filter(self, query: ListQuery) -> HttpResponse:
        """The fields to filter by, the form of one filter, or, with a value, the list under it."""
        asked = filter_menu.FilterRequest(query, self.request.GET)
        if asked.is_complete:
            return HttpResponseRedirect(asked.url())
        if is_fragment(self.request):
            return render(self.request, asked.template, asked.context())
        return render(self.request, self.template_name, {**self.context(query), **asked.context()})

    def bulk_actions(self) -> list[BulkAction]:
        offered = columns.actions_for(self.record_type)
        return [action for action in offered if action.allowed(self.record_type, self.profile)]

    def context(self, query: ListQuery) -> dict[str, Any]:
        """Everything the template shows."""
        user, profile = self.request.user, profile_for(self.request.user)
        result, (count, exact) = query.result, query.count
        actions = self.bulk_actions()
        writer = RowWriter(query, self.type, profile)
        found = query.records(result.ids)
        views = tabs_for(user, self.record_type, query)
        return {
            "title": self.type.plural,
            "type": self.type,
            "query": query,
            "rows": writer.rows(found, selectable=bool(actions)),
            "row_count": len(found),
            "headings": headings(query),
            "count": count,
            "count_is_exact": exact,
            "chips": query.filterset.chips(),
            "problems": query.filterset.problems,
            "views": views,
            "actions": actions,
            "has_filters": filter_menu.offers(self.record_type, user),
            "pages": self.page_links(query),
            "may_add": bool(self.type.create_url) and profile.allows(self.record_type, "add"),
            "has_cards": card_type(self.record_type) is not None,
            "may_export": profile.allows(self.record_type, "export"),
            "import_url": self.import_url(),
            "empty_text": self.empty_text or _("Nothing here yet."),
            "layouts": self.layouts,
            "is_filtered": query.is_narrowed,
            "may_share_views": profile.can("share_views"),
            "creates": navigation.create_entries(profile),
            **self.extra_context(query),
        }

    def import_url(self) -> str:
        """Where files of these records are brought in; an empty string for whom may not."""
        for target in imports.all_targets():
            if target.record_type == self.record_type and target.allowed(self.profile):
                return f"{reverse('core:import_create')}?target={target.key}"
        return ""

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {}

    def page_links(self, query: ListQuery) -> dict[str, str]:
        """First, previous, next and last page; an empty string where there is none."""
        result = query.result
        return {
            "first": query.query() if result.previous else "",
            "previous": query.query(before=result.previous) if result.previous else "",
            "next": query.query(cursor=result.next) if result.next else "",
            "last": query.query(last="1") if result.next else "",
        }
