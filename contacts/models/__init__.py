from contacts.models.doings import Activity, ActivityLink, TimelineEntry
from contacts.models.groups import Segment, SegmentMember
from contacts.models.metrics import CustomerMetric
from contacts.models.parties import Affiliation, Company, Contact
from contacts.models.reach import Address, Consent, ContactPoint, Suppression

__all__ = [
    "Activity",
    "ActivityLink",
    "Address",
    "Affiliation",
    "Company",
    "Consent",
    "Contact",
    "ContactPoint",
    "CustomerMetric",
    "Segment",
    "SegmentMember",
    "Suppression",
    "TimelineEntry",
]
