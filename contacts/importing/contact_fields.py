"""The fields that a file of people can fill."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.enums import LifecycleStage
from contacts.importing.company_of_person import COMPANY_BY_ID, PERSON_COMPANIES
from contacts.importing.points import clean_address
from contacts.importing.words import LABEL_COUNTRY, country_resolver
from core.importing.references import ChoiceResolver
from core.importing.targets import ImportField, clean_record_id

LIFECYCLE_ALIASES = {
    "marketingqualifiedlead": "lead", "salesqualifiedlead": "lead", "evangelist": "customer", "client": "customer",
    "prospect": "lead", "open": "lead", "working": "lead", "inactive": "former", "churned": "former",
}  # fmt: skip

NAME_FIELDS = (
    ImportField(
        "record_id", _("Meridian id"), "integer", identifies=True, field="id", clean=clean_record_id
    ),
    ImportField(
        "external_id", _("External id"), max_length=120, identifies=True, of_program=True,
        synonyms=("id", "contact id", "customer id", "customer number"),
    ),
    ImportField(
        "first_name", _("First name"), max_length=100, identifies=True,
        synonyms=("given name", "forename", "vorname", "prénom", "nombre"),
    ),
    ImportField("middle_name", _("Middle name"), max_length=60, field="first_name", synonyms=("additional name",)),
    ImportField(
        "last_name", _("Last name"), max_length=100, identifies=True,
        synonyms=("surname", "family name", "nachname", "nom", "apellidos"),
    ),
    ImportField("name_suffix", _("Name suffix"), max_length=30, field="last_name"),
    ImportField(
        "name", _("Full name"), max_length=200, identifies=True,
        synonyms=("name", "contact", "contact name", "person", "customer name"),
    ),
    ImportField(
        "salutation", _("Salutation"), max_length=40, synonyms=("prefix", "name prefix", "anrede", "civilité")
    ),
)  # fmt: skip
REACH_FIELDS = (
    ImportField(
        "email", _("E-mail"), "email", max_length=2000, clean=clean_address, several=True, commas=True,
        identifies=True, synonyms=("mail", "email address", "e-mail address", "correo", "courriel"),
    ),
    ImportField("email_2", _("Second e-mail"), "email", max_length=2000, clean=clean_address, several=True,
                commas=True, field="email", synonyms=("e-mail 2", "secondary email", "other email")),
    ImportField("email_3", _("Third e-mail"), "email", max_length=2000, clean=clean_address, several=True,
                commas=True, field="email", synonyms=("e-mail 3",)),
    ImportField("more_emails", _("More e-mail addresses"), "list", clean=clean_address, commas=True, field="email",
                synonyms=("additional email addresses", "more e-mail addresses")),
    ImportField("email_label", _("Label of the e-mail"), max_length=40, field="email"),
    ImportField("email_2_label", _("Label of the second e-mail"), max_length=40, field="email"),
    ImportField(
        "phone", _("Phone"), "phone", max_length=200, several=True, identifies=True,
        synonyms=("telephone", "phone number", "tel", "work phone", "telefon", "business phone", "téléphone"),
    ),
    ImportField("phone_2", _("Second phone"), "phone", max_length=200, several=True, field="phone",
                synonyms=("phone 2", "home phone", "other phone")),
    ImportField("phone_3", _("Third phone"), "phone", max_length=200, several=True, field="phone",
                synonyms=("phone 3",)),
    ImportField("more_phones", _("More phone numbers"), "list", field="phone", synonyms=("more phone numbers",)),
    ImportField("phone_label", _("Label of the phone"), max_length=40, field="phone"),
    ImportField("phone_2_label", _("Label of the second phone"), max_length=40, field="phone"),
    ImportField("phone_3_label", _("Label of the third phone"), max_length=40, field="phone"),
    ImportField(
        "mobile", _("Mobile"), "phone", max_length=200, several=True, field="phone",
        synonyms=("cell", "mobile phone", "cell phone", "handy", "mobil"),
    ),
    ImportField("mobile_2", _("Second mobile"), "phone", max_length=200, several=True, field="phone",
                synonyms=("mobile 2",)),
    ImportField("website", _("Website"), max_length=300, synonyms=("web page", "url", "homepage")),
    ImportField("social", _("Social profiles"), "list", synonyms=("linkedin", "twitter", "social profiles")),
)  # fmt: skip
WORK_FIELDS = (
    ImportField(
        "company", _("Company"), "reference", resolver=PERSON_COMPANIES, keep_word=True,
        synonyms=("account", "organisation", "organization", "employer", "company name", "firma", "account name"),
    ),
    ImportField(
        "company_external_id", _("External id of the company"), "reference", resolver=COMPANY_BY_ID,
        keep_word=True, later=True, field="company", synonyms=("company id", "account id", "organization id"),
    ),
    ImportField(
        "job_title", _("Job title"), max_length=120, synonyms=("title", "position", "function", "funktion")
    ),
    ImportField("buying_role", _("Buying role"), max_length=60, field="company", synonyms=("role",)),
    ImportField("works_from", _("With the company from"), "date", field="company", synonyms=("works from",)),
    ImportField("works_to", _("With the company to"), "date", field="company", synonyms=("works to",)),
)  # fmt: skip
PLACE_FIELDS = (
    ImportField(
        "street", _("Street"), max_length=250,
        synonyms=("address", "street address", "mailing street", "straße", "strasse", "rue"),
    ),
    ImportField(
        "postcode", _("Postcode"), max_length=20, synonyms=("zip", "zip code", "postal code", "plz")
    ),
    ImportField("city", _("City"), max_length=120, synonyms=("town", "ort", "stadt", "ville", "ciudad")),
    ImportField("region", _("Region"), max_length=120, synonyms=("state", "province", "bundesland", "county")),
    ImportField("country", LABEL_COUNTRY, "reference", resolver=country_resolver(),
                synonyms=("country code", "nation", "land", "pays", "país", "country/region")),
    ImportField("street_2", _("Street of a second address"), max_length=250, field="street",
                synonyms=("street 2", "other street", "home street")),
    ImportField("postcode_2", _("Postcode of a second address"), max_length=20, field="postcode",
                synonyms=("postcode 2", "other zip", "home postal code")),
    ImportField("city_2", _("City of a second address"), max_length=120, field="city",
                synonyms=("city 2", "other city", "home city")),
    ImportField("region_2", _("Region of a second address"), max_length=120, field="region",
                synonyms=("region 2", "other state", "home state")),
    ImportField("country_2", _("Country of a second address"), "reference", resolver=country_resolver(),
                field="country", synonyms=("country 2", "other country", "home country")),
)  # fmt: skip
OTHER_FIELDS = (
    ImportField(
        "lifecycle_stage", _("Lifecycle"), "reference",
        resolver=ChoiceResolver(lambda: LifecycleStage.choices, LIFECYCLE_ALIASES),
        synonyms=("lifecycle stage", "stage"),
    ),
    ImportField("tags", _("Tags"), "list", commas=True, synonyms=("labels", "tag", "categories", "tag list")),
    ImportField("birthday", _("Birthday"), "date",
                synonyms=("date of birth", "birth date", "birthdate", "geburtstag")),
    ImportField("language", _("Language"), max_length=10, synonyms=("locale", "preferred language")),
    ImportField("time_zone", _("Time zone"), max_length=64),
    ImportField("source", pgettext_lazy("where somebody comes from", "Source"), max_length=120,
                synonyms=("lead source", "origin", "source")),
    ImportField("do_not_contact", _("Do not contact"), "boolean", synonyms=("do not contact",)),
    ImportField("email_opt_out", _("Opted out of e-mail"), "boolean", field="do_not_contact",
                synonyms=("email opt out", "has opted out of email", "unsubscribed")),
    ImportField(
        "description", _("About"), max_length=20_000, synonyms=("notes", "comment", "about", "note", "description")
    ),
    ImportField("changed_at", _("Last changed"), "moment", synonyms=(
        "changed", "last modified date", "modified time", "date modified", "last changed", "modified on")),
)  # fmt: skip
