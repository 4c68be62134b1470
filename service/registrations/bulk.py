"""What can be done with several tickets at once. Every row goes through the service of one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import Tag, User
from core.registries import columns
from core.registries.columns import BulkAction
from core.services.trash import delete_record
from service.enums import TicketStatus
from service.services.tickets import assign_ticket, change_status, update_ticket


class OwnerForm(forms.Form):
    """Whom the tickets are given to."""

    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"),
        label=_("New owner"),
        required=False,
        empty_label=_("Nobody"),
    )


class StatusForm(forms.Form):
    """Where the tickets stand from now on."""

    status = forms.ChoiceField(
        choices=[choice for choice in TicketStatus.choices if choice[0] != TicketStatus.NEW],
        label=_("New status"),
    )


class TagForm(forms.Form):
    """Which words are put on the tickets."""

    tags = forms.ModelMultipleChoiceField(Tag.objects.order_by("name"), label=_("Tags"))


def _assign(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset)
    for ticket in rows:
        assign_ticket(actor=actor, ticket=ticket, owner=data["owner"])
    return len(rows)


def _move(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    """Tickets that may not go there stay where they are and are not counted."""
    moved = 0
    for ticket in queryset:
        try:
            moved += change_status(actor=actor, ticket=ticket, status=data["status"]).status != ticket.status
        except ValidationError:
            continue
    return moved


def _tag(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset.prefetch_related("tags"))
    for ticket in rows:
        update_ticket(actor=actor, ticket=ticket, changes={}, tags={*ticket.tags.all(), *data["tags"]})
    return len(rows)


def _delete(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset)
    for ticket in rows:
        delete_record(actor=actor, record=ticket)
    return len(rows)


columns.register_actions(
    "ticket",
    BulkAction(
        "owner", _("Assign"), icon="user-circle", action="change", run=_assign, form=lambda user: OwnerForm,
        order=10, fields=("owner",),
    ),
    BulkAction(
        "status", _("Change status"), icon="flag", action="change", run=_move, form=lambda user: StatusForm,
        order=20, fields=("status",),
    ),
    BulkAction(
        "tag", _("Add tags"), icon="tag", action="change", run=_tag, form=lambda user: TagForm, order=30,
        fields=("tags",),
    ),
    BulkAction("delete", _("Delete"), icon="trash", action="delete", run=_delete, order=90),
)  # fmt: skip
