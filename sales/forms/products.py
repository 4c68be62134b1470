"""The form of a product."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import currencies
from core.ui.forms import RecordForm
from sales.models import Product


class ProductForm(RecordForm):
    """All fields of a product."""

    custom_fields = True
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    class Meta:
        model = Product
        fields: ClassVar = [
            "name",
            "sku",
            "category",
            "list_price",
            "currency",
            "is_active",
            "description",
        ]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            known = currencies()
            mine = self.instance.currency
            extra = [mine] if mine and mine not in known else []
            self.fields["currency"].choices = [(c, c) for c in known + extra]  # type: ignore[attr-defined]
            self.fields["currency"].initial = mine or known[0]
