"""Address books: vCard files, Google Contacts and Outlook."""

from core.registries.imports import SourceLayout

VCARD = {
    "UID": "external_id", "First name": "first_name", "Middle name": "middle_name", "Last name": "last_name",
    "Name prefix": "salutation", "Name suffix": "name_suffix", "Full name": "name", "Nickname": "",
    "E-mail": "email", "E-mail 2": "email_2", "E-mail 3": "email_3", "More e-mail addresses": "more_emails",
    "Phone": "phone", "Phone 2": "phone_2", "Phone 3": "phone_3", "More phone numbers": "more_phones",
    "Mobile": "mobile", "Mobile 2": "mobile_2", "Company": "company", "Department": "", "Job title": "job_title",
    "Role": "buying_role", "Street": "street", "Postcode": "postcode", "City": "city", "Region": "region",
    "Country": "country", "Street 2": "street_2", "Postcode 2": "postcode_2", "City 2": "city_2",
    "Region 2": "region_2", "Country 2": "country_2", "Birthday": "birthday", "Website": "website",
    "Social profiles": "social", "Tags": "tags", "Note": "description", "Language": "language",
    "Time zone": "time_zone", "Changed": "changed_at",
}  # fmt: skip

GOOGLE = {
    "First Name": "first_name", "Given Name": "first_name", "Middle Name": "middle_name",
    "Additional Name": "middle_name", "Last Name": "last_name", "Family Name": "last_name",
    "Name Prefix": "salutation", "Name Suffix": "name_suffix", "Name": "name",
    "Organization Name": "company", "Organization 1 - Name": "company", "Organization Title": "job_title",
    "Organization 1 - Title": "job_title", "Birthday": "birthday", "Notes": "description", "Labels": "tags",
    "Group Membership": "tags", "E-mail 1 - Value": "email", "E-mail 2 - Value": "email_2",
    "E-mail 3 - Value": "email_3", "E-mail 1 - Label": "email_label", "E-mail 1 - Type": "email_label",
    "E-mail 2 - Label": "email_2_label", "E-mail 2 - Type": "email_2_label",
    "Phone 1 - Value": "phone", "Phone 1 - Label": "phone_label", "Phone 1 - Type": "phone_label",
    "Phone 2 - Value": "phone_2", "Phone 2 - Label": "phone_2_label", "Phone 2 - Type": "phone_2_label",
    "Phone 3 - Value": "phone_3", "Phone 3 - Label": "phone_3_label", "Phone 3 - Type": "phone_3_label",
    "Address 1 - Street": "street", "Address 1 - City": "city", "Address 1 - Region": "region",
    "Address 1 - Postal Code": "postcode", "Address 1 - Country": "country",
    "Address 2 - Street": "street_2", "Address 2 - City": "city_2", "Address 2 - Region": "region_2",
    "Address 2 - Postal Code": "postcode_2", "Address 2 - Country": "country_2",
    "Website 1 - Value": "website", "Website 2 - Value": "social", "File As": "", "Photo": "", "Nickname": "",
    "Organization Department": "", "Address 1 - Formatted": "", "Address 2 - Formatted": "",
    "Address 1 - Label": "", "Address 2 - Label": "", "Website 1 - Label": "", "Website 2 - Label": "",
    "Phonetic First Name": "", "Phonetic Middle Name": "", "Phonetic Last Name": "",
}  # fmt: skip

OUTLOOK = {
    "First Name": "first_name", "Middle Name": "middle_name", "Last Name": "last_name", "Title": "salutation",
    "Suffix": "name_suffix", "E-mail Address": "email", "E-mail 2 Address": "email_2",
    "E-mail 3 Address": "email_3", "Business Phone": "phone", "Business Phone 2": "phone_2",
    "Home Phone": "phone_3", "Primary Phone": "phone_3", "Mobile Phone": "mobile", "Other Phone": "mobile_2",
    "Company": "company", "Job Title": "job_title", "Business Street": "street", "Business City": "city",
    "Business State": "region", "Business Postal Code": "postcode", "Business Country/Region": "country",
    "Business Country": "country", "Home Street": "street_2", "Home City": "city_2", "Home State": "region_2",
    "Home Postal Code": "postcode_2", "Home Country/Region": "country_2", "Home Country": "country_2",
    "Web Page": "website", "Personal Web Page": "social", "Birthday": "birthday", "Notes": "description",
    "Categories": "tags", "Location": "", "Department": "", "Office Location": "", "Language": "",
    "Nickname": "",
}  # fmt: skip

LAYOUTS = (
    SourceLayout("vcard", "vCard", "contacts", VCARD),
    SourceLayout("google", "Google Contacts", "contacts", GOOGLE, marks=("Phone 1 - Value",)),
    SourceLayout("google", "Google Contacts", "contacts", GOOGLE, marks=("E-mail 1 - Value",)),
    SourceLayout("outlook", "Outlook", "contacts", OUTLOOK, marks=("E-mail Address", "Business Phone")),
)
