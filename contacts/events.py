"""What contacts tells the floors above."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True)
class ContactCreated(Event):
    name = "contacts.contact_created"
    contact_id: int


@dataclass(frozen=True)
class ContactChanged(Event):
    name = "contacts.contact_changed"
    contact_id: int


@dataclass(frozen=True)
class CompanyCreated(Event):
    name = "contacts.company_created"
    company_id: int


@dataclass(frozen=True)
class LifecycleChanged(Event):
    name = "contacts.lifecycle_changed"
    contact_id: int
    before: str
    after: str


@dataclass(frozen=True)
class ActivityChanged(Event):
    """An activity was written, done, changed or deleted; its links may need a new next step."""

    name = "contacts.activity_changed"
    activity_id: int


@dataclass(frozen=True)
class ConsentChanged(Event):
    name = "contacts.consent_changed"
    contact_id: int
    purpose: str
    channel: str
    state: str


@dataclass(frozen=True)
class AddressesRefused(Event):
    """Nothing (or no marketing) is sent to these addresses from now on. `digests` as in
    `contacts.selectors.tombstones`, `at` in ISO 8601."""

    name = "contacts.addresses_refused"
    digests: list[str]
    reach: str
    cause: str
    at: str


@dataclass(frozen=True)
class AddressesAllowed(Event):
    """Their owners, or somebody with a reason, let them be written to again."""

    name = "contacts.addresses_allowed"
    digests: list[str]
    reach: str
    at: str


@dataclass(frozen=True)
class WishesChanged(Event):
    """Whether these people are not to be contacted, or how often they want mailings, was changed."""

    name = "contacts.wishes_changed"
    contact_ids: list[int]


@dataclass(frozen=True)
class PeopleEntered(Event):
    """People came to meet a segment's rule, or were put into a fixed one. Filling a new segment tells nothing."""

    name = "contacts.people_entered_segment"
    segment_id: int
    contact_ids: list[int]


@dataclass(frozen=True)
class PeopleLeft(Event):
    name = "contacts.people_left_segment"
    segment_id: int
    contact_ids: list[int]


@dataclass(frozen=True)
class RecordsMerged(Event):
    """Records of one type became one; everything that hung on them hangs on `survivor_id`."""

    name = "contacts.records_merged"
    record_type: str
    survivor_id: int
    merged_ids: list[int]
    log_id: int


@dataclass(frozen=True)
class MergeUndone(Event):
    """A merge was taken back: the records are several again."""

    name = "contacts.merge_undone"
    record_type: str
    survivor_id: int
    merged_ids: list[int]
    log_id: int


@dataclass(frozen=True)
class MergesCommitted(Event):
    """A batch of merges was written; rows that others were just writing to the old ids still have to follow."""

    name = "contacts.merges_committed"
    log_ids: list[int]


@dataclass(frozen=True)
class HappenedToFollowed(Event):
    """A line was written on the timeline of a record that somebody follows."""

    name = "contacts.happened_to_followed"
    record_type: str
    object_id: int
    dedupe_key: str
