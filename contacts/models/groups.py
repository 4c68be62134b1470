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


class Persona(Record):
    """The people of a segment described as one of them. The figures are worked out from the segment."""

    name = models.CharField(_("name"), max_length=120)
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, related_name="personas"
    )
    description = models.TextField(_("description"), blank=True)
    goals = models.TextField(_("what they want"), blank=True)
    frustrations = models.TextField(_("what gets in their way"), blank=True)
    approach = models.TextField(_("how to talk to them"), blank=True)

    record_type: ClassVar[str] = "persona"
    privacy = classify(business="name description goals frustrations approach", technical="segment")

    class Meta(Record.Meta):
        verbose_name = _("persona")
        verbose_name_plural = _("personas")

    def __str__(self) -> str:
        return self.name
