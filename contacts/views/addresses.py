"""Postal addresses and the ways to reach somebody, edited one by one."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from contacts.forms.affiliations import AddressForm
from contacts.forms.reach import PointForm
from contacts.models import Address, ContactPoint
from contacts.services.addresses import add_address, change_address, remove_address
from contacts.services.points import remove_point, update_point
from contacts.views.reach import PartyForm
from contacts.views.rows import RowAction, RowForm
from core.services.base import state_of

ADDRESSES = frozenset({"addresses", "city"})
"""The names under which a role hides or protects addresses."""


class _AddressAdd(PartyForm):
    fields: ClassVar[frozenset[str]] = ADDRESSES
    title = gettext_lazy("Add an address")
    saved_text = gettext_lazy("Address added")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return AddressForm(data, user=self.request.user, initial={"country": record.country})

    def save(self, record: Any, values: dict[str, Any]) -> None:
        primary = True if values.pop("is_primary") else None
        party = {record.record_type: record}
        add_address(actor=self.request.user, is_primary=primary, **party, **values)


class _Addresses:
    record_type: ClassVar[str] = ""
    fields: ClassVar[frozenset[str]] = ADDRESSES
    request: HttpRequest

    def rows(self, pk: int) -> QuerySet[Address]:
        rows: QuerySet[Address] = Address.objects.filter(**{f"{self.record_type}_id": pk})
        return rows.select_related("contact", "company")


class _AddressEdit(_Addresses, RowForm):
    title = gettext_lazy("Edit the address")
    saved_text = gettext_lazy("Address saved")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return AddressForm(data, instance=self.row, user=self.request.user)

    def save_as_read(self, record: Any, values: dict[str, Any], expected: int | None) -> None:
        fresh = self.rows(record.pk).get(pk=self.row.pk)
        change_address(actor=self.request.user, address=fresh, changes=values, expected_version=expected)


class _AddressRemove(_Addresses, RowAction):
    done_text = gettext_lazy("Removed")

    def act(self, row: Any, expected: int | None) -> None:
        remove_address(actor=self.request.user, address=row, expected_version=expected)


class _Points:
    record_type: ClassVar[str] = ""
    fields: ClassVar[frozenset[str]] = frozenset({"points"})

    def rows(self, pk: int) -> QuerySet[ContactPoint]:
        rows: QuerySet[ContactPoint] = ContactPoint.objects.filter(**{f"{self.record_type}_id": pk})
        return rows.select_related("contact", "company")


class _PointEdit(_Points, RowForm):
    title = gettext_lazy("Edit a way to reach them")
    saved_text = gettext_lazy("Saved")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        point = self.row
        initial = {name: getattr(point, name) for name in ("kind", "value", "label", "is_primary")}
        form = PointForm(data, country=record.country, initial={**initial, "version": state_of(point)})
        form.fields["kind"].disabled = True
        return form

    def save_as_read(self, record: Any, values: dict[str, Any], expected: int | None) -> None:
        values.pop("kind")
        update_point(actor=self.request.user, point=self.row, changes=values, expected_version=expected)


class _PointRemove(_Points, RowAction):
    done_text = gettext_lazy("Removed")

    def act(self, row: Any, expected: int | None) -> None:
        remove_point(actor=self.request.user, point=row, expected_version=expected)


class ContactAddressAdd(_AddressAdd):
    record_type = "contact"


class CompanyAddressAdd(_AddressAdd):
    record_type = "company"


class ContactAddressEdit(_AddressEdit):
    record_type = "contact"


class CompanyAddressEdit(_AddressEdit):
    record_type = "company"


class ContactAddressRemove(_AddressRemove):
    record_type = "contact"


class CompanyAddressRemove(_AddressRemove):
    record_type = "company"


class ContactPointEdit(_PointEdit):
    record_type = "contact"


class CompanyPointEdit(_PointEdit):
    record_type = "company"


class ContactPointRemove(_PointRemove):
    record_type = "contact"


class CompanyPointRemove(_PointRemove):
    record_type = "company"
