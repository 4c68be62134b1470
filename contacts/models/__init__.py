from contacts.models.doings import Activity, ActivityLink, TimelineEntry
from contacts.models.duplicates import (
    CompanyDuplicate,
    ContactDuplicate,
    DuplicatePair,
    MatchingSettings,
)
from contacts.models.enrichment import ValueSource
from contacts.models.groups import Persona, Segment, SegmentMember
from contacts.models.keys import ExternalKey
from contacts.models.lifecycle import LifecycleChange, LifecycleRule
from contacts.models.merging import Alias, MergeLog, MergeRule, MergeStep
from contacts.models.metrics import CustomerMetric
from contacts.models.parties import Affiliation, Company, Contact
from contacts.models.places import Place
from contacts.models.preferences import ContactPreference, OptIn, Wording
from contacts.models.privacy import Erasure, LegalHold, PrivacyRequest, PrivacySettings
from contacts.models.quality import QualitySnapshot, QualityTarget, StandardChange, StandardisingRun
from contacts.models.reach import Address, Consent, ContactPoint, Suppression
from contacts.models.relationships import Relationship, RelationshipKind
from contacts.models.upkeep import (
    KeptSegment,
    SegmentBacklog,
    SegmentBaseline,
    SegmentPassage,
    SegmentState,
    SegmentTouch,
)

__all__ = [
    "Activity",
    "ActivityLink",
    "Address",
    "Affiliation",
    "Alias",
    "Company",
    "CompanyDuplicate",
    "Consent",
    "Contact",
    "ContactDuplicate",
    "ContactPoint",
    "ContactPreference",
    "CustomerMetric",
    "DuplicatePair",
    "Erasure",
    "ExternalKey",
    "KeptSegment",
    "LegalHold",
    "LifecycleChange",
    "LifecycleRule",
    "MatchingSettings",
    "MergeLog",
    "MergeRule",
    "MergeStep",
    "OptIn",
    "Persona",
    "Place",
    "PrivacyRequest",
    "PrivacySettings",
    "QualitySnapshot",
    "QualityTarget",
    "Relationship",
    "RelationshipKind",
    "Segment",
    "SegmentBacklog",
    "SegmentBaseline",
    "SegmentMember",
    "SegmentPassage",
    "SegmentState",
    "SegmentTouch",
    "StandardChange",
    "StandardisingRun",
    "Suppression",
    "TimelineEntry",
    "ValueSource",
    "Wording",
]
