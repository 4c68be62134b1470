"""The fields that a file of calls, meetings, notes, tasks and e-mails can fill."""

import re

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.importing.companies import COMPANIES
from contacts.importing.company_of_person import COMPANY_BY_ID
from contacts.importing.people_resolver import PEOPLE, PEOPLE_BY_ID
from contacts.importing.regarding import Regarding, RegardingByName
from core.importing.references import ChoiceResolver
from core.importing.style import BadValue
from core.importing.targets import ImportField, clean_record_id

KIND_ALIASES = {
    "phone call": "call", "telephone": "call", "calls": "call", "outbound call": "call", "inbound call": "call",
    "event": "meeting", "appointment": "meeting", "meetings": "meeting", "demo": "meeting", "lunch": "meeting",
    "e-mail": "email", "mail": "email", "emails": "email", "list email": "email", "comment": "note",
    "notes": "note", "to do": "task", "todo": "task", "to-do": "task", "follow up": "task", "deadline": "task",
    "tasks": "task", "cadence": "task", "linkedin": "task", "other": "task", "site visit": "visit",
    "customer visit": "visit", "letter": "task", "fax": "task", "call task": "task",
}  # fmt: skip
DONE_WORDS = {
    "completed": True, "done": True, "closed": True, "held": True, "sent": True, "received": True,
    "attended": True, "true": True, "yes": True, "1": True, "finished": True, "made": True, "occurred": True,
    "open": False, "not started": False, "in progress": False, "planned": False, "scheduled": False,
    "waiting on someone else": False, "waiting": False, "waiting for input": False, "deferred": False,
    "pending input": False, "to do": False, "false": False, "no": False, "0": False, "not held": False,
    "active": False, "draft": False, "overdue": False, "rescheduled": False, "cancelled": False,
    "canceled": False, "no show": False, "not completed": False,
}  # fmt: skip
DIRECTIONS = {
    "inbound": "in", "incoming": "in", "received": "in", "outbound": "out", "outgoing": "out", "sent": "out",
    "internal": "out", "forwarded_email": "out", "incoming_email": "in", "email": "out",
}  # fmt: skip
OUTCOMES = {
    "answered": "connected", "contacted": "connected", "reached": "connected", "completed": "connected",
    "left message": "voicemail", "left voicemail": "voicemail", "left live message": "voicemail",
    "not answered": "no_answer", "no reply": "no_answer", "unanswered": "no_answer", "missed": "no_answer",
    "busy signal": "busy", "line busy": "busy", "interested": "connected", "not interested": "connected",
}  # fmt: skip
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
WORDED = re.compile(r"(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?\s*(?:\d+\s*s\w*)?")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp][Mm])?")


def clean_duration(text: str) -> int:
    """Minutes of a duration: a number of minutes, `h:mm`, `h:mm:ss` or “1 h 30 min”. Raises BadValue."""
    plain = text.strip().lower()
    if match := CLOCK.fullmatch(plain):
        hours, minutes, last = match.groups()
        total = int(hours) * 60 + int(minutes) + (int(last) >= 30) if hours else int(minutes) * 60 + int(last)
    elif re.fullmatch(r"\d+([.,]0+)?", plain):
        total = int(re.split(r"[.,]", plain)[0])
    elif plain and (match := WORDED.fullmatch(plain)):
        total = int(match[1] or 0) * 60 + int(match[2] or 0)
    else:
        raise BadValue(_now("“%(text)s” is no duration. Write minutes or h:mm.") % {"text": text[:40]})
    return clean_minutes(total)


def clean_minutes(value: int) -> int:
    if not 0 <= value < 2**31:
        raise BadValue(_now("%(number)s is not a possible number.") % {"number": value})
    return value


def clean_time(text: str) -> str:
    """A time of day as `HH:MM`. Raises BadValue."""
    match = TIME.fullmatch(text.strip())
    hour = int(match[1]) if match else 99
    if match and match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    if match is None or hour > 23 or int(match[2]) > 59:
        raise BadValue(_now("“%(text)s” is not a time of day.") % {"text": text[:40]})
    return f"{hour:02}:{match[2]}"


