"""Pipelines with their stages, and targets, in the settings."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sales.enums import DealStatus
from sales.models import Deal, Pipeline, Quota, Stage
from sales.services.pipelines import DEFAULT_STAGES


class StageForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a stage means stays while deals stand in it: they would be open and won at once."""

    def clean_outcome(self) -> str:
        outcome: str = self.cleaned_data["outcome"]
        stage = self.instance
        if stage.pk and "outcome" in self.changed_data and (deals := deals_in(stage)):
            raise ValidationError(_move_first(deals))
        return outcome


class StageFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The stages of a pipeline: open ones, one for won and one for lost deals, and none taken out that deals
    stand in."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk and "DELETE" in form.fields:
            form.fields["DELETE"].disabled = bool(deals_in(form.instance))

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms if not form.cleaned_data.get("DELETE")):
            return
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        outcomes = [form.cleaned_data["outcome"] for form in kept]
        missing = [status.label for status in DealStatus if status not in outcomes]
        if missing:
            text = _("A pipeline has stages for open, won and lost deals. Missing: %(missing)s.")
            raise ValidationError(text % {"missing": ", ".join(map(str, missing))})


def deals_in(stage: Stage) -> int:
    """All of them, in the recycle bin too: they could come back."""
    return Deal.all_objects.filter(stage=stage).count()


def _move_first(deals: int) -> str:
    text = ngettext(
        "%(n)d deal stands here, the recycle bin included: move it to another stage first.",
        "%(n)d deals stand here, the recycle bin included: move them to another stage first.",
        deals,
    )
    return text % {"n": deals}


class StageInline(admin.TabularInline):  # type: ignore[type-arg]
    """The stages in order. One with deals in it stays: move the deals first."""

    model = Stage
    form = StageForm
    formset = StageFormSet
    fields = ("position", "name", "probability", "rot_days", "outcome", "deals")
    readonly_fields = ("deals",)
    ordering = ("position", "pk")
    extra = 0

    @admin.display(description=_("deals"))
    def deals(self, obj: Stage) -> str:
        return str(deals_in(obj)) if obj.pk else ""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(DEFAULT_STAGES) if obj is None else 0


class PipelineForm(forms.ModelForm):  # type: ignore[type-arg]
    """Being the default is taken from the other pipeline as it is saved, not a reason to refuse."""

    def _get_validation_exclusions(self) -> set[str]:
        found: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return found | {"is_default"}


@admin.register(Pipeline)
class PipelineAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Ways of selling. One with deals is switched off, not deleted."""

    form = PipelineForm
    list_display = ("name", "position", "is_default", "is_active")
    ordering = ("position", "pk")
    inlines = (StageInline,)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A new pipeline begins with the usual stages, to be changed."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and (obj is None or obj.pk is None):
            kwargs["initial"] = [
                {"position": at, "name": name, "probability": chance, "rot_days": days, "outcome": outcome}
                for at, (name, chance, days, outcome) in enumerate(DEFAULT_STAGES)
            ]
        return kwargs

    def save_model(self, request: HttpRequest, obj: Pipeline, form: Any, change: bool) -> None:
        if obj.is_default:
            Pipeline.objects.filter(is_default=True).exclude(pk=obj.pk).update(is_default=False)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and (
            obj is None or not Deal.all_objects.filter(pipeline=obj).exists()
        )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)  # it would not ask whether there are deals
        return found


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Targets of people, teams and everybody."""

    list_display = ("whose", "period", "starts_on", "amount", "currency")
    list_filter = ("period", "team")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "pk")
    autocomplete_fields = ("user",)

    @admin.display(description=_("whose"))
    def whose(self, obj: Quota) -> str:
        return str(obj.user or obj.team or _("Everybody"))

    def save_model(self, request: HttpRequest, obj: Quota, form: Any, change: bool) -> None:
        if obj.user is not None:
            obj.team = obj.user.team
        super().save_model(request, obj, form, change)
