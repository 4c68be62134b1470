"""Lists on a map: the same filters, people or companies by town."""

from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.selectors.maps import Town, towns_of
from contacts.views.companies import CompanyList
from contacts.views.contacts import ContactList
from core.ui.access import RecordTypeView
from core.ui.list_query import ListQuery
from core.ui.lists import ListPage


class _Map(RecordTypeView):
    page: ClassVar[type[ListPage]]

    def get(self, request: HttpRequest) -> HttpResponse:
        query = ListQuery(self.page, request.user, request.GET)
        rows = query.filtered()
        hidden = self.profile.hidden_fields(self.record_type) & {"city", "country"}
        towns = [] if hidden else [self.linked(town, query) for town in towns_of(rows)]
        count, exact = query.count
        context = {
            "title": _("%(list)s on the map") % {"list": self.type.plural},
            "page_icon": "map-pin",
            "type": self.type,
            "query": query,
            "chips": query.filterset.chips(),
            "problems": query.filterset.problems,
            "towns": towns,
            "points": [town.to_json() for town in towns],
            "located": sum(town.count for town in towns),
            "count": count,
            "count_is_exact": exact,
            "near": request.GET.get("near", ""),
            "kept": [(name, value) for name, value in request.GET.items() if name != "near"],
            "list_url": reverse(self.type.list_url) + query.query(),
        }
        return render(request, "contacts/map.html", context)

    def linked(self, town: Town, query: ListQuery) -> Town:
        """The town with the list of those who are there."""
        there: dict[str, Any] = {"country": town.country or None, "city__is": town.city or None}
        return replace(town, url=reverse(self.type.list_url) + query.query(**there))


class ContactMap(_Map):
    record_type = "contact"
    page = ContactList


class CompanyMap(_Map):
    record_type = "company"
    page = CompanyList
