"""Keys that other programs know people and companies by, beside the record's own external id."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope


class ExternalKey(BaseModel):
    """That a program (`hubspot:51`) means a record which another program's key stands on. Merged records are
    followed through their old ids."""

    record_type = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    object_id = models.BigIntegerField()

    scope = SharedScope("contact")
    privacy = classify(technical="record_type key object_id")

    class Meta:
        verbose_name = _("external key")
        verbose_name_plural = _("external keys")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_type", "key"], name="contacts_externalkey_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_type", "object_id"], name="contacts_externalkey_of")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.key}"
