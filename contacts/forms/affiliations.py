"""Forms of a person's companies, addresses and relationships."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms.codes import country_field, keep_codes
from contacts.forms.reach import SmallForm
from contacts.models import Address, Affiliation, Company, Contact
from contacts.selectors.relationships import offered_kinds
from core.ui.forms import RecordForm, StateForm, scope_choices, use_native_pickers


class AffiliationForm(RecordForm):
    """Title, part in buying, dates."""

    class Meta:
        model = Affiliation
        fields: ClassVar = ["title", "role", "valid_from", "valid_to", "is_primary"]
        labels: ClassVar = {"is_primary": _("The main company")}
        help_texts: ClassVar = {"valid_to": _("Leave it empty while they are there.")}


class CompanyOfContactForm(AffiliationForm):
    """A further company of a person."""

    company = forms.ModelChoiceField(Company.objects.all(), label=_("Company"))
    field_order = ("company",)


class PersonOfCompanyForm(AffiliationForm):
    """A further person at a company."""

    contact = forms.ModelChoiceField(Contact.objects.all(), label=_("Person"))
    field_order = ("contact",)


class AddressForm(RecordForm):
    """A postal address."""

    country = country_field(_("Country"))

    class Meta:
        model = Address
        fields: ClassVar = ["label", "street", "postcode", "city", "region", "country", "is_primary"]
        labels: ClassVar = {"is_primary": _("Use this one first")}
        help_texts: ClassVar = {"label": _("Such as “delivery” or “home”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_codes(self)


class RelationshipEditForm(StateForm, SmallForm):
    """What may change about a relationship."""

    since = forms.DateField(label=_("Since"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_native_pickers(self)


class RelationshipForm(RelationshipEditForm):
    """How this person stands to another."""

    kind = forms.ChoiceField(label=_("This person"))
    person = forms.ModelChoiceField(Contact.objects.all(), label=_("Whom"))
    field_order = ("kind", "person", "since", "note")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = offered_kinds()
        scope_choices(self, user)
