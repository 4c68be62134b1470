"""Pages of contacts."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.forms.parties import ContactForm
from contacts.geo.names import country_name
from contacts.languages import language_name
from contacts.profile.stated import hour_words
from contacts.registrations.columns import lifecycle_badge
from contacts.selectors.duplicates import possible_contacts
from contacts.selectors.pages import contact_for_page, record_context
from contacts.selectors.privacy import may_erase
from contacts.selectors.search import matching
from contacts.services.parties import create_contact, update_contact
from core.registries import records
from core.ui.form_pages import CreatePage, Double, EditPage
from core.ui.lists import ListPage
from core.ui.markup import icon, person
from core.ui.records import Field, FieldGroup, RecordPage


class ContactList(ListPage):
    record_type = "contact"
    default_sort = "name"
    layouts = (
        ("contacts:contact_list", _("List"), "list"),
        ("contacts:contact_map", _("Map"), "map-pin"),
    )
    empty_text = _("No contacts yet. Add the first one, or import a file.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return matching(rows, text, user)


def primary_point(kind: str) -> Any:
    """The address or number to reach them by first, written from left to right in every language."""

    def value(record: Any) -> Any:
        found = next((p.value for p in record.points.all() if p.kind == kind and p.is_primary), "")
        return format_html('<bdi dir="ltr">{}</bdi>', found) if found else ""

    return value


def owner(record: Any) -> Any:
    return person(str(record.owner)) if record.owner else ""


def tag_words(record: Any) -> str:
    return ", ".join(sorted(tag.name for tag in record.tags.all()))


def best_hour(contact: Any) -> str:
    """From when to when, in their own time."""
    if contact.best_hour is None:
        return ""
    return hour_words(contact.best_hour)


class ContactPage(RecordPage):
    """The 360° view of a person."""

    record_type = "contact"
    template_name = "contacts/contact_detail.html"
    edit_url_name = "contacts:contact_update"
    groups = (
        FieldGroup(
            _("About"),
            (
                Field("email", _("E-mail"), primary_point("email"), copy=True),
                Field("phone", _("Phone"), primary_point("phone"), copy=True),
                "job_title",
                Field("owner", _("Owner"), owner),
                "city",
                Field("country", _("Country"), lambda c: country_name(c.country)),
                "birthday",
                "salutation",
            ),
        ),
        FieldGroup(
            _("Preferences"),
            (
                "preferred_channel",
                Field("best_hour", _("Best hour"), best_hour),
                Field("language", _("Language"), lambda c: language_name(c.language)),
                "time_zone",
                "communication_style",
                "interests",
                "values_held",
                "personality",
            ),
        ),
        FieldGroup(
            _("Qualification"),
            (
                Field("lifecycle_stage", _("Lifecycle"), lifecycle_badge),
                "source",
                Field("tags", _("Tags"), tag_words),
                "do_not_contact",
                "description",
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return contact_for_page(super().get_queryset())

    def extra_context(self, record: Any) -> dict[str, Any]:
        return {**record_context(record, self.request.user), "menu_items": self.menu_items(record)}

    def menu_items(self, record: Any) -> Any:
        """What administrators find in the page's menu besides."""
        if not may_erase(self.request.user):
            return ""
        url = reverse("contacts:contact_privacy", args=[record.pk])
        return format_html(
            '<a class="menu-item" href="{}">{}{}</a>', url, icon("shield-lock"), _t("Personal data")
        )


class ContactCreate(CreatePage):
    record_type = "contact"
    form_class = ContactForm
    title = _("New contact")
    submit_label = _("Create contact")

    def duplicates(self, form: Any) -> list[Double]:
        data = getattr(form, "cleaned_data", {})
        company = data.get("company")
        found = possible_contacts(
            form.user,
            first_name=data.get("first_name") or "",
            last_name=data.get("last_name") or "",
            email=data.get("email") or "",
            phone=data.get("phone") or "",
            company_id=getattr(company, "pk", None),
            salutation=data.get("salutation") or "",
            birthday=data.get("birthday"),
            city=data.get("city") or "",
        )
        return [
            Double(records.of(p.record).url_of(p.record.pk), str(p.record), p.reason, p.hint) for p in found
        ]

    def save(self, form: Any) -> Any:
        return create_contact(actor=self.request.user, **form.values)


class ContactEdit(EditPage):
    record_type = "contact"
    form_class = ContactForm
    title = _("Edit contact")

    def save(self, form: Any) -> Any:
        return update_contact(
            actor=self.request.user,
            contact=self.fresh(),
            changes=form.changes,
            expected_version=form.expected_version,
        )
