"""The fields that a file of tickets can fill."""

from django.utils.translation import gettext_lazy as _

from contacts.importing.companies import COMPANIES, owner_field
from contacts.importing.company_of_person import COMPANY_BY_ID
from contacts.importing.people_resolver import PEOPLE, PEOPLE_BY_ID
from contacts.importing.reach import imported_email
from core.importing.references import ChoiceResolver, RecordResolver
from core.importing.targets import ImportField, clean_record_id
from service.enums import Channel, TicketPriority, TicketStatus
from service.models import Queue

STATUSES = {
    "open": "open", "assigned": "open", "working": "open", "in progress": "open", "escalated": "open",
    "active": "open", "researching": "open", "reopened": "open", "waiting on us": "open", "re-opened": "open",
    "waiting on contact": "waiting", "waiting on customer": "waiting", "waiting for details": "waiting",
    "waiting for customer": "waiting", "pending": "waiting", "pending input": "waiting", "on hold": "waiting",
    "awaiting reply": "waiting", "waiting": "waiting", "resolved": "solved", "solved": "solved",
    "problem solved": "solved", "information provided": "solved", "closed": "closed", "cancelled": "closed",
    "canceled": "closed", "rejected": "closed", "duplicate": "closed", "merged": "closed", "done": "solved",
}  # fmt: skip
PRIORITIES = {
    "medium": "normal", "middle": "normal", "standard": "normal", "critical": "urgent", "highest": "urgent",
    "p1": "urgent", "p2": "high", "p3": "normal", "p4": "low", "lowest": "low", "minor": "low", "major": "high",
    "blocker": "urgent", "none": "normal",
}  # fmt: skip
CHANNELS = {
    "email": "mail", "e-mail": "mail", "web": "form", "web form": "form", "form": "form", "portal": "form",
    "website": "form", "phone": "agent", "call": "agent", "chat": "agent", "social": "agent", "facebook": "agent",
    "twitter": "agent", "x": "agent", "in person": "agent", "internal": "agent", "inbound email": "mail",
}  # fmt: skip

FIELDS = (
    ImportField(
        "record_id", _("Meridian id"), "integer", identifies=True, field="id", clean=clean_record_id
    ),
    ImportField(
        "external_id", _("External id"), max_length=120, identifies=True, of_program=True,
        synonyms=("id", "ticket id", "case id", "case number", "ticket number"),
    ),
    ImportField(
        "subject", _("Subject"), max_length=2000, identifies=True,
        synonyms=("ticket name", "case title", "title", "summary", "ticket subject", "case subject"),
    ),
    ImportField(
        "description", _("Description"), max_length=100_000,
        synonyms=("ticket description", "case description", "body", "details", "message", "text"),
    ),
    ImportField(
        "resolution", _("Resolution"), max_length=100_000,
        synonyms=("solution", "answer", "resolution notes", "internal comments"),
    ),
    ImportField(
        "status", _("Status"), "reference", resolver=ChoiceResolver(lambda: TicketStatus.choices, STATUSES),
        synonyms=("ticket status", "case status", "state"),
    ),
    ImportField(
        "priority", _("Priority"), "reference",
        resolver=ChoiceResolver(lambda: TicketPriority.choices, PRIORITIES), synonyms=("severity", "urgency"),
    ),
    ImportField(
        "channel", _("Channel"), "reference", resolver=ChoiceResolver(lambda: Channel.choices, CHANNELS),
        synonyms=("origin", "case origin", "source", "channel", "via"),
    ),
    ImportField("queue", _("Queue"), "reference", resolver=RecordResolver(Queue), synonyms=("group", "department")),
    ImportField(
        "contact_external_id", _("External id of the contact"), "reference", resolver=PEOPLE_BY_ID,
        keep_word=True, field="contact", synonyms=("contact id", "contactid", "person id", "associated contact ids"),
    ),
    ImportField(
        "requester_address", _("Requester's address"), "email", max_length=320, clean=imported_email,
        synonyms=("email", "e-mail", "contact email", "requester email", "from", "email address"),
    ),
    ImportField(
        "supplied_address", _("Address where no contact is known"), "email", max_length=320, clean=imported_email,
        field="requester_address", synonyms=("supplied email", "web email", "suppliedemail"),
    ),
    ImportField(
        "contact", _("Contact"), "reference", resolver=PEOPLE, keep_word=True,
        synonyms=("contact name", "requester", "customer", "person", "reported by", "primary contact"),
    ),
    ImportField(
        "requester_name", _("Name of the requester"), max_length=200,
        synonyms=("supplied name", "requester name", "web name"),
    ),
    ImportField(
        "company_external_id", _("External id of the company"), "reference", resolver=COMPANY_BY_ID,
        keep_word=True, field="company", synonyms=("account id", "company id", "associated company ids"),
    ),
    ImportField(
        "company", _("Company"), "reference", resolver=COMPANIES, keep_word=True,
        synonyms=("account", "account name", "organisation", "organization", "company name"),
    ),
    ImportField(
        "opened_at", _("Opened"), "moment",
        synonyms=("created date", "create date", "created time", "created on", "date created", "opened date",
                  "created", "date opened", "reported on"),
    ),
    ImportField(
        "closed_at", _("Solved"), "moment", field="solved_at",
        synonyms=("closed date", "close date", "closed time", "date closed", "resolved on", "resolved at",
                  "closed", "solved at"),
    ),
    ImportField("first_responded_at", _("First answered"), "moment",
                synonyms=("first response", "first response date", "first reply")),
    ImportField("tags", _("Tags"), "list", commas=True, synonyms=("labels", "tag")),
    ImportField("changed_at", _("Last changed"), "moment", synonyms=(
        "last modified date", "modified time", "date modified", "modified on")),
    owner_field(),
)  # fmt: skip
