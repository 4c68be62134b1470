"""How a person stands to others: the list, the dialogs, and taking one away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.affiliations import RelationshipEditForm, RelationshipForm
from contacts.models import Contact, Relationship, RelationshipKind
from contacts.selectors.relationships import rows_of, ties_of
from contacts.services.relationships import change_relationship, relate, remove_relationship
from contacts.views.reach import PartyForm
from contacts.views.rows import RowAction, RowForm
from core.enums import Action
from core.services.base import state_of
from core.ui.access import RecordTypeView


class RelationshipList(RecordTypeView):
    """Everybody a person stands in a relationship to."""

    record_type = "contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = self.find(pk)
        context = {
            "title": _("Relationships of %(name)s") % {"name": contact},
            "contact": contact,
            "ties": ties_of(contact, request.user),
            "may_change": self.type.visible_to(request.user, Action.CHANGE).filter(pk=pk).exists(),
            "back_url": self.type.url_of(pk),
            "back_label": str(contact),
        }
        return render(request, "contacts/relationships.html", context)


class RelationshipAdd(PartyForm):
    record_type = "contact"
    title = gettext_lazy("Add a relationship")
    saved_text = gettext_lazy("Relationship added")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return RelationshipForm(data, user=self.request.user)

    def save(self, record: Any, values: dict[str, Any]) -> None:
        kind, other = values.pop("kind"), values.pop("person")
        key, _colon, end = kind.partition(":")
        found = RelationshipKind.objects.get(pk=int(key))
        if end == "in" and not Contact.objects.visible_to(self.request.user, "change").filter(pk=other.pk):
            raise ValidationError({"person": _("You may not change this person.")})
        contact, other = (record, other) if end == "out" else (other, record)
        try:
            relate(actor=self.request.user, contact=contact, other=other, kind=found, **values)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class _Relationships:
    record_type = "contact"
    request: HttpRequest

    def rows(self, pk: int) -> QuerySet[Relationship]:
        return rows_of(Contact(pk=pk), self.request.user).select_related("contact", "other", "kind")


class RelationshipEdit(_Relationships, RowForm):
    title = gettext_lazy("Edit the relationship")
    saved_text = gettext_lazy("Relationship saved")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        initial = {"since": self.row.since, "note": self.row.note, "version": state_of(self.row)}
        return RelationshipEditForm(data, initial=initial)

    def save_as_read(self, record: Any, values: dict[str, Any], expected: int | None) -> None:
        change_relationship(
            actor=self.request.user, relationship=self.row, changes=values, expected_version=expected
        )


class RelationshipRemove(_Relationships, RowAction):
    done_text = gettext_lazy("Relationship removed")

    def act(self, row: Any, expected: int | None) -> None:
        remove_relationship(actor=self.request.user, relationship=row, expected_version=expected)
