"""Values that were found for people and companies, with where they come from."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import SuggestionState, ValueOrigin
from contacts.models.parties import Company, Contact
from contacts.models.reach import one_party
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope


class ValueSource(BaseModel):
    """A value found for a field, once: where (`source`, `detail`), how sure (`confidence`, in percent), when,
    and whether somebody took it. Nothing is written to the record until a person accepts it."""

    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="value_sources")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="value_sources")
    field = models.CharField(_("field"), max_length=40)
    value = models.CharField(_("value"), max_length=320)
    source = models.CharField(_("source"), max_length=12, choices=ValueOrigin.choices)
    detail = models.CharField(_("where exactly"), max_length=200, blank=True)
    confidence = models.PositiveSmallIntegerField(_("confidence (%)"), validators=[MaxValueValidator(100)])
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=9, choices=SuggestionState.choices, default=SuggestionState.SUGGESTED
    )
    decided_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="contact company field source confidence found_at state decided_by decided_at",
        row="value detail",
    )

    class Meta:
        verbose_name = _("source of a value")
        verbose_name_plural = _("sources of values")
        constraints: ClassVar = [
            one_party("contacts_valuesource_one_party"),
            models.UniqueConstraint(
                fields=["contact", "field", "value"], name="contacts_valuesource_contact"
            ),
            models.UniqueConstraint(
                fields=["company", "field", "value"], name="contacts_valuesource_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
