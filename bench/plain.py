"""The honest alternative beside the lists: Django's generic ListView over the same table, as a tutorial writes it.

Fifty rows of nine cells, a count and an OFFSET; no scope, no filters, no saved views, no shell around it. Its time
also says how fast the machine is at this moment.
"""

from typing import Any

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.generic import ListView

from contacts.models import Contact

_ROW = """<tr><th><a href="{% url 'contact' row.pk %}">{{ row }}</a></th>
<td>{{ row.email }}</td><td>{{ row.phone }}</td><td>{{ row.job_title }}</td><td>{{ row.city }}</td>
<td>{{ row.country }}</td><td>{{ row.get_lifecycle_display }}</td>
<td>{{ row.created_at|date }}</td><td>{{ row.last_activity_at|date }}</td></tr>"""
_PAGE = """<!doctype html><title>Contacts</title><table>
{% for row in page_obj %}{% include row_template %}{% endfor %}</table>
<p>{{ page_obj.number }} / {{ paginator.num_pages }}</p>"""


class PlainList(ListView):
    """A page of contacts by name."""

    model = Contact
    paginate_by = 50
    ordering = ("sort_name", "pk")

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        return HttpResponse(_page().render({**context, "row_template": _row().template}, self.request))


_templates: dict[str, Any] = {}


def _page() -> Any:
    return _templates.setdefault("page", engines["django"].from_string(_PAGE))


def _row() -> Any:
    return _templates.setdefault("row", engines["django"].from_string(_ROW))


urlpatterns = [
    path("", PlainList.as_view(), name="list"),
    path("<int:pk>/", PlainList.as_view(), name="contact"),
]
