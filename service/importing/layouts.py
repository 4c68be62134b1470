"""How other programs export cases and tickets. Made from their public documentation."""

from core.registries.imports import SourceLayout

SALESFORCE = {
    "Id": "external_id", "Case ID": "external_id", "ContactId": "contact_external_id",
    "AccountId": "company_external_id", "ContactEmail": "requester_address", "SuppliedEmail": "supplied_address",
    "SuppliedName": "requester_name", "Subject": "subject", "Description": "description",
    "Comments": "resolution", "Status": "status", "Priority": "priority", "Origin": "channel",
    "CreatedDate": "opened_at", "ClosedDate": "closed_at", "OwnerId": "owner", "LastModifiedDate": "changed_at",
    "CaseNumber": "", "IsDeleted": "", "MasterRecordId": "", "AssetId": "", "ParentId": "", "SuppliedPhone": "",
    "SuppliedCompany": "", "Type": "", "RecordTypeId": "", "Reason": "", "IsClosed": "", "IsEscalated": "",
    "ContactPhone": "", "ContactMobile": "", "ContactFax": "", "SystemModstamp": "", "CreatedById": "",
    "LastModifiedById": "",
}  # fmt: skip
HUBSPOT = {
    "Ticket ID": "external_id", "Record ID": "external_id", "Ticket name": "subject",
    "Ticket description": "description", "Resolution": "resolution", "Ticket status": "status",
    "Priority": "priority", "Source": "channel", "Create date": "opened_at", "Close date": "closed_at",
    "First response date": "first_responded_at", "Ticket owner": "owner",
    "Associated Contact IDs": "contact_external_id", "Associated Contact": "contact",
    "Associated Company IDs": "company_external_id", "Associated Company": "company",
    "Last modified date": "changed_at", "Pipeline": "", "Category": "", "Time to close (HH:mm:ss)": "",
    "Time to first response (HH:mm:ss)": "", "Ticket Tags": "tags", "Associated Deal IDs": "",
    "Associated Deal": "", "Last activity date": "",
}  # fmt: skip
ZOHO = {
    "Record Id": "external_id", "Subject": "subject", "Description": "description", "Solution": "resolution",
    "Status": "status", "Priority": "priority", "Case Origin": "channel", "Related To.id": "contact_external_id",
    "Related To": "contact", "Reported By": "requester_name", "Email": "requester_address",
    "Account Name.id": "company_external_id", "Account Name": "company", "Created Time": "opened_at",
    "Modified Time": "changed_at", "Case Owner": "owner", "Tag": "tags", "Case Number": "", "Case Owner.id": "",
    "Type": "", "Case Reason": "", "Internal Comments": "", "Phone": "", "Deal Name": "", "Deal Name.id": "",
    "Product Name": "", "Product Name.id": "", "No of comments": "",
}  # fmt: skip
DYNAMICS = {
    "(Do Not Modify) Case": "external_id", "Case Title": "subject", "Description": "description",
    "Resolution": "resolution", "Status": "status", "Priority": "priority", "Origin": "channel",
    "Contact": "contact", "Customer": "company", "Email Address": "requester_address",
    "Email (Customer) (Contact)": "requester_address", "Created On": "opened_at", "Resolved On": "closed_at",
    "First Response Sent": "", "Owner": "owner", "(Do Not Modify) Modified On": "changed_at",
    "(Do Not Modify) Row Checksum": "", "Case Number": "", "Status Reason": "", "Subject": "", "Product": "",
    "Case Type": "", "Entitlement": "",
}  # fmt: skip
SUGAR = {
    "ID": "external_id", "Subject": "subject", "Description": "description", "Resolution": "resolution",
    "Status": "status", "Priority": "priority", "Source": "channel", "Account ID": "company_external_id",
    "Account Name": "company", "Primary Contact ID": "contact_external_id", "Primary Contact": "contact",
    "Contact Name": "contact", "Date Created": "opened_at", "Date Entered": "opened_at",
    "Resolved Date": "closed_at", "Assigned to": "owner", "Assigned User Name": "owner",
    "Date Modified": "changed_at", "Tags": "tags", "Number": "", "Case Number": "", "Type": "", "Work Log": "",
    "Assigned User ID": "", "Team ID": "", "Deleted": "", "Follow Up Date": "", "Portal Viewable": "",
}  # fmt: skip

LAYOUTS = (
    SourceLayout("salesforce", "Salesforce", "tickets", SALESFORCE, marks=("CaseNumber", "AccountId")),
    SourceLayout("hubspot", "HubSpot", "tickets", HUBSPOT, marks=("Ticket name", "Ticket status")),
    SourceLayout("zoho", "Zoho CRM", "tickets", ZOHO, marks=("Record Id", "Case Owner")),
    SourceLayout("dynamics", "Dynamics 365", "tickets", DYNAMICS, marks=("(Do Not Modify) Case",)),
    SourceLayout("sugarcrm", "SugarCRM", "tickets", SUGAR, marks=("ID", "Subject", "Work Log")),
    SourceLayout("sugarcrm", "SugarCRM", "tickets", SUGAR, marks=("ID", "Subject", "Resolution")),
)
