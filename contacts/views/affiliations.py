"""A person's companies and a company's people: added, changed, ended, made primary; the org chart."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.affiliations import AffiliationForm, CompanyOfContactForm, PersonOfCompanyForm
from contacts.models import Affiliation
from contacts.selectors.affiliations import former_people_of, may_see_who_belongs
from contacts.selectors.company_trees import company_tree
from contacts.selectors.relationships import org_chart
from contacts.services.affiliations import (
    add_affiliation,
    change_affiliation,
    end_affiliation,
    make_primary,
    remove_affiliation,
)
from contacts.views.reach import PartyForm
from contacts.views.rows import RowAction, RowForm
from core.ui.access import RecordTypeView


class ContactCompanyAdd(PartyForm):
    record_type = "contact"
    fields: ClassVar[frozenset[str]] = frozenset({"company"})
    title = gettext_lazy("Add a company")
    saved_text = gettext_lazy("Company added")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return CompanyOfContactForm(data, user=self.request.user)

    def save(self, record: Any, values: dict[str, Any]) -> None:
        primary = True if values.pop("is_primary") else None
        add_affiliation(actor=self.request.user, contact=record, is_primary=primary, **values)


class CompanyPersonAdd(PartyForm):
    """Changing the company is not enough: the service asks for the right to change the person."""

    record_type = "company"
    fields: ClassVar[frozenset[str]] = frozenset({"company"})
    fields_of = "contact"
    title = gettext_lazy("Add a person")
    saved_text = gettext_lazy("Person added")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return PersonOfCompanyForm(data, user=self.request.user)

    def save(self, record: Any, values: dict[str, Any]) -> None:
        primary = True if values.pop("is_primary") else None
        add_affiliation(actor=self.request.user, company=record, is_primary=primary, **values)


class _Affiliations:
    record_type = "contact"
    fields: ClassVar[frozenset[str]] = frozenset({"company"})
    request: HttpRequest

    def rows(self, pk: int) -> QuerySet[Affiliation]:
        rows: QuerySet[Affiliation] = Affiliation.objects.visible_to(self.request.user).filter(contact=pk)
        return rows.select_related("contact", "company")


class AffiliationEdit(_Affiliations, RowForm):
    title = gettext_lazy("Edit the affiliation")
    saved_text = gettext_lazy("Affiliation saved")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return AffiliationForm(data, instance=self.row, user=self.request.user)

    def save_as_read(self, record: Any, values: dict[str, Any], expected: int | None) -> None:
        fresh = self.rows(record.pk).get(pk=self.row.pk)
        change_affiliation(
            actor=self.request.user, affiliation=fresh, changes=values, expected_version=expected
        )


class AffiliationEnd(_Affiliations, RowAction):
    done_text = gettext_lazy("Noted as a former company")

    def act(self, row: Any, expected: int | None) -> None:
        end_affiliation(actor=self.request.user, affiliation=row, expected_version=expected)


class AffiliationPrimary(_Affiliations, RowAction):
    done_text = gettext_lazy("Main company changed")

    def act(self, row: Any, expected: int | None) -> None:
        make_primary(actor=self.request.user, affiliation=row, expected_version=expected)


class AffiliationRemove(_Affiliations, RowAction):
    done_text = gettext_lazy("Removed")

    def act(self, row: Any, expected: int | None) -> None:
        remove_affiliation(actor=self.request.user, affiliation=row, expected_version=expected)


class CompanyPeople(RecordTypeView):
    """Everybody at a company: who reports to whom, and who left."""

    record_type = "company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = self.find(pk)
        if not may_see_who_belongs(request.user):
            raise PermissionDenied(_("Your role does not allow this."))
        context = {
            "title": _("People at %(company)s") % {"company": company},
            "company": company,
            "chart": org_chart(company, request.user),
            "former": former_people_of(company, request.user),
            "may_add": self._may_add(),
            "back_url": self.type.url_of(pk),
            "back_label": str(company),
        }
        return render(request, "contacts/company_people.html", context)

    def _may_add(self) -> bool:
        changing = self.profile.allows("company", "change") and self.profile.allows("contact", "change")
        return changing and "company" not in self.profile.read_only_fields("contact")


class CompanyGroup(RecordTypeView):
    """The group a company belongs to: its parents and their subsidiaries as a tree."""

    record_type = "company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = self.find(pk)
        context = {
            "title": _("The group of %(company)s") % {"company": company},
            "branches": company_tree(company, request.user),
            "back_url": self.type.url_of(pk),
            "back_label": str(company),
        }
        return render(request, "contacts/company_group.html", context)
