"""What can be done with several deals at once. Every row goes through the service of one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import Tag, User
from core.registries import columns
from core.registries.columns import BulkAction
from core.services.trash import delete_record
from sales.enums import LostReason
from sales.models import Stage
from sales.services.deals import update_deal
from sales.services.stages import move_deal


class OwnerForm(forms.Form):
    """Whom the records are given to; their team goes with them."""

    owner = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("name"), label=_("New owner"))


class StageForm(forms.Form):
    """Where the deals go."""

    stage = forms.ModelChoiceField(
        Stage.objects.filter(pipeline__is_active=True)
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__position", "pipeline_id", "position", "pk"),
        label=_("New stage"),
    )
    reason = forms.ChoiceField(
        choices=[("", _("Not lost")), *LostReason.choices],
        label=_("Reason, if they are lost"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        stage = values.get("stage")
        if stage is not None and stage.outcome == "lost" and not values.get("reason"):
            self.add_error("reason", _("Say why the deals were lost."))
        return values


class TagForm(forms.Form):
    """Which words are put on the deals."""

    tags = forms.ModelMultipleChoiceField(Tag.objects.order_by("name"), label=_("Tags"))


def _give(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    deals = list(queryset)
    for deal in deals:
        update_deal(actor=actor, deal=deal, owner=data["owner"])
    return len(deals)


def _move(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    """Deals that may not go there (won ones to lost) stay where they are and are not counted."""
    stage, moved = data["stage"], 0
    for deal in queryset:
        reason = data.get("reason", "") if stage.outcome == "lost" else ""
        try:
            moved += move_deal(actor=actor, deal=deal, stage=stage, reason=reason).version != deal.version
        except ValidationError:
            continue
    return moved


def _tag(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    deals = list(queryset.prefetch_related("tags"))
    for deal in deals:
        update_deal(actor=actor, deal=deal, tags={*deal.tags.all(), *data["tags"]})
    return len(deals)


def delete_rows(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset)
    for record in rows:
        delete_record(actor=actor, record=record)
    return len(rows)


columns.register_actions(
    "deal",
    BulkAction(
        "owner",
        _("Change owner"),
        icon="user-circle",
        action="change",
        run=_give,
        form=lambda user: OwnerForm,
        order=10,
        fields=("owner",),
    ),
    BulkAction(
        "stage",
        _("Move to stage"),
        icon="arrows-right",
        action="change",
        run=_move,
        form=lambda user: StageForm,
        order=20,
        fields=("stage",),
    ),
    BulkAction(
        "tag",
        _("Add tags"),
        icon="tag",
        action="change",
        run=_tag,
        form=lambda user: TagForm,
        order=30,
        fields=("tags",),
    ),
    BulkAction("delete", _("Delete"), icon="trash", action="delete", run=delete_rows, order=90),
)
