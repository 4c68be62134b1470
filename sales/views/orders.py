"""Pages of orders."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.ui import markup
from core.ui.cells import money
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.list_query import ListQuery
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from sales.forms.lines import LineFormSet
from sales.forms.orders import OrderCreateForm, OrderForm
from sales.models import Order
from sales.registrations.product_and_order_lists import order_status_badge
from sales.selectors.orders import order_figures
from sales.services.orders import OrderLineInput, create_order, update_order


class OrderList(ListPage):
    """All orders in scope, newest first."""

    record_type = "order"
    default_sort = "-ordered"
    layouts = (
        ("sales:order_list", _("List"), "list"),
        ("sales:order_map", _("Map"), "map-pin"),
    )
    empty_text = _("No orders yet.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(Q(number__startswith=text) | Q(number__startswith=text.upper()))

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        hidden = "total" in self.profile.hidden_fields("order")
        show = not hidden and query.count[1]
        figures = order_figures(query.filtered()) if show else None
        return {"figures": figures, "summary_template": "sales/_order_totals.html"}


class OrderPage(RecordPage):
    """An order with its lines."""

    record_type = "order"
    template_name = "sales/order_detail.html"
    edit_url_name = "sales:order_update"
    groups = (
        FieldGroup(
            _("About"),
            (
                "contact",
                "company",
                Field("deal", editable=False),
                "status",
                Field("ordered_at", editable=False),
                Field("total", value=lambda order: money(order.total, order.currency), editable=False),
                Field(
                    "base_total",
                    _("In base currency"),
                    value=lambda order: money(order.base_total) if order.rate_to_base != 1 else None,
                    editable=False,
                ),
                "owner",
                "team",
                "country",
                "tags",
                Field("source", editable=False),
                Field("external_id", editable=False),
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("contact", "company", "deal", "owner", "team")
        return rows.prefetch_related("tags")

    def extra_context(self, record: Order) -> dict[str, Any]:
        hidden = self.profile.hidden_fields("order")
        buyer = record.contact or record.company
        return {
            "lines": record.lines.select_related("product").order_by("position", "pk")[:200],
            "status_badge": order_status_badge(record),
            "total_text": "" if "total" in hidden else markup.money_text(record.total, record.currency),
            "shows_money": "total" not in hidden,
            "buyer": buyer,
            "peek_subtitle": str(buyer or ""),
        }


class OrderCreate(CreatePage):
    """A new order with its lines."""

    record_type = "order"
    form_class = OrderCreateForm
    template_name = "sales/order_form.html"
    fragment_template_name = "sales/_order_form_dialog.html"
    title = _("New order")
    submit_label = _("Create order")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.lines.is_valid():
            form = self.get_form(request.POST)
            form.is_valid()
            return self.answer(form, status=422)
        return super().post(request, *args, **kwargs)

    @property
    def lines(self) -> Any:
        """The lines' formset, bound to what was posted."""
        if not hasattr(self, "_lines"):
            data = self.request.POST if self.request.method == "POST" else None
            options = {"user": self.request.user, "with_discount": False}
            self._lines = LineFormSet(data, form_kwargs=options)
        return self._lines

    def extra_context(self, form: RecordForm) -> dict[str, Any]:
        return {"formset": self.lines}

    def save(self, form: RecordForm) -> Any:
        lines = [OrderLineInput(**values) for values in self.lines.lines()]
        return create_order(actor=self.request.user, lines=lines, **form.values)


class OrderUpdate(EditPage):
    """Edit an order."""

    record_type = "order"
    form_class = OrderForm
    title = _("Edit order")

    def save(self, form: RecordForm) -> Any:
        return update_order(
            actor=self.request.user,
            order=self.fresh(),
            expected_version=form.expected_version,
            **form.changes,
        )
