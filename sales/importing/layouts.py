"""How other programs export opportunities. Made from their public documentation."""

from core.registries.imports import SourceLayout

SALESFORCE = {
    "Id": "external_id", "Opportunity ID": "external_id", "Name": "name", "Opportunity Name": "name",
    "AccountId": "company_external_id", "Account Name": "company", "StageName": "stage", "Stage": "stage",
    "Amount": "amount", "CloseDate": "expected_close", "Close Date": "expected_close", "CreatedDate": "opened_at",
    "Created Date": "opened_at", "LeadSource": "source", "Lead Source": "source", "Description": "description",
    "OwnerId": "owner", "Opportunity Owner": "owner", "IsDeleted": "", "IsClosed": "", "IsWon": "", "Type": "",
    "Probability": "", "ExpectedRevenue": "", "NextStep": "", "ForecastCategory": "", "LastModifiedDate": "",
}  # fmt: skip
HUBSPOT = {
    "Record ID": "external_id", "Deal Name": "name", "Associated Company IDs": "company_external_id",
    "Associated Company": "company", "Deal Stage": "stage", "Amount": "amount", "Close Date": "expected_close",
    "Create Date": "opened_at", "Deal owner": "owner", "Closed Lost Reason": "lost_reason",
    "Deal Description": "description", "Original Source Type": "source", "Pipeline": "", "Deal Type": "",
    "Associated Contact": "", "Associated Contact IDs": "", "Last Activity Date": "", "Last Modified Date": "",
}  # fmt: skip
ZOHO = {
    "Record Id": "external_id", "Deal Name": "name", "Account Name.id": "company_external_id",
    "Account Name": "company", "Stage": "stage", "Amount": "amount", "Closing Date": "expected_close",
    "Created Time": "opened_at", "Deal Owner": "owner", "Lead Source": "source", "Reason For Loss": "lost_reason",
    "Description": "description", "Type": "", "Probability (%)": "", "Next Step": "", "Contact Name": "",
    "Modified Time": "", "Pipeline": "",
    "Expected Revenue": "", "Deal Owner.id": "", "Contact Name.id": "",
}  # fmt: skip
DYNAMICS = {
    "(Do Not Modify) Opportunity": "external_id", "Topic": "name", "Potential Customer": "company",
    "Account": "company", "Status": "stage", "Est. Revenue": "amount", "Est. Close Date": "expected_close",
    "Actual Close Date": "closed_at", "Created On": "opened_at", "Owner": "owner", "Description": "description",
    "(Do Not Modify) Row Checksum": "", "(Do Not Modify) Modified On": "", "Contact": "", "Probability": "",
    "Status Reason": "", "Actual Revenue": "", "Pipeline Phase": "", "Rating": "",
}  # fmt: skip
SUGAR = {
    "ID": "external_id", "Opportunity Name": "name", "Name": "name", "Account ID": "company_external_id",
    "Account Name": "company", "Sales Stage": "stage", "Opportunity Amount": "amount", "Amount": "amount",
    "Expected Close Date": "expected_close", "Date Closed": "expected_close", "Date Created": "opened_at",
    "Date Entered": "opened_at", "Lead Source": "source", "Description": "description", "Assigned to": "owner",
    "Assigned User Name": "owner", "Date Modified": "", "Type": "", "Probability": "", "Probability (%)": "",
    "Next Step": "", "Assigned User ID": "", "Team ID": "", "Currency": "", "Deleted": "",
}  # fmt: skip
PIPEDRIVE = {
    "Deal - ID": "external_id", "Deal - Title": "name", "Deal - Organization ID": "company_external_id",
    "Deal - Organization": "company", "Deal - Status": "", "Deal - Stage": "stage", "Deal - Value": "amount",
    "Deal - Expected close date": "expected_close", "Deal - Deal closed on": "closed_at",
    "Deal - Won time": "closed_at", "Deal - Deal created": "opened_at", "Deal - Lost reason": "lost_reason",
    "Deal - Owner": "owner", "Deal - Source channel": "source", "Deal - Currency of Value": "",
    "Deal - Contact person": "", "Deal - Pipeline": "", "Deal - Update time": "", "Deal - Lost time": "",
    "Deal - Label": "", "Deal - Probability": "",
}  # fmt: skip

LAYOUTS = (
    SourceLayout("salesforce", "Salesforce", "deals", SALESFORCE, marks=("StageName", "CloseDate")),
    SourceLayout("hubspot", "HubSpot", "deals", HUBSPOT, marks=("Record ID", "Deal Stage")),
    SourceLayout("zoho", "Zoho CRM", "deals", ZOHO, marks=("Record Id", "Deal Owner", "Closing Date")),
    SourceLayout("dynamics", "Dynamics 365", "deals", DYNAMICS, marks=("(Do Not Modify) Opportunity",)),
    SourceLayout("sugarcrm", "SugarCRM", "deals", SUGAR, marks=("Sales Stage", "ID")),
    SourceLayout("pipedrive", "Pipedrive", "deals", PIPEDRIVE, marks=("Deal - Title",)),
)
