"""Forms of deals."""

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind
from contacts.models import Contact
from core.models import User
from core.money import currencies
from core.services.base import state_of
from core.ui.forms import RecordForm
from sales.enums import DealStatus, LostReason, WonReason
from sales.models import Deal, DealContact, Stage
from sales.services.deal_contacts import NOT_ON_IT

OUTCOME_FIELDS = ("closed_at", "won_reason", "lost_reason", "close_note")
STEP_KINDS = [
    (kind.value, kind.label)
    for kind in (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.EMAIL, ActivityKind.TASK)
]


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


def open_stages() -> Any:
    """The stages a deal can start in, the default pipeline's first."""
    return (
        Stage.objects.filter(pipeline__is_active=True, outcome=DealStatus.OPEN)
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__position", "pipeline_id", "position", "pk")
    )


class StageChoice(forms.ModelChoiceField):
    """Stages with their pipeline, where there are several."""

    def label_from_instance(self, obj: Any) -> str:
        several = len({stage.pipeline_id for stage in self.queryset or ()}) > 1
        return f"{obj.pipeline} · {obj}" if several else str(obj)


class DealForm(RecordForm):
    """The fields of a deal that are edited at will."""

    custom_fields = True
    currency = forms.ChoiceField(label=_("Currency"))

    class Meta:
        model = Deal
        fields: ClassVar = [
            "name",
            "company",
            "amount",
            "currency",
            "probability",
            "expected_close",
            "owner",
            "team",
            "source",
            "tags",
            "description",
            "closed_at",
            "won_reason",
            "lost_reason",
            "close_note",
        ]
        widgets: ClassVar = {
            "expected_close": DateInput(),
            "closed_at": MomentInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
            "close_note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            known = currencies()
            mine = self.instance.currency
            every = [*known, *([mine] if mine not in (*known, "") else [])]
            self.fields["currency"].choices = [(c, c) for c in every]  # type: ignore[attr-defined]
            self.fields["currency"].initial = mine or known[0]
        if "owner" in self.fields:
            self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self._only_what_applies()

    def _only_what_applies(self) -> None:
        for name in OUTCOME_FIELDS:
            reason = {"won_reason": DealStatus.WON, "lost_reason": DealStatus.LOST}.get(name)
            if self.instance.status == DealStatus.OPEN or (reason and reason != self.instance.status):
                self.fields.pop(name, None)

    def clean_amount(self) -> Any:
        """The amount of a deal with lines is their sum: said here, before anything is written."""
        amount = self.cleaned_data["amount"]
        if self.instance.pk and amount != self.initial.get("amount") and self.instance.lines.exists():
            raise forms.ValidationError(_("The amount is the sum of the lines. Change a line instead."))
        return amount


class StepFields(forms.Form):
    """The next step, offered and never demanded."""

    step_kind = forms.ChoiceField(label=_("Next step"), choices=STEP_KINDS, required=False)
    step_subject = forms.CharField(label=_("What"), max_length=250, required=False)
    step_due = forms.DateTimeField(label=_("When"), required=False, widget=MomentInput())

    def step(self) -> dict[str, Any] | None:
        """What `plan_next_step` needs, or None when no step was given."""
        due = self.cleaned_data.get("step_due")
        if due is None:
            return None
        return {
            "kind": self.cleaned_data.get("step_kind") or ActivityKind.CALL.value,
            "subject": self.cleaned_data.get("step_subject") or "",
            "due_at": due,
        }

    def clean(self) -> Any:
        values = super().clean() or self.cleaned_data
        if values.get("step_subject") and not values.get("step_due"):
            self.add_error("step_due", _("Say when it is due."))
        return values


STEP_NAMES = ("step_kind", "step_subject", "step_due")


class DealCreateForm(StepFields, DealForm):
    """A new deal, with its first contact, its stage and its next step."""

    stage = StageChoice(queryset=Stage.objects.none(), label=_("Stage"), required=False, empty_label=None)
    contact = forms.ModelChoiceField(queryset=Contact.objects.all(), label=_("Contact"), required=False)
    field_order = [
        "name",
        "company",
        "contact",
        "amount",
        "currency",
        "stage",
        "expected_close",
        "owner",
        *STEP_NAMES,
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("probability", "team", "source"):
            self.fields.pop(name, None)
        self.fields["stage"].queryset = open_stages()  # type: ignore[attr-defined]
        if "owner" in self.fields:
            self.fields["owner"].initial = self.user.pk

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name not in STEP_NAMES}


class CloseForm(RecordForm):
    """What is said when a deal is decided."""

    closed_on = forms.DateField(label=_("On"), widget=DateInput(), initial=timezone.localdate)
    reason_field: ClassVar[str] = ""

    def closed_at(self) -> datetime | None:
        """The chosen day at noon; today is this very moment."""
        day = self.cleaned_data["closed_on"]
        if day == timezone.localdate():
            return None
        return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())

    def clean_closed_on(self) -> Any:
        day = self.cleaned_data["closed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This date is in the future."))
        return day


class WinForm(CloseForm):
    """The deal is won."""

    won_reason = forms.ChoiceField(
        label=_("Won because of"), choices=[("", "—"), *WonReason.choices], required=False
    )
    reason_field = "won_reason"

    class Meta:
        model = Deal
        fields: ClassVar = ["won_reason", "close_note"]
        widgets: ClassVar = {"close_note": forms.Textarea(attrs={"rows": 3})}


class LoseForm(CloseForm):
    """The deal is lost; why is to be said."""

    lost_reason = forms.ChoiceField(
        label=_("Lost because of"),
        choices=[("", "—"), *LostReason.choices],
        error_messages={"required": _("Say why the deal was lost.")},
    )
    reason_field = "lost_reason"

    class Meta:
        model = Deal
        fields: ClassVar = ["lost_reason", "close_note"]
        widgets: ClassVar = {"close_note": forms.Textarea(attrs={"rows": 3})}


class MoveForm(StepFields, RecordForm):
    """Another stage, and with it the next step."""

    stage = StageChoice(queryset=Stage.objects.none(), label=_("Stage"), empty_label=None)

    class Meta:
        model = Deal
        fields: ClassVar = ["stage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = open_stages()  # type: ignore[attr-defined]


class StepForm(StepFields, RecordForm):
    """The next step alone."""

    class Meta:
        model = Deal
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step_due"].required = True


class DealContactForm(RecordForm):
    """A person who takes part in the deal. `version` is the state of their place on it, 0 for somebody new."""

    contact = forms.ModelChoiceField(queryset=Contact.objects.all(), label=_("Contact"))
    role = forms.ChoiceField(label=_("Role"), required=False)
    is_primary = forms.BooleanField(label=_("Primary contact"), required=False)

    class Meta:
        model = Deal
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from sales.enums import BuyingRole

        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "—"), *BuyingRole.choices]  # type: ignore[attr-defined]
        self.fields["version"].initial = NOT_ON_IT

    def show(self, link: DealContact) -> None:
        """The form of somebody who is on the deal already."""
        shown = {"contact": link.contact_id, "role": link.role, "is_primary": link.is_primary}
        self.initial.update({**shown, "version": state_of(link)})
        # another person becomes the primary contact by being made it
        self.fields["is_primary"].disabled = link.is_primary
