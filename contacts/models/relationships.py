"""How people stand to each other: who reports to whom, who sent whom, who lives together."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contacts.models.parties import Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import EveryParentScope, SharedScope


class RelationshipKind(BaseModel):
    """A kind of relationship, read from both ends: «Ada `name` Bob» and «Bob `inverse_name` Ada». In a
    hierarchy everybody has one person above, and nobody is above themselves by any number of steps."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80, help_text=_("Such as “reports to”."))
    inverse_name = models.CharField(
        _("name from the other end"), max_length=80, blank=True, help_text=_("Such as “is manager of”.")
    )
    is_symmetric = models.BooleanField(_("the same from both ends"), default=False)
    is_hierarchy = models.BooleanField(_("one above, no circles"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveIntegerField(_("position"), default=100)

    record_type: ClassVar[str] = "relationship_kind"
    scope = SharedScope()
    privacy = classify(
        technical="key is_symmetric is_hierarchy is_active position", business="name inverse_name"
    )

    class Meta:
        verbose_name = _("kind of relationship")
        verbose_name_plural = _("kinds of relationships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"),
                name="contacts_relationshipkind_name",
                violation_error_message=_("There is a kind of this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_symmetric=False) | models.Q(is_hierarchy=False),
                name="contacts_relationshipkind_direction",
                violation_error_message=_("What is the same from both ends can't have somebody above."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def from_other_end(self) -> str:
        """How the other person reads it."""
        return self.name if self.is_symmetric else self.inverse_name or f"{self.name} ←"


class Relationship(BaseModel):
    """That `contact` stands in a relationship to `other`. Symmetric ones are kept once, the lower id first."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="relationships_from_others")
    kind = models.ForeignKey(RelationshipKind, on_delete=models.PROTECT, related_name="relationships")
    note = models.CharField(_("note"), max_length=300, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)

    scope = EveryParentScope("contact", "other")
    privacy = classify(technical="contact other kind", row="note since")

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "other", "kind"],
                name="contacts_relationship_once",
                violation_error_message=_("They stand in this relationship already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(contact=models.F("other")),
                name="contacts_relationship_two_people",
                violation_error_message=_("Nobody stands in a relationship to themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.kind} {self.other}"

    @property
    def as_words(self) -> str:
        """With since when and the note."""
        since = date_format(self.since, "j M Y") if self.since else ""
        return ", ".join(part for part in (str(self), since, self.note) if part)
