"""Where personal data of a contact lies in this app."""

from django.db.models import Q

from contacts.models import (
    Activity,
    ActivityLink,
    Address,
    Affiliation,
    Consent,
    Contact,
    ContactPoint,
    CustomerMetric,
    SegmentMember,
    Suppression,
    TimelineEntry,
)
from core.registries import privacy
from core.registries.privacy import PersonalRows


def suppressions_of(contact_id: int) -> Q:
    addresses = ContactPoint.objects.filter(contact_id=contact_id, kind="email").values("normalised")
    return Q(address__in=addresses)


privacy.register(
    PersonalRows(Suppression, lambda pk: Suppression.objects.filter(suppressions_of(pk)), order=10),
    PersonalRows(ActivityLink, lambda pk: ActivityLink.objects.filter(activity__contact_id=pk), order=20),
    PersonalRows(Activity, lambda pk: Activity.all_objects.filter(contact_id=pk), order=30),
    PersonalRows(TimelineEntry, lambda pk: TimelineEntry.objects.filter(contact_id=pk), order=30),
    PersonalRows(Consent, lambda pk: Consent.objects.filter(contact_id=pk), order=40),
    PersonalRows(CustomerMetric, lambda pk: CustomerMetric.objects.filter(contact_id=pk), order=40),
    PersonalRows(SegmentMember, lambda pk: SegmentMember.objects.filter(contact_id=pk), order=40),
    PersonalRows(Affiliation, lambda pk: Affiliation.all_objects.filter(contact_id=pk), order=50),
    PersonalRows(Address, lambda pk: Address.objects.filter(contact_id=pk), order=50),
    PersonalRows(ContactPoint, lambda pk: ContactPoint.objects.filter(contact_id=pk), order=90),
    PersonalRows(Contact, lambda pk: Contact.all_objects.filter(pk=pk), order=100),
)
