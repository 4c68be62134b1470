"""Pages of the catalogue."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.text import sort_key
from core.ui.cells import money
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from sales.forms.products import ProductForm
from sales.models import Product
from sales.selectors.products import product_figures
from sales.services.products import create_product, update_product


class ProductList(ListPage):
    """The catalogue."""

    record_type = "product"
    default_sort = "name"
    empty_text = _("No products yet.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(Q(sort_name__contains=sort_key(text)) | Q(sku__istartswith=text))


class ProductPage(RecordPage):
    """A product, how often it was sold and in which open deals it stands."""

    record_type = "product"
    template_name = "sales/product_detail.html"
    edit_url_name = "sales:product_update"
    groups = (
        FieldGroup(
            _("About"),
            (
                "sku",
                "category",
                Field(
                    "list_price",
                    value=lambda p: money(p.list_price, p.currency) if p.list_price is not None else None,
                ),
                "currency",
                "is_active",
                "description",
                Field("external_id", editable=False),
            ),
        ),
    )

    def extra_context(self, record: Product) -> dict[str, Any]:
        return {"figures": product_figures(self.request.user, record)}


class ProductCreate(CreatePage):
    """A new product."""

    record_type = "product"
    form_class = ProductForm
    title = _("New product")
    submit_label = _("Create product")

    def save(self, form: RecordForm) -> Any:
        return create_product(actor=self.request.user, **form.values)


class ProductUpdate(EditPage):
    """Edit a product."""

    record_type = "product"
    form_class = ProductForm
    title = _("Edit product")

    def save(self, form: RecordForm) -> Any:
        return update_product(
            actor=self.request.user,
            product=self.fresh(),
            expected_version=form.expected_version,
            **form.changes,
        )
