"""CRM programs: accounts and contacts."""

from contacts.enums import CompanyKind
from core.registries.imports import SourceLayout

KINDS = {
    "kind": {
        "Customer - Direct": CompanyKind.CUSTOMER.value, "Customer - Channel": CompanyKind.CUSTOMER.value,
        "Channel Partner / Reseller": CompanyKind.PARTNER.value, "Installation Partner": CompanyKind.PARTNER.value,
        "Technology Partner": CompanyKind.PARTNER.value, "Integrator": CompanyKind.PARTNER.value,
        "Reseller": CompanyKind.PARTNER.value, "Distributor": CompanyKind.PARTNER.value,
        "Vendor": CompanyKind.SUPPLIER.value, "Analyst": None, "Investor": None, "Press": None, "Other": None,
    }
}  # fmt: skip

SALESFORCE_CONTACTS = {
    "Id": "external_id", "Contact ID": "external_id", "FirstName": "first_name", "MiddleName": "middle_name",
    "LastName": "last_name", "Suffix": "name_suffix", "Salutation": "salutation", "Email": "email",
    "Phone": "phone", "MobilePhone": "mobile", "Mobile": "mobile", "HomePhone": "phone_2", "OtherPhone": "phone_3",
    "AccountId": "company_external_id", "Account ID": "company_external_id", "Account Name": "company",
    "Title": "job_title", "MailingStreet": "street", "MailingCity": "city", "MailingState": "region",
    "Mailing State/Province": "region", "MailingPostalCode": "postcode", "Mailing Zip/Postal Code": "postcode",
    "MailingCountry": "country", "OtherStreet": "street_2", "OtherCity": "city_2", "OtherState": "region_2",
    "OtherPostalCode": "postcode_2", "OtherCountry": "country_2", "LeadSource": "source", "Birthdate": "birthday",
    "Description": "description", "OwnerId": "owner", "Contact Owner": "owner",
    "HasOptedOutOfEmail": "email_opt_out", "Email Opt Out": "email_opt_out", "LastModifiedDate": "changed_at",
    "IsDeleted": "", "Name": "", "Fax": "", "Department": "", "CreatedDate": "", "SystemModstamp": "",
    "ReportsToId": "", "DoNotCall": "", "AccountOwner": "",
}  # fmt: skip
SALESFORCE_ACCOUNTS = {
    "Id": "external_id", "Account ID": "external_id", "Name": "name", "Account Name": "name", "Type": "kind",
    "ParentId": "parent", "Parent Account": "parent", "Website": "domain", "Phone": "phone",
    "Industry": "industry", "AnnualRevenue": "annual_revenue", "NumberOfEmployees": "employees",
    "Employees": "employees", "BillingStreet": "street", "BillingCity": "city", "BillingState": "region",
    "BillingPostalCode": "postcode", "BillingCountry": "country", "Description": "description",
    "OwnerId": "owner", "Account Owner": "owner", "AccountSource": "source", "LastModifiedDate": "changed_at",
    "IsDeleted": "", "Fax": "", "CreatedDate": "", "SystemModstamp": "",
}  # fmt: skip

HUBSPOT_CONTACTS = {
    "Record ID": "external_id", "First Name": "first_name", "Last Name": "last_name", "Salutation": "salutation",
    "Email": "email", "Additional email addresses": "more_emails", "Phone Number": "phone",
    "Mobile Phone Number": "mobile", "Primary Associated Company ID": "company_external_id",
    "Associated Company IDs": "company_external_id", "Associated Company": "company", "Company Name": "company",
    "Job Title": "job_title", "Lifecycle Stage": "lifecycle_stage", "Street Address": "street", "City": "city",
    "State/Region": "region", "Postal Code": "postcode", "Country/Region": "country", "Website URL": "website",
    "LinkedIn URL": "social", "Preferred language": "language", "Time Zone": "time_zone",
    "Date of birth": "birthday", "Original Source": "source", "Original Traffic Source": "source",
    "Contact owner": "owner", "Unsubscribed from all email": "email_opt_out", "Buying Role": "buying_role",
    "Last Modified Date": "changed_at", "Lead Status": "", "Create Date": "", "Last Activity Date": "",
    "Marketing contact status": "", "Notes": "description",
}  # fmt: skip
HUBSPOT_COMPANIES = {
    "Record ID": "external_id", "Company name": "name", "Company Domain Name": "domain", "Website URL": "domain",
    "Phone Number": "phone", "Industry": "industry", "Type": "kind", "Number of Employees": "employees",
    "Annual Revenue": "annual_revenue", "Year Founded": "founded_year", "Description": "description",
    "Street Address": "street", "City": "city", "State/Region": "region", "Postal Code": "postcode",
    "Country/Region": "country", "Parent Company": "parent", "Company owner": "owner",
    "Original Source Type": "source", "Last Modified Date": "changed_at", "Create Date": "",
    "Last Activity Date": "", "Lifecycle Stage": "",
}  # fmt: skip

