"""CRM programs: calls, meetings, notes, tasks and e-mails. Some have a file for each kind."""

from collections.abc import Mapping

from contacts.enums import ActivityKind
from core.registries.imports import SourceLayout

CALL, MEETING, NOTE, TASK, EMAIL = (
    {"kind": kind.value}
    for kind in (
        ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.NOTE, ActivityKind.TASK, ActivityKind.EMAIL,
    )
)  # fmt: skip

SALESFORCE_TASKS = {
    "Id": "external_id", "WhoId": "contact_external_id", "WhatId": "regarding", "AccountId": "company_external_id",
    "Subject": "subject", "TaskSubtype": "kind", "ActivityDate": "due_at", "Status": "done",
    "CompletedDateTime": "done_at", "Description": "body", "CallDurationInSeconds": "duration_seconds",
    "CallType": "direction", "CallDisposition": "outcome", "OwnerId": "owner", "CreatedDate": "entered_at",
    "LastModifiedDate": "changed_at", "Priority": "", "IsClosed": "", "IsDeleted": "", "IsHighPriority": "",
    "IsArchived": "", "IsReminderSet": "", "ReminderDateTime": "", "SystemModstamp": "", "CreatedById": "",
    "LastModifiedById": "", "RecordTypeId": "", "WhoCount": "", "WhatCount": "", "CallObject": "", "Type": "",
    "IsRecurrence": "",
}  # fmt: skip
SALESFORCE_EVENTS = {
    "Id": "external_id", "WhoId": "contact_external_id", "WhatId": "regarding", "AccountId": "company_external_id",
    "Subject": "subject", "StartDateTime": "occurred_at", "ActivityDateTime": "occurred_at",
    "EndDateTime": "ended_at", "DurationInMinutes": "duration_minutes", "Description": "body",
    "OwnerId": "owner", "CreatedDate": "entered_at", "LastModifiedDate": "changed_at", "Location": "",
    "ActivityDate": "", "IsAllDayEvent": "", "IsPrivate": "", "ShowAs": "", "IsDeleted": "", "IsChild": "",
    "IsGroupEvent": "", "GroupEventType": "", "EventSubtype": "", "IsRecurrence": "", "IsArchived": "",
    "IsReminderSet": "", "ReminderDateTime": "", "SystemModstamp": "", "CreatedById": "",
    "LastModifiedById": "", "Type": "", "EndDate": "",
}  # fmt: skip

HUBSPOT_SHARED = {
    "Record ID": "external_id", "Activity date": "occurred_at", "Activity assigned to": "owner",
    "Associated Contact IDs": "contact_external_id", "Associated Contact": "contact",
    "Associated Company IDs": "company_external_id", "Associated Company": "company",
    "Associated Deal IDs": "link_deal", "Associated Deal": "", "Create date": "entered_at",
    "Last modified date": "changed_at", "Last modified": "changed_at", "Object create date/time": "entered_at",
    "Object last modified date/time": "changed_at", "Associated Ticket IDs": "", "Associated Ticket": "",
}  # fmt: skip
HUBSPOT_CALLS = {
    **HUBSPOT_SHARED, "Call Title": "subject", "Call notes": "body", "Call outcome": "outcome",
    "Call direction": "direction", "Call duration": "duration_minutes", "Call status": "done",
    "Call and meeting type": "", "From number": "", "To number": "", "Recording URL": "",
}  # fmt: skip
HUBSPOT_MEETINGS = {
    **HUBSPOT_SHARED, "Meeting name": "subject", "Meeting description": "body", "Meeting start time": "occurred_at",
    "Meeting end time": "ended_at", "Meeting outcome": "done", "Internal meeting notes": "", "Location": "",
    "Meeting location": "",
}  # fmt: skip
HUBSPOT_NOTES = {**HUBSPOT_SHARED, "Note body": "body"}
HUBSPOT_TASKS = {
    **HUBSPOT_SHARED, "Activity date": "", "Task Title": "subject", "Task notes": "body", "Due date": "due_at",
    "Task status": "done", "Completed at": "done_at", "Assigned to": "owner", "Task Type": "", "Priority": "",
    "Queue": "", "Reminder": "",
}  # fmt: skip
HUBSPOT_EMAILS = {
    **HUBSPOT_SHARED, "Email subject": "subject", "Email body": "body", "Email direction": "direction",
    "Email from address": "", "Email to address": "contact_email", "Email send status": "",
    "Number of email opens": "", "Number of email clicks": "",
}  # fmt: skip

