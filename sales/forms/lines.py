"""The lines of deals and orders: rows of one form, empty ones left out."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui.forms import scope_choices
from sales.models import Product


class LineForm(forms.Form):
    """One line."""

    product = forms.ModelChoiceField(
        queryset=Product.objects.filter(is_active=True), label=_("Product"), required=False
    )
    description = forms.CharField(label=_("Description"), max_length=250, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"), max_digits=14, decimal_places=3, initial=Decimal(1), required=False
    )
    unit_price = forms.DecimalField(label=_("Price"), max_digits=18, decimal_places=4, required=False)
    discount_percent = forms.DecimalField(
        label=_("Discount (%)"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )

    def __init__(self, *args: Any, user: Any = None, with_discount: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_discount:
            del self.fields["discount_percent"]
        scope_choices(self, user)
        for field in self.fields.values():
            # each cell stands under its column's head, which a screen reader does not repeat
            field.widget.attrs["aria-label"] = field.label
            field.widget.attrs.setdefault(
                "class", "form-select" if isinstance(field, forms.ModelChoiceField) else "form-control"
            )

    @property
    def is_blank(self) -> bool:
        """Whether nothing that says what is sold was given."""
        values = getattr(self, "cleaned_data", {})
        return not (values.get("product") or values.get("description") or values.get("unit_price"))

    def values(self) -> dict[str, Any]:
        """The line as services take it; without a quantity it is one."""
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return {key: value for key, value in values.items() if value != "" or key == "description"}


class BaseLineFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The lines together, in their order."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["class"] = "form-check-input"

    def lines(self) -> list[dict[str, Any]]:
        """Every line that says something and is not marked for removal."""
        return [
            {key: value for key, value in form.values().items() if key != "DELETE"}
            for form in self.forms
            if not form.is_blank and not form.cleaned_data.get("DELETE")
        ]


LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLineFormSet, extra=3, can_delete=True, max_num=200, absolute_max=300
)