WHAT_FIELDS = (
    ImportField(
        "record_id", _("Meridian id"), "integer", identifies=True, field="id", clean=clean_record_id
    ),
    ImportField(
        "external_id", _("External id"), max_length=120, identifies=True, of_program=True,
        synonyms=("id", "activity id", "task id", "call id", "meeting id", "note id", "event id"),
    ),
    ImportField(
        "kind", _("Kind"), "reference",
        resolver=ChoiceResolver(lambda: ActivityKind.choices, KIND_ALIASES),
        synonyms=("activity type", "type", "activity", "tasksubtype"),
    ),
    ImportField(
        "subject", _("Subject"), max_length=2000, identifies=True,
        synonyms=("title", "topic", "name", "summary", "activity subject"),
    ),
    ImportField(
        "body", _("Notes"), max_length=200_000,
        synonyms=("description", "notes", "note", "comments", "body", "text", "details", "full description"),
    ),
    ImportField(
        "outcome", _("Outcome"), "reference",
        resolver=ChoiceResolver(lambda: CallOutcome.choices, OUTCOMES),
        synonyms=("call outcome", "call result", "result"),
    ),
    ImportField(
        "direction", _("Direction"), "reference",
        resolver=ChoiceResolver(lambda: [("in", _("Incoming")), ("out", _("Outgoing"))], DIRECTIONS),
        synonyms=("call direction", "call type"),
    ),
)  # fmt: skip
WHEN_FIELDS = (
    ImportField(
        "occurred_at", _("When"), "moment",
        synonyms=("activity date", "date", "start time", "start date", "start", "occurred", "happened", "from",
                  "start date & time", "event time"),
    ),
    ImportField("start_time", _("Time of day"), max_length=20, clean=clean_time, field="occurred_at",
                synonyms=("time",)),
    ImportField("ended_at", _("Ended"), "moment", field="duration_minutes",
                synonyms=("end time", "end date", "end", "to", "end date & time")),
    ImportField("due_at", _("Due"), "moment", synonyms=("due date", "deadline", "due on")),
    ImportField("due_time", _("Time it is due"), max_length=20, clean=clean_time, field="due_at",
                synonyms=("due time",)),
    ImportField(
        "done_at", _("Done at"), "moment",
        synonyms=("done", "completed at", "completed date", "closed time", "actual end", "date completed", "done on"),
    ),
    ImportField(
        "done", _("Status"), "reference", field="done_at",
        resolver=ChoiceResolver(lambda: [(True, _("Done")), (False, _("Open"))], DONE_WORDS),
        synonyms=("done", "status", "activity status", "task status", "state", "completed", "is closed"),
    ),
    ImportField("duration_minutes", _("Minutes"), max_length=30, clean=clean_duration,
                synonyms=("duration", "duration in minutes", "call duration", "length")),
    ImportField("duration_seconds", _("Seconds"), "integer", clean=clean_minutes, field="duration_minutes",
                synonyms=("call duration in seconds", "duration in seconds")),
    ImportField("entered_at", _("Written down at"), "moment", field="occurred_at",
                synonyms=("created date", "created time", "create date", "created on", "date created", "created",
                          "add time")),
    ImportField("changed_at", _("Last changed"), "moment",
                synonyms=("last modified date", "modified time", "date modified", "modified on")),
)  # fmt: skip
WHOM_FIELDS = (
    ImportField(
        "contact_external_id", _("External id of the contact"), "reference", resolver=PEOPLE_BY_ID,
        keep_word=True, field="contact",
        synonyms=("contact id", "person id", "whoid", "associated contact ids", "contact ids"),
    ),
    ImportField(
        "contact_email", _("E-mail of the contact"), "reference", resolver=PEOPLE, keep_word=True,
        field="contact", synonyms=("contact email", "email", "e-mail", "email address", "to", "with e-mail"),
    ),
    ImportField(
        "contact", _("Contact"), "reference", resolver=PEOPLE, keep_word=True,
        synonyms=("contact name", "person", "contact person", "name of the contact", "associated contact"),
    ),
    ImportField(
        "company_external_id", _("External id of the company"), "reference", resolver=COMPANY_BY_ID,
        keep_word=True, field="company",
        synonyms=("account id", "company id", "organization id", "associated company ids"),
    ),
    ImportField(
        "company", _("Company"), "reference", resolver=COMPANIES, keep_word=True,
        synonyms=("account", "account name", "organization", "organisation", "company name",
                  "associated company"),
    ),
    ImportField(
        "regarding", _("Id of any record it is about"), "reference", resolver=Regarding(), keep_word=True,
        field="contact", synonyms=("whatid", "regarding id", "parent id", "related to id"),
    ),
    ImportField(
        "about", _("Name of any record it is about"), "reference", resolver=RegardingByName(), keep_word=True,
        field="contact", synonyms=("regarding", "related to", "about", "what"),
    ),
)  # fmt: skip
