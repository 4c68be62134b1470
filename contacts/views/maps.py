"""Lists on a map: the same rows under the same filters, by town. Apps above subclass `MapPage` for theirs."""

from dataclasses import replace
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.geo.linked import town_words
from contacts.selectors.maps import TOWNS, Town, towns_of
from contacts.views.companies import CompanyList
from contacts.views.contacts import ContactList
from core.ui.access import RecordTypeView
from core.ui.list_query import ListQuery
from core.ui.lists import ListPage

HIDING = frozenset({"city", "country"})


class MapPage(RecordTypeView):
    """The rows of `page`. Records without a place of their own say by which `links` they stand somewhere, and
    have the criteria of `contacts.geo.linked.place_criteria`."""

    page: ClassVar[type[ListPage]]
    links: ClassVar[tuple[str, ...]] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        query = ListQuery(self.page, request.user, request.GET)
        found, located = self.towns(query)
        towns = [replace(town, url=self.list_of(town, query)) for town in found]
        count, _exact = query.count
        context = {
            "title": _("%(list)s on the map") % {"list": self.type.plural},
            "page_icon": "map-pin",
            "type": self.type,
            "query": query,
            "chips": query.filterset.chips(),
            "problems": query.filterset.problems,
            "towns": towns,
            "points": [town.to_json() for town in towns],
            "located": located,
            "most": TOWNS if len(towns) == TOWNS else 0,
            "count": count,
            "near": request.GET.get("near", ""),
            "kept": [(name, value) for name, value in request.GET.items() if name != "near"],
            "list_url": reverse(self.type.list_url) + query.query(),
        }
        return render(request, "contacts/map.html", context)

    def towns(self, query: ListQuery) -> tuple[list[Town], int]:
        """Nothing where the role hides the town or the country of what the rows stand at."""
        links = tuple(link for link in self.links if link not in self.profile.hidden_fields(self.record_type))
        places = links if self.links else (self.record_type,)
        if not places or any(HIDING & self.profile.hidden_fields(place) for place in places):
            return [], 0
        return towns_of(query.filtered(), self.request.user, links)

    def list_of(self, town: Town, query: ListQuery) -> str:
        """The list of those who are there."""
        if self.links:
            there = {"town": town_words(town.city, town.country)}
        else:
            there = {"country": town.country} if town.country else {"country__empty": "1"}
            there |= {"city__is": town.city} if town.city else {"city__empty": "1"}
        return reverse(self.type.list_url) + query.query(**there)


class ContactMap(MapPage):
    record_type = "contact"
    page = ContactList


class CompanyMap(MapPage):
    record_type = "company"
    page = CompanyList
