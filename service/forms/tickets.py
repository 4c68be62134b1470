"""Forms of tickets."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.ui.forms import RecordForm
from service.enums import TicketStatus
from service.models import Ticket
from service.rules import TRANSITIONS


class TicketForm(RecordForm):
    """The properties of a ticket."""

    custom_fields = True
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label=_("Owner"), required=False
    )

    class Meta:
        model = Ticket
        fields: ClassVar = [
            "subject",
            "priority",
            "queue",
            "owner",
            "contact",
            "company",
            "requester_name",
            "requester_address",
            "tags",
        ]


class TicketCreateForm(TicketForm):
    """A ticket that somebody of us enters, say after a call."""

    text = forms.CharField(
        label=_("What it is about"), required=False, max_length=100_000, widget=forms.Textarea({"rows": 6})
    )

    class Meta(TicketForm.Meta):
        fields: ClassVar = [
            "subject",
            "text",
            "contact",
            "company",
            "requester_address",
            "queue",
            "priority",
            "owner",
            "tags",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)
        queue = self.fields.get("queue")
        if isinstance(queue, forms.ModelChoiceField):
            queue.required = False
            queue.empty_label = _("Default queue")
        if "requester_address" in self.fields:
            self.fields["requester_address"].help_text = _("Empty: the contact's own address.")


class SayForm(forms.Form):
    """The composer: an answer to the customer, or a note among us."""

    kind = forms.ChoiceField(choices=[("reply", _("Reply")), ("note", _("Internal note"))])
    text = forms.CharField(label=_("Answer"), required=False, max_length=100_000, strip=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=100_000, strip=False)
    cc = forms.CharField(label=_("Copy to"), required=False, max_length=2000)
    status = forms.ChoiceField(label=_("Then"), choices=TicketStatus.choices, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_cc(self) -> list[str]:
        words = self.cleaned_data["cc"].replace(";", ",").split(",")
        return [word.strip() for word in words if word.strip()]

    @property
    def is_note(self) -> bool:
        """A note alone is a note, also where no script has set the kind."""
        return self.cleaned_data["kind"] == "note" or bool(
            not self.cleaned_data["text"].strip() and self.cleaned_data["note"].strip()
        )


def status_choices(ticket: Ticket) -> list[tuple[str, Any]]:
    """Where a ticket may be after an answer, waiting on the customer first."""
    allowed = {*TRANSITIONS[ticket.status], ticket.status} - {TicketStatus.NEW}
    order = (TicketStatus.WAITING, TicketStatus.SOLVED, TicketStatus.OPEN, TicketStatus.CLOSED)
    return [(status.value, status.label) for status in order if status in allowed]
