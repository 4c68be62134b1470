"""The forms that people fill in themselves. `website` is a trap: people don't see it, robots fill it in."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contacts.forms.codes import country_field, keep_codes
from contacts.purposes import all_purposes
from core.mail.addresses import is_sendable, normalise_email


class PersonForm(forms.Form):
    """A form of the public pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class AddressForm(PersonForm):
    """Somebody's own e-mail address."""

    address = forms.CharField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})

    def clean_address(self) -> str:
        address = normalise_email(self.cleaned_data["address"])
        if address is None or not is_sendable(address):
            raise forms.ValidationError(_("Write your e-mail address, such as ann@example.org."))
        return address

    @property
    def is_trapped(self) -> bool:
        """A robot filled in the field that people don't see."""
        return bool(self.data.get("website"))


class SubscribeForm(AddressForm):
    """What somebody wants to hear about."""

    first_name = forms.CharField(
        label=_("First name"), max_length=100, required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )  # fmt: skip
    last_name = forms.CharField(
        label=_("Last name"), max_length=100, required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=_("I want to hear about"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you want to hear about.")},
    )
    field_order = ("address", "first_name", "last_name", "purposes", "website")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purposes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.key, one.name) for one in all_purposes()]


class CorrectionForm(PersonForm):
    """What people may correct about themselves."""

    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("A colleague looks at a new address first, as it is how we know you."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    country = country_field(_("Country"), searchable=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_codes(self)
        now = str(self.initial.get("language") or "")
        known = [("", "—"), *settings.LANGUAGES]
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = known if now in dict(known) else [*known, (now, now)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("first_name") and not values.get("last_name"):
            self.add_error("last_name", _("Write at least one name."))
        return values