ZOHO_PLACE = {
    "Mailing Street": "street", "Mailing City": "city", "Mailing State": "region", "Mailing Zip": "postcode",
    "Mailing Country": "country", "Other Street": "street_2", "Other City": "city_2", "Other State": "region_2",
    "Other Zip": "postcode_2", "Other Country": "country_2",
}  # fmt: skip
ZOHO_CONTACTS = {
    "Record Id": "external_id", "Salutation": "salutation", "First Name": "first_name", "Last Name": "last_name",
    "Full Name": "name", "Email": "email", "Secondary Email": "email_2", "Phone": "phone", "Mobile": "mobile",
    "Home Phone": "phone_2", "Other Phone": "phone_3", "Account Name.id": "company_external_id",
    "Account Name": "company", "Title": "job_title", **ZOHO_PLACE, "Date of Birth": "birthday",
    "Lead Source": "source", "Description": "description", "Tag": "tags", "Twitter": "social",
    "Email Opt Out": "email_opt_out", "Modified Time": "changed_at", "Contact Owner": "owner",
    "Contact Owner.id": "", "Department": "", "Fax": "", "Assistant": "", "Asst Phone": "", "Skype ID": "",
    "Reporting To": "", "Created Time": "", "Vendor Name": "",
}  # fmt: skip
ZOHO_ACCOUNTS = {
    "Record Id": "external_id", "Account Name": "name", "Phone": "phone", "Website": "domain",
    "Parent Account": "parent", "Account Type": "kind", "Industry": "industry", "Employees": "employees",
    "Annual Revenue": "annual_revenue", "Billing Street": "street", "Billing City": "city",
    "Billing State": "region", "Billing Code": "postcode", "Billing Country": "country",
    "Description": "description", "Tag": "tags", "Modified Time": "changed_at", "Account Owner": "owner",
    "Account Owner.id": "", "Rating": "", "Fax": "", "Account Number": "", "Ticker Symbol": "", "Ownership": "",
    "SIC Code": "", "Created Time": "",
}  # fmt: skip

DYNAMICS_CONTACTS = {
    "(Do Not Modify) Contact": "external_id", "First Name": "first_name", "Middle Name": "middle_name",
    "Last Name": "last_name", "Full Name": "name", "Salutation": "salutation", "Email": "email",
    "Email Address 2": "email_2", "Business Phone": "phone", "Mobile Phone": "mobile", "Home Phone": "phone_2",
    "Company Name": "company", "Account Name": "company", "Job Title": "job_title",
    "Address 1: Street 1": "street", "Address 1: City": "city", "Address 1: State/Province": "region",
    "Address 1: ZIP/Postal Code": "postcode", "Address 1: Country/Region": "country", "Birthday": "birthday",
    "Description": "description", "Owner": "owner", "Role": "buying_role",
    "(Do Not Modify) Modified On": "changed_at", "(Do Not Modify) Row Checksum": "", "Status": "",
}  # fmt: skip
DYNAMICS_ACCOUNTS = {
    "(Do Not Modify) Account": "external_id", "Account Name": "name", "Main Phone": "phone", "Website": "domain",
    "Parent Account": "parent", "Relationship Type": "kind", "Industry": "industry",
    "Number of Employees": "employees", "Annual Revenue": "annual_revenue", "Address 1: Street 1": "street",
    "Address 1: City": "city", "Address 1: State/Province": "region", "Address 1: ZIP/Postal Code": "postcode",
    "Address 1: Country/Region": "country", "Description": "description", "Owner": "owner", "Email": "email",
    "(Do Not Modify) Modified On": "changed_at", "(Do Not Modify) Row Checksum": "", "Primary Contact": "",
    "Email (Primary Contact)": "", "Status": "",
}  # fmt: skip

SUGAR_CONTACTS = {
    "ID": "external_id", "First Name": "first_name", "Last Name": "last_name", "Salutation": "salutation",
    "Title": "job_title", "Email Address": "email", "Email1": "email", "Other Email": "email_2",
    "Office Phone": "phone", "Phone Work": "phone", "Mobile": "mobile", "Phone Mobile": "mobile",
    "Home": "phone_2", "Phone Home": "phone_2", "Other Phone": "phone_3", "Phone Other": "phone_3",
    "Account ID": "company_external_id", "Account Name": "company", "Primary Address Street": "street",
    "Primary Address City": "city", "Primary Address State": "region", "Primary Address Postal Code": "postcode",
    "Primary Address Postalcode": "postcode", "Primary Address Country": "country",
    "Alternate Address Street": "street_2", "Alt Address Street": "street_2", "Alternate Address City": "city_2",
    "Alt Address City": "city_2", "Lead Source": "source", "Birthdate": "birthday", "Description": "description",
    "Tags": "tags", "Assigned to": "owner", "Assigned User Name": "owner", "Date Modified": "changed_at",
    "Date Created": "", "Date Entered": "", "Department": "", "Do Not Call": "", "Assigned User ID": "",
    "Team ID": "", "Deleted": "", "Fax": "", "Phone Fax": "",
}  # fmt: skip
SUGAR_ACCOUNTS = {
    "ID": "external_id", "Name": "name", "Website": "domain", "Email Address": "email", "Office Phone": "phone",
    "Phone Office": "phone", "Type": "kind", "Account Type": "kind", "Industry": "industry",
    "Annual Revenue": "annual_revenue", "Employees": "employees", "Billing Street": "street",
    "Billing Address Street": "street", "Billing City": "city", "Billing Address City": "city",
    "Billing State": "region", "Billing Address State": "region", "Billing Postal Code": "postcode",
    "Billing Address Postalcode": "postcode", "Billing Country": "country", "Billing Address Country": "country",
    "Parent Account ID": "parent", "Parent ID": "parent", "Member of": "parent", "Description": "description",
    "Tags": "tags", "Assigned to": "owner", "Assigned User Name": "owner", "Date Modified": "changed_at",
    "Date Created": "", "Date Entered": "", "Assigned User ID": "", "Team ID": "", "Deleted": "", "Rating": "",
    "Ownership": "", "SIC Code": "", "Ticker Symbol": "",
}  # fmt: skip

