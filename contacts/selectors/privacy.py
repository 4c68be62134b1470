"""Which rows are about a person, where a foreign key alone does not say it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from contacts.enums import PointKind
from contacts.models import (
    Activity,
    Contact,
    ContactPoint,
    OptIn,
    PrivacySettings,
    Suppression,
    TimelineEntry,
)
from core.models import Comment, DocumentLink, File, IdempotencyKey, ImportBatch, ImportRow, Notification
from core.privacy.mentions import patterns_of
from core.registries import imports, privacy
from core.scope.access import profile_for


def may_erase(user: Any) -> bool:
    """Whether somebody may hand out or erase all that is kept about a person: administrators, by default."""
    return profile_for(user).can("erase_people")


def erases_on_request() -> bool:
    """Whether somebody who asks by their own link is erased at once: the administrator's decision."""
    return bool(PrivacySettings.objects.filter(pk=1, erase_on_request=True).exists())


def addresses_of(contact_id: int) -> list[str]:
    """The person's e-mail addresses as they are matched, the primary one first."""
    rows = ContactPoint.objects.filter(contact_id=contact_id, kind=PointKind.EMAIL)
    return list(rows.order_by("-is_primary", "pk").values_list("normalised", flat=True))


def own_addresses_of(contact_id: int) -> list[str]:
    """Those of the addresses that nobody else has: shared ones stay somebody's."""
    mine = addresses_of(contact_id)
    others = ContactPoint.objects.filter(kind=PointKind.EMAIL, normalised__in=mine).exclude(
        contact_id=contact_id
    )
    shared = set(others.values_list("normalised", flat=True))
    return [address for address in mine if address not in shared]


REACH = (PointKind.EMAIL, PointKind.PHONE, PointKind.MOBILE)


def own_reach_of(contact_id: int) -> list[str]:
    """The person's normalised addresses and numbers that nobody else has."""
    mine = set(
        ContactPoint.objects.filter(contact_id=contact_id, kind__in=REACH).values_list(
            "normalised", flat=True
        )
    )
    others = ContactPoint.objects.filter(normalised__in=mine, kind__in=REACH).exclude(contact_id=contact_id)
    return sorted(mine - set(others.values_list("normalised", flat=True)) - {""})


def own_names_of(ids: Sequence[int]) -> list[str]:
    """The full names of records that are one person; none that is a single word, or that somebody else has too,
    case and accents aside."""
    rows = Contact.all_objects.filter(pk__in=ids).values_list("name", "sort_name")
    mine = {name: key for name, key in rows if len(name.split()) > 1}
    alike = Q(name__in=mine) | Q(sort_name__in=set(mine.values()) - {""})
    taken = set(Contact.objects.filter(alike).exclude(pk__in=ids).values_list("name", "sort_name"))
    shared = {word for pair in taken for word in pair if word}
    return sorted(name for name, key in mine.items() if not shared & {name, key})


def opt_ins_of(contact_id: int) -> QuerySet[OptIn]:
    """Confirmations asked of the person, or of an address that only they have."""
    return OptIn.objects.filter(
        Q(contact_id=contact_id) | Q(address__in=own_addresses_of(contact_id), contact=None)
    )


def contacts_at(address: str) -> list[Contact]:
    """Everybody with this e-mail address, those in the recycle bin too."""
    points = ContactPoint.objects.filter(kind=PointKind.EMAIL, normalised=address, contact__isnull=False)
    return list(Contact.all_objects.filter(pk__in=points.values("contact_id")).order_by("pk"))


def suppressions_of(contact_id: int) -> QuerySet[Suppression]:
    """What is noted about addresses that only this person has."""
    return Suppression.objects.filter(address__in=own_addresses_of(contact_id))


def activities_of(contact_id: int) -> QuerySet[Activity]:
    rows: QuerySet[Activity] = Activity.all_objects.filter(contact_id=contact_id)
    return rows


def timeline_of_person(contact_id: int) -> QuerySet[TimelineEntry]:
    """The person's own lines, and those of others that name the person (joined us, reports to)."""
    rows: QuerySet[TimelineEntry] = TimelineEntry.objects.filter(
        Q(contact_id=contact_id) | Q(record_type="contact", object_id=contact_id)
    )
    return rows


def comments_of(contact_id: int) -> QuerySet[Comment]:
    """What was said about the person and about what was done with them."""
    done: Any = activities_of(contact_id).values("pk")
    rows: QuerySet[Comment] = Comment.objects.filter(
        Q(record_type="contact", object_id=contact_id) | Q(record_type="activity", object_id__in=done)
    )
    return rows


def files_of(contact_id: int) -> QuerySet[File]:
    """Files on the person and on what was done with them, those in the recycle bin too; and the files of
    documents that belong to nobody and nothing else."""
    done: Any = activities_of(contact_id).values("pk")
    mine = DocumentLink.objects.filter(record_type="contact", object_id=contact_id)
    shared = DocumentLink.objects.exclude(record_type="contact", object_id=contact_id)
    documents: Any = mine.exclude(document__in=shared.values("document")).values("document")
    rows: QuerySet[File] = File.all_objects.filter(
        Q(attached_type="contact", attached_id=contact_id)
        | Q(attached_type="activity", attached_id__in=done)
        | Q(attached_type="document", attached_id__in=documents)
    )
    return rows


def notifications_of(contact_id: int) -> QuerySet[Notification]:
    """What inboxes say about the person and about what was done with them."""
    done: Any = activities_of(contact_id).values("pk")
    rows: QuerySet[Notification] = Notification.objects.filter(
        Q(record_type="contact", object_id=contact_id) | Q(record_type="activity", object_id__in=done)
    )
    return rows


def _lines_about(contact_id: int) -> Q:
    """Lines of imported files that became the person or a record that every app says is about them: a ticket, an
    order, what was done with them."""
    theirs = {source.model: source.rows for source in privacy.sources()}
    about = Q()
    for target in imports.all_targets():
        if rows := theirs.get(target.model):
            about |= Q(batch__target=target.key, object_id__in=rows(contact_id).values("pk"))
    return about


def import_rows_of(contact_id: int) -> QuerySet[ImportRow]:
    """Lines of imported files about the person, or that name one of the person's own addresses, numbers or names:
    a line that failed became nothing."""
    wanted = _lines_about(contact_id)
    named = patterns_of(own_reach_of(contact_id), own_names_of([contact_id]))
    if named:
        wanted |= Q(values__iregex="|".join(named))
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(wanted)
    return rows


def imported_files_of(contact_id: int) -> QuerySet[ImportBatch]:
    """Finished imports whose stored file has a line about the person. The file is only kept for
    convenience then: lines that wait for somebody have their values in the ledger."""
    batches = import_rows_of(contact_id).order_by().values("batch")
    rows: QuerySet[ImportBatch] = ImportBatch.objects.filter(pk__in=batches, finished_at__isnull=False)
    return rows


def answers_about(contact_id: int) -> QuerySet[IdempotencyKey]:
    """Kept answers of the API that show the person."""
    rows: QuerySet[IdempotencyKey] = IdempotencyKey.objects.filter(
        body__id=contact_id, body__has_key="lifecycle_stage"
    )
    return rows
