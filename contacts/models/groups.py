"""Segments: groups of people by rule or by hand."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import SegmentKind
from contacts.models.parties import Contact
from core.models import BaseModel, Record
from core.privacy.classes import classify
from core.scope.rules import ParentScope


class Segment(Record):
    """A named condition tree over contacts, or a fixed list of them."""

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=SegmentKind.choices, default=SegmentKind.DYNAMIC)
    rule = models.JSONField(_("rule"), default=dict, blank=True)

    record_type: ClassVar[str] = "segment"
    privacy = classify(business="name description kind", technical="rule")

    class Meta(Record.Meta):
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name


class SegmentMember(BaseModel):
    """A member of a static segment."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="static_segments")
    added_at = models.DateTimeField(default=timezone.now)

    scope = ParentScope("segment")
    privacy = classify(technical="segment added_at", row="contact")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["segment", "contact"], name="contacts_segmentmember_once")
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.contact_id}"
