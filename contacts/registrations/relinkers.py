"""What becomes of contacts' own rows when people or companies are merged."""

from contacts.merging import special
from contacts.merging.relationships import open_circles, settle_addresses, settle_relationships
from contacts.models import (
    Activity,
    ActivityLink,
    Address,
    Affiliation,
    Alias,
    Company,
    Consent,
    Contact,
    ContactPoint,
    ContactPreference,
    CustomerMetric,
    ExternalKey,
    LegalHold,
    LifecycleChange,
    MergeLog,
    OptIn,
    PrivacyRequest,
    Relationship,
    SegmentMember,
    StandardChange,
    TimelineEntry,
    ValueSource,
)
from contacts.selectors.merges import live_ids, merged_ids, old_ids
from contacts.services.timeline import COPY
from core.registries import aliases, relinkers
from core.registries.aliases import AliasSource
from core.registries.relinkers import Relinker

POINT_FOLD = {"label": "first", "verified_at": "min", "bounced_at": "max", "is_primary": "or"}
PLACE = ("label", "street", "postcode", "city", "region", "country")
TOLD_ONCE = f"split_part(dedupe_key, '{COPY}', 1)"
"""A happening that was told to both people is told once to the one they are."""

relinkers.register(
    # the primary points and companies are settled first, so that moving the rows breaks no constraint
    Relinker(ContactPoint, "contact", fold=POINT_FOLD, before=special.settle_points, order=10),
    Relinker(
        ContactPoint,
        "company",
        doubles=("kind", "normalised"),
        fold=POINT_FOLD,
        before=special.settle_points,
        order=10,
    ),
    Relinker(
        Affiliation,
        "contact",
        doubles=("company_id", "valid_to", "deleted_at"),
        fold={"title": "first", "role": "first", "valid_from": "min", "is_primary": "or"},
        prefer="is_primary DESC",
        before=special.settle_affiliations,
        after=special.settle_company,
        order=20,
        always=True,  # somebody may have a company without an affiliation
    ),
    Relinker(
        Affiliation,
        "company",
        doubles=("contact_id", "valid_to", "deleted_at"),
        fold={"title": "first", "role": "first", "valid_from": "min", "is_primary": "or"},
        prefer="is_primary DESC",
        order=20,
    ),
    Relinker(
        Address,
        "contact",
        doubles=PLACE,
        fold={"latitude": "min", "longitude": "min"},
        before=settle_addresses,
    ),
    Relinker(
        Address,
        "company",
        doubles=PLACE,
        fold={"latitude": "min", "longitude": "min"},
        before=settle_addresses,
    ),
    Relinker(Contact.tags.through, "contact"),
    Relinker(Company.tags.through, "company"),
    Relinker(Contact, "company"),
    Relinker(Company, "parent", before=special.free_parents, after=special.settle_parents, always=True),
    Relinker(
        Relationship, "contact", fold={"note": "first", "since": "min"}, before=settle_relationships, order=30
    ),
    Relinker(
        Relationship,
        "other",
        fold={"note": "first", "since": "min"},
        before=settle_relationships,  # the survivor may stand to the merged one
        after=open_circles,
        order=31,
    ),
    Relinker(Consent, "contact", before=special.keep_withdrawals),
    Relinker(
        ContactPreference,
        "contact",
        fold={"paused_until": "max"},
        prefer="(frequency = 'monthly') DESC, (frequency = 'weekly') DESC",  # the one who wants less
    ),
    Relinker(OptIn, "contact"),
    Relinker(PrivacyRequest, "contact"),
    Relinker(LegalHold, "contact"),
    Relinker(SegmentMember, "contact", fold={"added_at": "min"}),
    Relinker(CustomerMetric, "contact"),
    Relinker(ValueSource, "contact"),
    Relinker(ValueSource, "company"),
    Relinker(StandardChange, "contact"),
    Relinker(StandardChange, "company"),
    Relinker(CustomerMetric, "company"),
    Relinker(Activity, "contact"),
    Relinker(Activity, "company"),
    Relinker(ActivityLink, "object_id", type_field="record_type"),
    Relinker(
        TimelineEntry,
        "contact",
        doubles=(TOLD_ONCE,),
        prefer=f"(position('{COPY}' in dedupe_key) > 0)",
    ),
    Relinker(TimelineEntry, "company"),
    Relinker(TimelineEntry, "object_id", type_field="record_type"),
    Relinker(LifecycleChange, "contact"),
    Relinker(MergeLog, "contact"),
    Relinker(MergeLog, "company"),
    Relinker(Alias, "live_id", type_field="record_type"),
    Relinker(ExternalKey, "object_id", type_field="record_type"),
)
relinkers.leave(Alias, "old_id", "it is the old id")
relinkers.leave(MergeLog, "survivor_id", "who survived this merge; `contact` and `company` follow later ones")
relinkers.leave(CustomerMetric, "run_id", "the number of a model run")
aliases.register(AliasSource(live=live_ids, merged=merged_ids, old=old_ids), "contact", "company")
