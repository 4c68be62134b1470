"""Relationships between people: written once, read from both ends."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.events import ContactChanged
from contacts.models import Contact, Relationship, RelationshipKind
from contacts.services.timeline import Happening, record_timeline
from core.enums import Action
from core.events import publish
from core.services.base import hold_state, require_on, service

STANDARD = (
    ("reports_to", gettext_lazy("reports to"), gettext_lazy("is manager of"), False, True, 10),
    ("referred_by", gettext_lazy("was referred by"), gettext_lazy("referred"), False, False, 20),
    ("household", gettext_lazy("shares a household with"), "", True, False, 30),
)
ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT %(start)s::bigint
    UNION
    SELECT r.other_id FROM contacts_relationship r JOIN above ON r.contact_id = above.id WHERE r.kind_id = %(kind)s
)
SELECT EXISTS (SELECT 1 FROM above WHERE id = %(wanted)s)
"""


@service
def ensure_standard_kinds(*, actor: Any) -> None:
    """The kinds that every installation has; one that was renamed or switched off stays so."""
    for key, name, inverse, symmetric, hierarchy, position in STANDARD:
        RelationshipKind.objects.get_or_create(
            key=key,
            defaults={
                "name": str(name),
                "inverse_name": str(inverse),
                "is_symmetric": symmetric,
                "is_hierarchy": hierarchy,
                "position": position,
            },
        )


@service
def relate(
    *,
    actor: Any,
    contact: Contact,
    other: Contact,
    kind: RelationshipKind,
    note: str = "",
    since: date | None = None,
) -> Relationship:
    """Say that `contact` stands to `other` as `kind` says. Needs the right to change `contact` and to see
    `other`. Raises ValidationError by field: themselves, twice, a second person above, a circle."""
    require_on(actor, contact, Action.CHANGE)
    require_on(actor, other, Action.VIEW)
    first, second = contact, other
    if kind.is_symmetric and first.pk > second.pk:
        first, second = second, first
    if first.pk == second.pk:
        raise ValidationError({"other": _("Nobody stands in a relationship to themselves.")})
    _lock(kind)
    if kind.is_hierarchy:
        _check_hierarchy(first, second, kind)
    relationship = Relationship(contact=first, other=second, kind=kind, note=note.strip(), since=since)
    relationship.full_clean()
    relationship.save()
    _tell(actor, relationship)
    return relationship


@service
def change_relationship(
    *,
    actor: Any,
    relationship: Relationship,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> Relationship:
    """Change the note or since when. Raises ValidationError, StaleRecord, NotAllowed."""
    _require_either(actor, relationship)
    hold_state(relationship, expected_version)
    for name in ("note", "since"):
        if name in changes:
            setattr(relationship, name, changes[name])
    relationship.full_clean()
    relationship.save()
    return relationship


@service
def remove_relationship(
    *, actor: Any, relationship: Relationship, expected_version: int | None = None
) -> None:
    """It ended, or was never true; the history keeps it. Raises StaleRecord, NotAllowed."""
    _require_either(actor, relationship)
    hold_state(relationship, expected_version)
    ids = (relationship.contact_id, relationship.other_id)
    relationship.delete()
    for pk in ids:
        publish(ContactChanged(contact_id=pk))


def _require_either(actor: Any, relationship: Relationship) -> None:
    """The right to change one of the two people is enough; seeing the other is part of it."""
    if actor is None:
        return
    either = (relationship.contact, relationship.other)
    for one, another in (either, either[::-1]):
        if Contact.objects.visible_to(actor, Action.CHANGE).filter(pk=one.pk).exists():
            require_on(actor, another, Action.VIEW)
            return
    require_on(actor, relationship.contact, Action.CHANGE)


def _lock(kind: RelationshipKind) -> None:
    """Two people at once can't close a circle: whoever writes into a hierarchy waits for the other."""
    if kind.is_hierarchy:
        RelationshipKind.objects.select_for_update().filter(pk=kind.pk).first()


def _check_hierarchy(contact: Contact, other: Contact, kind: RelationshipKind) -> None:
    above = Relationship.objects.filter(contact=contact, kind=kind).exclude(other=other)
    if above.exists():
        raise ValidationError(
            {"other": _("There is somebody in this place already: remove that relationship first.")}
        )
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"start": other.pk, "kind": kind.pk, "wanted": contact.pk})
        if cursor.fetchone()[0]:
            raise ValidationError({"other": _("That would be a circle: they stand below this person.")})


def _tell(actor: Any, relationship: Relationship) -> None:
    """A line for each of the two, shown to whom may see the other."""
    kind, now = relationship.kind, timezone.now()
    ends = (
        (relationship.contact, relationship.other, kind.name),
        (relationship.other, relationship.contact, kind.from_other_end),
    )
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.relationship",
                occurred_at=now,
                dedupe_key=f"relationship:{relationship.pk}:{one.pk}",
                contact_id=one.pk,
                actor_id=getattr(actor, "pk", None),
                title=another.name,
                data={"words": words, "note": relationship.note},
                record_type="contact",
                object_id=another.pk,
                counts_as_activity=False,
            )
            for one, another, words in ends
        ],
    )
    for one, _another, _words in ends:
        publish(ContactChanged(contact_id=one.pk))
