"""The form of the public help page."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.enums import PointKind
from contacts.normalise import normalise_point
from core.mail.addresses import is_sendable, normalise_email
from service.models import Queue


class HelpForm(forms.Form):
    """What a visitor wants. `website` is a trap: people don't see it, robots fill it in."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Our answer goes there."),
    )
    queue = forms.ModelChoiceField(Queue.objects.none(), label=_("Topic"), required=False, empty_label=None)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("How can we help?"), max_length=20_000, widget=forms.Textarea({"rows": 7}))
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Queue.objects.filter(on_help_page=True).order_by("-is_default", "name")
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)
        queue.queryset = offered
        if len(offered) < 2:
            del self.fields["queue"]
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_address(self) -> str:
        address = normalise_email(self.cleaned_data["address"])
        if address is None or not is_sendable(address):
            raise forms.ValidationError(_("Write your e-mail address, such as ann@example.org."))
        try:
            normalise_point(PointKind.EMAIL, address, "")
        except forms.ValidationError as error:  # such as a domain without a dot, which no contact may have
            raise forms.ValidationError(_("Write your e-mail address, such as ann@example.org.")) from error
        return address

    @property
    def is_trapped(self) -> bool:
        """A robot filled in the field that people don't see."""
        return bool(self.data.get("website"))
