"""Pages of companies."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.forms.parties import CompanyForm
from contacts.geo.names import country_name
from contacts.selectors.duplicates import possible_companies
from contacts.selectors.pages import company_for_page, record_context
from contacts.selectors.search import matching
from contacts.services.parties import create_company, update_company
from contacts.views.contacts import owner, primary_point, tag_words
from core.registries import records
from core.ui.form_pages import CreatePage, Double, EditPage
from core.ui.lists import ListPage
from core.ui.markup import money
from core.ui.records import Field, FieldGroup, RecordPage


class CompanyList(ListPage):
    record_type = "company"
    default_sort = "name"
    layouts = (
        ("contacts:company_list", _("List"), "list"),
        ("contacts:company_map", _("Map"), "map-pin"),
    )
    empty_text = _("No companies yet. Add the first one, or import a file.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return matching(rows, text, user)


def _revenue(company: Any) -> Any:
    return money(company.annual_revenue, company.currency) if company.annual_revenue is not None else ""


class CompanyPage(RecordPage):
    """The 360° view of a company."""

    record_type = "company"
    template_name = "contacts/company_detail.html"
    edit_url_name = "contacts:company_update"
    groups = (
        FieldGroup(
            _("About"),
            (
                "kind",
                "industry",
                "domain",
                Field("email", _("E-mail"), primary_point("email"), copy=True),
                Field("phone", _("Phone"), primary_point("phone"), copy=True),
                Field("owner", _("Owner"), owner),
                "employees",
                Field("annual_revenue", _("Annual revenue"), _revenue),
                "founded_year",
            ),
        ),
        FieldGroup(
            _("Where and why"),
            (
                "city",
                Field("country", _("Country"), lambda c: country_name(c.country)),
                "parent",
                "source",
                Field("tags", _("Tags"), tag_words),
                "description",
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return company_for_page(super().get_queryset())

    def extra_context(self, record: Any) -> dict[str, Any]:
        return record_context(record, self.request.user)


class CompanyCreate(CreatePage):
    record_type = "company"
    form_class = CompanyForm
    title = _("New company")
    submit_label = _("Create company")

    def duplicates(self, form: Any) -> list[Double]:
        data = getattr(form, "cleaned_data", {})
        found = possible_companies(
            form.user,
            name=data.get("name") or "",
            domain=data.get("domain") or "",
            country=data.get("country") or "",
            phone=data.get("phone") or "",
            city=data.get("city") or "",
        )
        return [
            Double(records.of(p.record).url_of(p.record.pk), str(p.record), p.reason, p.hint) for p in found
        ]

    def save(self, form: Any) -> Any:
        return create_company(actor=self.request.user, **form.values)


class CompanyEdit(EditPage):
    record_type = "company"
    form_class = CompanyForm
    title = _("Edit company")

    def save(self, form: Any) -> Any:
        return update_company(
            actor=self.request.user,
            company=self.fresh(),
            changes=form.changes,
            expected_version=form.expected_version,
        )
