"""Where personal data of a contact lies: in this app, and in core's rows that hang on a contact."""

from django.db.models import Q

from contacts.models import (
    Activity,
    ActivityLink,
    Address,
    Affiliation,
    Consent,
    Contact,
    ContactPoint,
    ContactPreference,
    CustomerMetric,
    LegalHold,
    LifecycleChange,
    MergeStep,
    OptIn,
    PrivacyRequest,
    Relationship,
    SegmentMember,
    SegmentPassage,
    StandardChange,
    Suppression,
    TimelineEntry,
    ValueSource,
)
from contacts.selectors.merges import steps_about
from contacts.selectors.privacy import (
    activities_of,
    answers_about,
    comments_of,
    files_of,
    import_rows_of,
    imported_files_of,
    notifications_of,
    opt_ins_of,
    suppressions_of,
    timeline_of_person,
)
from contacts.services.privacy import drop_import_files, drop_merge_steps
from core.models import Comment, File, IdempotencyKey, ImportBatch, ImportRow, Notification
from core.registries import privacy
from core.registries.privacy import PersonalRows

privacy.register(
    PersonalRows(ImportBatch, imported_files_of, erase=drop_import_files, order=4),
    PersonalRows(MergeStep, steps_about, erase=drop_merge_steps, order=5),
    PersonalRows(ImportRow, import_rows_of, order=5),
    PersonalRows(IdempotencyKey, answers_about, order=5),
    PersonalRows(Suppression, suppressions_of, order=10),
    PersonalRows(OptIn, opt_ins_of, order=10),
    PersonalRows(File, files_of, order=10),
    PersonalRows(Comment, comments_of, order=10),
    PersonalRows(Notification, notifications_of, order=10),
    PersonalRows(ActivityLink, lambda pk: ActivityLink.objects.filter(activity__contact_id=pk), order=20),
    PersonalRows(Activity, activities_of, order=30),
    PersonalRows(TimelineEntry, timeline_of_person, order=30),
    PersonalRows(Consent, lambda pk: Consent.objects.filter(contact_id=pk), order=40),
    PersonalRows(ContactPreference, lambda pk: ContactPreference.objects.filter(contact_id=pk), order=40),
    PersonalRows(PrivacyRequest, lambda pk: PrivacyRequest.all_objects.filter(contact_id=pk), order=40),
    PersonalRows(LegalHold, lambda pk: LegalHold.objects.filter(contact_id=pk), order=40),
    PersonalRows(LifecycleChange, lambda pk: LifecycleChange.objects.filter(contact_id=pk), order=40),
    PersonalRows(CustomerMetric, lambda pk: CustomerMetric.objects.filter(contact_id=pk), order=40),
    PersonalRows(SegmentMember, lambda pk: SegmentMember.objects.filter(contact_id=pk), order=40),
    PersonalRows(SegmentPassage, lambda pk: SegmentPassage.objects.filter(contact_id=pk), order=40),
    PersonalRows(ValueSource, lambda pk: ValueSource.objects.filter(contact_id=pk), order=40),
    PersonalRows(StandardChange, lambda pk: StandardChange.objects.filter(contact_id=pk), order=40),
    PersonalRows(Affiliation, lambda pk: Affiliation.all_objects.filter(contact_id=pk), order=50),
    PersonalRows(
        Relationship, lambda pk: Relationship.objects.filter(Q(contact_id=pk) | Q(other_id=pk)), order=50
    ),
    PersonalRows(Address, lambda pk: Address.objects.filter(contact_id=pk), order=50),
    PersonalRows(ContactPoint, lambda pk: ContactPoint.objects.filter(contact_id=pk), order=900),
    PersonalRows(Contact, lambda pk: Contact.all_objects.filter(pk=pk), order=1000),
)
