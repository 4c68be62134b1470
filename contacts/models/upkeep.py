"""What keeps segments true while records change. Written by `contacts.segmentation` alone."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from contacts.models.groups import Segment
from contacts.models.parties import Contact
from core.models import ScopedManager
from core.privacy.classes import classify
from core.scope.rules import ParentScope


class VarBitField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `varbit`; in Python a text of noughts and ones."""

    def db_type(self, connection: Any) -> str:
        return "varbit"


class KeptSegment(models.Model):
    """A segment whose members are kept: its place in everybody's bits, and how far it has been filled.

    `fingerprint` is of the rule that the bits answer, segments inside it included; where the segment's rule
    has another one, or `filled_to` (the last contact done) is not null, the bits can't be used yet. `problem`
    says why a rule can't be kept.
    """

    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, primary_key=True, related_name="kept")
    slot = models.PositiveIntegerField(unique=True)
    fingerprint = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    filled_to = models.BigIntegerField(null=True, default=0)
    since = models.DateTimeField(default=timezone.now)
    filled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    history = False  # worked out from the segment's rule
    objects = ScopedManager()
    scope = ParentScope("segment")
    privacy = classify(
        technical="segment slot fingerprint revision filled_to since filled_at problem", base=()
    )

    def __str__(self) -> str:
        return f"{self.segment_id} @ {self.slot}"


class SegmentState(models.Model):
    """The segments that a person is in, one bit each, and when time alone may next change that."""

    contact = models.OneToOneField(
        Contact, primary_key=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    bits = VarBitField()
    due_at = models.DateTimeField(null=True)

    history = False  # worked out from other rows; passages are its history
    objects = ScopedManager()
    scope = ParentScope("contact")
    privacy = classify(technical="contact bits due_at", base=())

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="contacts_segmentstate_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.contact_id)


class SegmentTouch(models.Model):
    """A contact that something was written about since it was last judged; triggers append these."""

    contact = models.ForeignKey(
        Contact, db_constraint=False, db_index=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    source = models.CharField(max_length=63)

    history = False  # a queue
    objects = ScopedManager()
    scope = ParentScope("contact")
    privacy = classify(technical="id contact source", base=())

    def __str__(self) -> str:
        return f"{self.source}: {self.contact_id}"


class SegmentBacklog(models.Model):
    """A contact who waits to be judged anew after a bulk change: once, however much was written about them."""

    contact = models.OneToOneField(
        Contact, primary_key=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )

    history = False  # a queue
    objects = ScopedManager()
    scope = ParentScope("contact")
    privacy = classify(technical="contact", base=())

    def __str__(self) -> str:
        return str(self.contact_id)


class SegmentBaseline(models.Model):
    """The members of a segment among the contacts `first_id` to `last_id` when it was filled."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="baselines")
    revision = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    members = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()

    history = False  # itself a history
    objects = ScopedManager()
    scope = ParentScope("segment")
    privacy = classify(technical="id segment revision first_id last_id members at", base=())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["segment", "revision", "first_id"], name="contacts_segmentbaseline_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}/{self.revision}: {self.first_id}"


class SegmentPassage(models.Model):
    """That a person entered or left a segment after it was filled."""

    segment = models.ForeignKey(Segment, db_index=False, on_delete=models.CASCADE, related_name="passages")
    contact = models.ForeignKey(
        Contact, db_constraint=False, db_index=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    revision = models.PositiveIntegerField()
    entered = models.BooleanField()
    at = models.DateTimeField()

    history = False  # itself a history
    objects = ScopedManager()
    scope = ParentScope("contact")
    privacy = classify(technical="id segment contact revision", row="entered at", base=())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["segment", "at", "id"], name="contacts_passage_segment"),
            models.Index(fields=["contact", "id"], name="contacts_passage_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {'→' if self.entered else '←'} {self.segment_id}"
