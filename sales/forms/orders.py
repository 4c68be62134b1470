"""The form of an order; its lines are a formset beside it."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.money import currencies
from core.ui.forms import RecordForm
from sales.forms.deals import MomentInput
from sales.models import Order


class OrderForm(RecordForm):
    """What can be changed of an order."""

    custom_fields = True

    class Meta:
        model = Order
        fields: ClassVar = ["number", "contact", "company", "status", "owner", "team", "country", "tags"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]


class OrderCreateForm(OrderForm):
    """A new order."""

    ordered_at = forms.DateTimeField(label=_("Ordered"), widget=MomentInput(), initial=timezone.now)
    currency = forms.ChoiceField(label=_("Currency"))

    class Meta(OrderForm.Meta):
        fields: ClassVar = ["contact", "company", "number", "owner", "tags"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(c, c) for c in currencies()]  # type: ignore[attr-defined]
        if "owner" in self.fields:
            self.fields["owner"].initial = self.user.pk

    def clean(self) -> Any:
        values = super().clean() or self.cleaned_data
        if not values.get("contact") and not values.get("company"):
            self.add_error("contact", _("Say who ordered: a person or a company."))
        return values