ZOHO_SHARED = {
    "Record Id": "external_id", "Subject": "subject", "Contact Name.id": "contact_external_id",
    "Contact Name": "contact", "Related To.id": "regarding", "Related To": "about", "Description": "body",
    "Created Time": "entered_at", "Modified Time": "changed_at", "Tag": "", "Created By": "", "Modified By": "",
    "Created By.id": "", "Modified By.id": "", "Se Module": "",
}  # fmt: skip
ZOHO_TASKS = {
    **ZOHO_SHARED, "Task Owner": "owner", "Task Owner.id": "", "Due Date": "due_at", "Status": "done",
    "Closed Time": "done_at", "Priority": "", "Send Notification Email": "", "Reminder": "", "Repeat": "",
}  # fmt: skip
ZOHO_CALLS = {
    **ZOHO_SHARED, "Call Owner": "owner", "Call Owner.id": "", "Call Start Time": "occurred_at",
    "Call Duration": "duration_minutes", "Call Duration (in seconds)": "duration_seconds",
    "Call Type": "direction", "Call Result": "outcome", "Call Purpose": "", "Call Agenda": "", "Billable": "",
    "Outgoing Call Status": "", "Caller ID": "", "Dialled Number": "",
}  # fmt: skip
ZOHO_MEETINGS = {
    **ZOHO_SHARED, "Host": "owner", "Host.id": "", "Event Owner": "owner", "Event Owner.id": "",
    "Title": "subject", "Event Title": "subject", "From": "occurred_at", "Start DateTime": "occurred_at",
    "To": "ended_at", "End DateTime": "ended_at", "Location": "", "All day": "", "Venue": "", "Participants": "",
    "Check-In Time": "", "Reminder": "", "Repeat": "",
}  # fmt: skip

DYNAMICS_SHARED = {
    "Subject": "subject", "Description": "body", "Owner": "owner", "Activity Status": "done", "Status": "done",
    "Due Date": "due_at", "Actual End": "done_at", "Actual Start": "", "Created On": "entered_at",
    "Duration": "duration_minutes", "Actual Duration": "", "(Do Not Modify) Modified On": "changed_at",
    "(Do Not Modify) Row Checksum": "", "Priority": "", "Status Reason": "", "Regarding": "about",
    "Regarding Type": "",
}  # fmt: skip
DYNAMICS_TASKS = {"(Do Not Modify) Task": "external_id", **DYNAMICS_SHARED}
DYNAMICS_CALLS = {
    "(Do Not Modify) Phone Call": "external_id", **DYNAMICS_SHARED, "Call To": "contact", "Call From": "",
    "Direction": "direction", "Phone Number": "", "Left Voice Mail": "",
}  # fmt: skip
DYNAMICS_MEETINGS = {
    "(Do Not Modify) Appointment": "external_id", **DYNAMICS_SHARED, "Required Attendees": "contact",
    "Start Time": "occurred_at", "End Time": "ended_at", "Location": "", "Optional Attendees": "",
    "All Day Event": "",
}  # fmt: skip
DYNAMICS_EMAILS = {
    "(Do Not Modify) Email": "external_id", "(Do Not Modify) Email Message": "external_id", **DYNAMICS_SHARED,
    "To": "contact", "From": "", "Cc": "", "Direction": "direction", "Sent On": "occurred_at",
    "Date Sent": "occurred_at",
}  # fmt: skip
DYNAMICS_ALL = {
    "(Do Not Modify) Activity": "external_id", "Activity Type": "kind", **DYNAMICS_SHARED,
    "Start Date": "occurred_at", "End Date": "ended_at",
}  # fmt: skip

SUGAR_SHARED = {
    "ID": "external_id", "Subject": "subject", "Description": "body", "Status": "done",
    "Contact ID": "contact_external_id",
    "Contact Name": "contact", "Contact": "contact", "Related to ID": "regarding", "Parent ID": "regarding",
    "Related to": "about", "Parent Type": "", "Related to Type": "", "Assigned to": "owner",
    "Assigned User Name": "owner", "Date Created": "entered_at", "Date Entered": "entered_at",
    "Date Modified": "changed_at", "Assigned User ID": "", "Team ID": "", "Deleted": "", "Tags": "", "Priority": "",
}  # fmt: skip
SUGAR_TIMES = {
    "Start Date & Time": "occurred_at", "Start Date": "occurred_at", "Date Start": "occurred_at",
    "End Date & Time": "ended_at", "End Date": "ended_at", "Date End": "ended_at",
    "Duration Minutes": "", "Duration Hours": "", "Reminder Time": "",
}  # fmt: skip
SUGAR_CALLS = {**SUGAR_SHARED, **SUGAR_TIMES, "Direction": "direction"}
SUGAR_MEETINGS = {**SUGAR_SHARED, **SUGAR_TIMES, "Location": "", "Meeting Type": "", "Type": ""}
SUGAR_TASKS = {
    **SUGAR_SHARED, "Due Date & Time": "due_at", "Due Date": "due_at", "Date Due": "due_at",
    "Start Date & Time": "", "Start Date": "", "Date Start": "",
}  # fmt: skip
SUGAR_NOTES = {
    **SUGAR_SHARED,
    "Note": "body",
    "Attachment": "",
    "File Name": "",
    "Portal Flag": "",
    "Embed Flag": "",
}

