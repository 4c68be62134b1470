"""What contacts does when events of the floors below are published."""

from contacts.enums import ConsentState
from contacts.events import (
    ActivityChanged,
    AddressesAllowed,
    AddressesRefused,
    CompanyCreated,
    ConsentChanged,
    ContactChanged,
    ContactCreated,
    HappenedToFollowed,
    MergesCommitted,
    MergeUndone,
    RecordsMerged,
    WishesChanged,
)
from contacts.models import Activity, Contact, TimelineEntry
from contacts.services.activities import follow_activity, forget_activity_line, tell_activity_again
from contacts.services.duplicate_notes import note_duplicates
from contacts.services.duplicates import follow_merge, follow_unmerge
from contacts.services.enrichment import suggest_companies
from contacts.services.lifecycle import apply_lifecycle_rules
from contacts.services.merged_tags import follow_merged_tags
from contacts.services.merging import follow_late_rows
from contacts.services.refusals import log_addresses, log_wishes, log_withdrawal
from core.events import RecordDeleted, RecordRestored, RecordUndone, TagsMerged, subscribe
from core.registries import timeline
from core.services.following import tell_followers


@subscribe(RecordDeleted)
def take_off_timeline(event: RecordDeleted) -> None:
    """A deleted activity is not shown among what happened."""
    if event.record_type == "activity":
        forget_activity_line(actor=None, activity_id=event.object_id)


@subscribe(RecordUndone)
def follow_undoing(event: RecordUndone) -> None:
    """An activity that is as it was before: its line, and whoever follows activities."""
    activity = (
        Activity.objects.filter(pk=event.object_id).first() if event.record_type == "activity" else None
    )
    if activity is not None:
        follow_activity(actor=None, activity=activity)


@subscribe(RecordRestored)
def put_on_timeline(event: RecordRestored) -> None:
    """A restored one is again."""
    activity = Activity.objects.filter(pk=event.object_id).first()
    if event.record_type == "activity" and activity is not None:
        tell_activity_again(actor=None, activity=activity)


@subscribe(MergesCommitted)
def follow_late(event: MergesCommitted) -> None:
    """Rows that were being written to an old id while it was merged follow as well."""
    follow_late_rows(actor=None, log_ids=event.log_ids)


@subscribe(HappenedToFollowed)
def tell_followers_what_happened(event: HappenedToFollowed) -> None:
    """Who follows a record finds in the inbox what happened with it: the kind, never the words, which not
    every follower may read."""
    entry = TimelineEntry.objects.filter(dedupe_key=event.dedupe_key).first()
    kind = timeline.get(entry.kind) if entry is not None else None
    if kind is None:
        return
    tell_followers(
        actor=None,
        record_type=event.record_type,
        object_id=event.object_id,
        text=kind.label,
        key=f"{event.record_type}:{event.object_id}:{event.dedupe_key}",
    )


@subscribe(ContactCreated)
@subscribe(ContactChanged)
def move_by_rules(event: ContactCreated | ContactChanged) -> None:
    """Who has changed moves on where an automatic lifecycle rule is true of them now."""
    apply_lifecycle_rules(actor=None, contact_ids=[event.contact_id])


@subscribe(ActivityChanged)
def move_by_rules_after_activity(event: ActivityChanged) -> None:
    """So does who was called or met."""
    ids = Activity.objects.filter(pk=event.activity_id, contact__isnull=False)
    apply_lifecycle_rules(actor=None, contact_ids=list(ids.values_list("contact_id", flat=True)))


@subscribe(ConsentChanged)
def move_by_rules_after_consent(event: ConsentChanged) -> None:
    """And who consented or withdrew."""
    apply_lifecycle_rules(actor=None, contact_ids=[event.contact_id])


@subscribe(ConsentChanged)
def write_down_withdrawal(event: ConsentChanged) -> None:
    """A no stands in the log apart from the database, too: a restored backup does not know it."""
    if event.state == ConsentState.WITHDRAWN:
        log_withdrawal(actor=None, contact_id=event.contact_id, purpose=event.purpose, channel=event.channel)


@subscribe(AddressesRefused)
def write_down_refused(event: AddressesRefused) -> None:
    """The same for addresses that are left alone."""
    log_addresses(actor=None, digests=event.digests, reach=event.reach, cause=event.cause, at=event.at)


@subscribe(AddressesAllowed)
def write_down_allowed(event: AddressesAllowed) -> None:
    """And for those that no longer are: an old no of theirs is not said again."""
    log_addresses(actor=None, digests=event.digests, reach=event.reach, at=event.at, refused=False)


@subscribe(WishesChanged)
def write_down_wishes(event: WishesChanged) -> None:
    """And for people who are not to be contacted, or seldom."""
    log_wishes(actor=None, contact_ids=event.contact_ids)


@subscribe(RecordUndone)
def write_down_undone_wishes(event: RecordUndone) -> None:
    """Taking back a “do not contact” takes it back there."""
    if event.record_type == "contact":
        log_wishes(actor=None, contact_ids=[event.object_id])


@subscribe(TagsMerged)
def ask_for_the_tag_that_stays(event: TagsMerged) -> None:
    """Segments and lifecycle rules that asked for a tag that went ask for the one it became."""
    follow_merged_tags(actor=None, tag_ids=event.tag_ids, into_id=event.into_id)


@subscribe(ContactCreated)
def look_for_the_same_person(event: ContactCreated) -> None:
    """Who is here already is asked about on the new record's page."""
    note_duplicates(actor=None, kind="contact", record_id=event.contact_id)


@subscribe(CompanyCreated)
def look_for_the_same_company(event: CompanyCreated) -> None:
    """The same for companies."""
    note_duplicates(actor=None, kind="company", record_id=event.company_id)


@subscribe(RecordsMerged)
def settle_duplicates(event: RecordsMerged) -> None:
    """Pairs of records that are one by now are no longer asked about."""
    follow_merge(
        actor=None, kind=event.record_type, survivor_id=event.survivor_id, merged_ids=event.merged_ids
    )


@subscribe(MergeUndone)
def part_duplicates(event: MergeUndone) -> None:
    """Who was told apart again is not proposed again."""
    follow_unmerge(
        actor=None, kind=event.record_type, survivor_id=event.survivor_id, merged_ids=event.merged_ids
    )


@subscribe(ContactCreated)
@subscribe(ContactChanged)
def suggest_company_of_domain(event: ContactCreated | ContactChanged) -> None:
    """Somebody without a company whose mail domain is a company's own is shown that company."""
    contact = Contact.objects.filter(pk=event.contact_id, company__isnull=True).first()
    if contact is not None:
        suggest_companies(actor=None, contact=contact)
