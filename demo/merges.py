"""A few people who were there twice and were merged, so that the page of merges has something to undo."""

from contacts.enums import MergeOrigin, PointKind
from contacts.models import ContactPoint
from contacts.services.activities import log_activity
from contacts.services.merging import merge_records
from contacts.services.parties import create_contact
from core.models import User
from demo.world import World

MERGED = 4
NOTES = (
    "Met at the trade fair",
    "Asked for the price list",
    "Wants to be called in spring",
    "Moved to a new office",
)


def seed_merges(world: World) -> int:
    """Each is made a second time as people make doubles (an initial, another city), then merged by a seller."""
    addresses = ContactPoint.objects.filter(
        kind=PointKind.EMAIL, is_primary=True, contact__isnull=False, contact__first_name__regex="^.{3,}"
    )
    done = 0
    for point in addresses.select_related("contact__owner").order_by("contact_id")[:MERGED]:
        person = point.contact
        assert person is not None  # only theirs were asked for
        seller = person.owner or User.objects.filter(is_superuser=True).first()
        double = create_contact(
            actor=None,
            first_name=f"{person.first_name[0]}.",
            last_name=person.last_name,
            email=point.value,
            country=person.country,
            source="Trade fair",
            owner=seller,
        )
        log_activity(
            actor=None, kind="note", contact=double, body=NOTES[done % len(NOTES)], owner=seller,
            occurred_at=world.now,
        )  # fmt: skip
        merge_records(
            actor=seller, record_type="contact", ids=[person.pk, double.pk], origin=MergeOrigin.PAGE,
            reason="Same e-mail address",
        )  # fmt: skip
        done += 1
    return done