PIPEDRIVE_PEOPLE = {
    "Person - ID": "external_id", "Person - First name": "first_name", "Person - Last name": "last_name",
    "Person - Name": "name", "Person - Email": "email", "Person - Email - Work": "email",
    "Person - Email - Home": "email_2", "Person - Email - Other": "email_3", "Person - Phone": "phone",
    "Person - Phone - Work": "phone", "Person - Phone - Home": "phone_2", "Person - Phone - Other": "phone_3",
    "Person - Phone - Mobile": "mobile", "Person - Organization ID": "company_external_id",
    "Organization - ID": "company_external_id", "Person - Organization": "company",
    "Person - Job title": "job_title", "Person - Birthday": "birthday", "Person - Notes": "description",
    "Person - Label": "tags", "Person - Labels": "tags", "Person - Owner": "owner",
    "Person - Update time": "changed_at", "Person - Person created": "", "Person - Open deals": "",
    "Person - Closed deals": "", "Person - Next activity date": "", "Person - Last activity date": "",
}  # fmt: skip
PIPEDRIVE_ORGANIZATIONS = {
    "Organization - ID": "external_id", "Organization - Name": "name", "Organization - Website": "domain",
    "Organization - Industry": "industry", "Organization - Number of employees": "employees",
    "Organization - Employee count": "employees", "Organization - Annual revenue": "annual_revenue",
    "Organization - Street/road name of Address": "street",
    "Organization - City/town/village/locality of Address": "city",
    "Organization - State/county of Address": "region",
    "Organization - ZIP/Postal code of Address": "postcode", "Organization - Country of Address": "country",
    "Organization - Label": "tags", "Organization - Labels": "tags", "Organization - Owner": "owner",
    "Organization - Update time": "changed_at", "Organization - Address": "street",
    "Organization - Organization created": "", "Organization - People": "", "Organization - Open deals": "",
    "Organization - Closed deals": "",
}  # fmt: skip

LAYOUTS = (
    SourceLayout(
        "salesforce", "Salesforce", "contacts", SALESFORCE_CONTACTS, marks=("MailingCity", "LastName")
    ),
    SourceLayout("salesforce", "Salesforce", "companies", SALESFORCE_ACCOUNTS, ("BillingCity", "Id"), KINDS),
    SourceLayout("hubspot", "HubSpot", "contacts", HUBSPOT_CONTACTS, marks=("Record ID", "Contact owner")),
    SourceLayout("hubspot", "HubSpot", "companies", HUBSPOT_COMPANIES, ("Record ID", "Company owner"), KINDS),
    SourceLayout(
        "zoho", "Zoho CRM", "contacts", ZOHO_CONTACTS, marks=("Record Id", "Contact Owner", "Mailing Zip")
    ),
    SourceLayout("zoho", "Zoho CRM", "companies", ZOHO_ACCOUNTS, ("Record Id", "Account Owner"), KINDS),
    SourceLayout(
        "dynamics", "Dynamics 365", "contacts", DYNAMICS_CONTACTS, marks=("(Do Not Modify) Contact",)
    ),
    SourceLayout(
        "dynamics", "Dynamics 365", "companies", DYNAMICS_ACCOUNTS, ("(Do Not Modify) Account",), KINDS
    ),
    SourceLayout(
        "sugarcrm", "SugarCRM", "contacts", SUGAR_CONTACTS, marks=("Primary Address City", "Last Name")
    ),
    SourceLayout("sugarcrm", "SugarCRM", "companies", SUGAR_ACCOUNTS, ("Billing Address City", "ID"), KINDS),
    SourceLayout("pipedrive", "Pipedrive", "contacts", PIPEDRIVE_PEOPLE, marks=("Person - Name",)),
    SourceLayout(
        "pipedrive", "Pipedrive", "companies", PIPEDRIVE_ORGANIZATIONS, marks=("Organization - Name",)
    ),
)
