"""Forms of campaigns."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui.forms import RecordForm
from marketing.models import Campaign
from marketing.selectors.merge_fields import FIELDS
from marketing.services.campaigns import MESSAGE_FIELDS

_WORDS = {"rows": 12, "class": "mail-words"}


class CampaignForm(RecordForm):
    """The whole draft: audience, sender and words."""

    subject = forms.CharField(label=_("Subject"), max_length=250, required=False)
    text = forms.CharField(
        label=_("Plain text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mail-words"}),
    )
    html = forms.CharField(
        label=_("HTML"),
        required=False,
        widget=forms.Textarea(attrs={**_WORDS, "spellcheck": "false"}),
        help_text=_(
            "May stay empty. Style rules are moved onto the elements; scripts and forms are taken out."
        ),
    )
    wide: ClassVar[bool] = True

    class Meta:
        model = Campaign
        fields: ClassVar = [
            "name",
            "segment",
            "topic",
            "from_name",
            "from_address",
            "reply_to",
            "consent_needed",
            "track",
            "owner",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            words = instance.variants.get()
            stored = {name: getattr(words, name) for name in MESSAGE_FIELDS}
            kwargs["initial"] = {**stored, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        names = ", ".join("{{ " + name + " }}" for name in FIELDS)
        self.fields["text"].help_text = _(
            'Fields: %(names)s. Write {{ first_name|fallback:"there" }} for people without one. '
            "The postal address and the link to unsubscribe are added at the end where they are missing."
        ) % {"names": names}

        self.order_fields(
            ["name", "segment", "subject", "text", "html", "from_name", "from_address", "reply_to"]
        )

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())


class LaunchedCampaignForm(RecordForm):
    """What may still change after the launch."""

    class Meta:
        model = Campaign
        fields: ClassVar = ["name", "owner"]


class LaunchForm(forms.Form):
    """Mail to many can't be taken back: whoever sends it types how many."""

    number = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, people: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["number"].label = _("Type %(n)d to send it") % {"n": people}
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"])
        if "".join(one for one in typed if one not in " .,'’\u00a0\u202f") != str(self.people):
            raise forms.ValidationError(_("This is not the number."))
        return typed


class TestMailForm(forms.Form):
    """Where a test mail goes, and as whom it is filled in."""

    address = forms.EmailField(label=_("Send to"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