PIPEDRIVE = {
    "Activity - ID": "external_id", "Activity - Subject": "subject", "Activity - Type": "kind",
    "Activity - Due date": "due_at", "Activity - Due time": "due_time", "Activity - Duration": "duration_minutes",
    "Activity - Done": "done", "Activity - Marked as done time": "done_at", "Activity - Note": "body",
    "Activity - Public description": "", "Activity - Contact person": "contact",
    "Activity - Organization": "company", "Activity - Deal": "link_deal",
    "Activity - Assigned to user": "owner", "Activity - Add time": "entered_at",
    "Activity - Update time": "changed_at", "Person - ID": "contact_external_id",
    "Organization - ID": "company_external_id", "Deal - ID": "", "Person - Email": "contact_email",
    "Person - Email - Work": "contact_email", "Activity - Location": "", "Activity - Priority": "",
    "Activity - Lead": "", "Activity - Creator": "", "Activity - Last notification time": "",
    "Activity - Free/busy": "", "Activity - Project": "",
}  # fmt: skip

FILES: tuple[tuple[str, Mapping[str, str], tuple[str, ...], Mapping[str, str]], ...] = (
    ("salesforce", SALESFORCE_TASKS, ("WhoId", "Status", "Subject"), TASK),
    ("salesforce", SALESFORCE_EVENTS, ("WhoId", "EndDateTime"), MEETING),
    ("hubspot", HUBSPOT_CALLS, ("Record ID", "Call Title"), CALL),
    ("hubspot", HUBSPOT_MEETINGS, ("Record ID", "Meeting name"), MEETING),
    ("hubspot", HUBSPOT_NOTES, ("Record ID", "Note body"), NOTE),
    ("hubspot", HUBSPOT_TASKS, ("Record ID", "Task Title"), TASK),
    ("hubspot", HUBSPOT_EMAILS, ("Record ID", "Email subject"), EMAIL),
    ("zoho", ZOHO_TASKS, ("Record Id", "Task Owner"), TASK),
    ("zoho", ZOHO_CALLS, ("Record Id", "Call Owner"), CALL),
    ("zoho", ZOHO_MEETINGS, ("Record Id", "Host", "From"), MEETING),
    ("zoho", ZOHO_MEETINGS, ("Record Id", "Event Owner"), MEETING),
    ("dynamics", DYNAMICS_TASKS, ("(Do Not Modify) Task",), TASK),
    ("dynamics", DYNAMICS_CALLS, ("(Do Not Modify) Phone Call",), CALL),
    ("dynamics", DYNAMICS_MEETINGS, ("(Do Not Modify) Appointment",), MEETING),
    ("dynamics", DYNAMICS_EMAILS, ("(Do Not Modify) Email",), EMAIL),
    ("dynamics", DYNAMICS_ALL, ("(Do Not Modify) Activity", "Activity Type"), {}),
    ("sugarcrm", SUGAR_CALLS, ("ID", "Subject", "Direction"), CALL),
    ("sugarcrm", SUGAR_MEETINGS, ("ID", "Subject", "Location"), MEETING),
    ("sugarcrm", SUGAR_TASKS, ("ID", "Subject", "Due Date"), TASK),
    ("sugarcrm", SUGAR_NOTES, ("ID", "Subject", "Note"), NOTE),
    ("pipedrive", PIPEDRIVE, ("Activity - Subject",), {}),
)  # fmt: skip
LABELS = {
    "salesforce": "Salesforce", "hubspot": "HubSpot", "zoho": "Zoho CRM", "dynamics": "Dynamics 365",
    "sugarcrm": "SugarCRM", "pipedrive": "Pipedrive",
}  # fmt: skip
LAYOUTS = tuple(
    SourceLayout(source, LABELS[source], "activities", columns, marks, constants=constants)
    for source, columns, marks, constants in FILES
)
