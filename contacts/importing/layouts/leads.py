"""CRM programs: leads. A lead is a person in the stage of a lead until the file says more."""

from contacts.enums import LifecycleStage
from core.registries.imports import SourceLayout

LEAD = {"lifecycle_stage": LifecycleStage.LEAD.value}

SALESFORCE_LEADS = {
    "Id": "external_id", "Lead ID": "external_id", "FirstName": "first_name", "LastName": "last_name",
    "Salutation": "salutation", "Title": "job_title", "Company": "company", "Company / Account": "company",
    "Street": "street", "City": "city", "State": "region", "State/Province": "region", "PostalCode": "postcode",
    "Zip/Postal Code": "postcode", "Country": "country", "Phone": "phone", "MobilePhone": "mobile",
    "Email": "email", "Website": "website", "LeadSource": "source", "Description": "description",
    "OwnerId": "owner", "Lead Owner": "owner", "HasOptedOutOfEmail": "email_opt_out",
    "LastModifiedDate": "changed_at", "Status": "", "Lead Status": "", "Rating": "", "Industry": "",
    "IsConverted": "", "IsDeleted": "", "AnnualRevenue": "", "NumberOfEmployees": "", "CreatedDate": "",
}  # fmt: skip
ZOHO_LEADS = {
    "Record Id": "external_id", "Salutation": "salutation", "First Name": "first_name", "Last Name": "last_name",
    "Company": "company", "Title": "job_title", "Designation": "job_title", "Email": "email",
    "Secondary Email": "email_2", "Phone": "phone", "Mobile": "mobile", "Website": "website",
    "Lead Source": "source", "Street": "street", "City": "city", "State": "region", "Zip Code": "postcode",
    "Country": "country", "Description": "description", "Tag": "tags", "Email Opt Out": "email_opt_out",
    "Modified Time": "changed_at", "Lead Owner": "owner", "Lead Owner.id": "", "Lead Status": "", "Industry": "",
    "No. of Employees": "", "Annual Revenue": "", "Rating": "", "Fax": "", "Created Time": "",
}  # fmt: skip
DYNAMICS_LEADS = {
    "(Do Not Modify) Lead": "external_id", "First Name": "first_name", "Last Name": "last_name", "Name": "name",
    "Email": "email", "Business Phone": "phone", "Mobile Phone": "mobile", "Company Name": "company",
    "Job Title": "job_title", "Website": "website", "Street 1": "street", "City": "city",
    "State/Province": "region", "ZIP/Postal Code": "postcode", "Country/Region": "country",
    "Lead Source": "source", "Description": "description", "Owner": "owner",
    "(Do Not Modify) Modified On": "changed_at", "(Do Not Modify) Row Checksum": "", "Topic": "",
    "Status Reason": "", "Created On": "", "Rating": "",
}  # fmt: skip
SUGAR_LEADS = {
    "ID": "external_id", "First Name": "first_name", "Last Name": "last_name", "Salutation": "salutation",
    "Title": "job_title", "Email Address": "email", "Other Email": "email_2", "Office Phone": "phone",
    "Phone Work": "phone", "Mobile": "mobile", "Phone Mobile": "mobile", "Home": "phone_2",
    "Phone Home": "phone_2", "Other Phone": "phone_3", "Account Name": "company", "Website": "website",
    "Primary Address Street": "street", "Primary Address City": "city", "Primary Address State": "region",
    "Primary Address Postal Code": "postcode", "Primary Address Postalcode": "postcode",
    "Primary Address Country": "country", "Lead Source": "source", "Description": "description",
    "Lead Description": "description", "Tags": "tags", "Assigned to": "owner", "Assigned User Name": "owner",
    "Date Modified": "changed_at", "Status": "", "Lead Status": "", "Status Description": "",
    "Lead Source Description": "", "Converted": "", "Referred By": "", "Opportunity Name": "",
    "Opportunity Amount": "", "Department": "", "Do Not Call": "", "Date Created": "", "Date Entered": "",
    "Assigned User ID": "", "Team ID": "", "Deleted": "", "Fax": "", "Phone Fax": "",
}  # fmt: skip
PIPEDRIVE_LEADS = {
    "Lead - ID": "external_id", "Person - Name": "name", "Lead - Contact person": "name",
    "Person - Email - Work": "email", "Person - Email": "email", "Person - Phone - Work": "phone",
    "Person - Phone": "phone", "Lead - Organization": "company", "Organization - Name": "company",
    "Organization - ID": "company_external_id", "Lead - Organization ID": "company_external_id",
    "Lead - Source": "source", "Lead - Source channel": "source", "Lead - Labels": "tags", "Lead - Label": "tags",
    "Lead - Note": "description", "Lead - Title": "", "Lead - Owner": "owner",
    "Lead - Update time": "changed_at", "Lead - Lead created": "", "Lead - Value": "",
    "Lead - Currency of Value": "", "Lead - Expected close date": "", "Lead - Next activity date": "",
    "Lead - Archive status": "", "Person - ID": "",
}  # fmt: skip

LAYOUTS = (
    SourceLayout(
        "salesforce", "Salesforce", "contacts", SALESFORCE_LEADS, ("IsConverted", "LastName"), constants=LEAD
    ),
    SourceLayout("zoho", "Zoho CRM", "contacts", ZOHO_LEADS, ("Record Id", "Lead Owner"), constants=LEAD),
    SourceLayout(
        "dynamics", "Dynamics 365", "contacts", DYNAMICS_LEADS, ("(Do Not Modify) Lead",), constants=LEAD
    ),
    SourceLayout("sugarcrm", "SugarCRM", "contacts", SUGAR_LEADS, ("Converted", "Last Name"), constants=LEAD),
    SourceLayout("pipedrive", "Pipedrive", "contacts", PIPEDRIVE_LEADS, ("Lead - Title",), constants=LEAD),
)
