"""The change history as models to read: the tables live in the schema `history`, written by triggers only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.privacy.classes import classify
from core.scope.rules import PersonalScope


class TrackedModel(models.Model):
    """A stable small number for each tracked table."""

    id = models.SmallAutoField(primary_key=True)
    label = models.TextField(unique=True)

    scope = PersonalScope("id")
    privacy = classify(technical="id label", base=())

    class Meta:
        managed = False
        db_table = 'history"."model'

    def __str__(self) -> str:
        return self.label


class ChangeSet(models.Model):
    """One transaction's writes: when, by whom, why."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    cause = models.TextField()
    request = models.TextField()

    scope = PersonalScope("actor")
    privacy = classify(technical="id at actor_id cause request", base=())

    class Meta:
        managed = False
        db_table = 'history"."changeset'
        verbose_name = _("change set")

    def __str__(self) -> str:
        return f"{self.pk} {self.cause}"


class Change(models.Model):
    """One row's change: `op` I, U, D or E (erased); `before` holds the values that were replaced."""

    OPERATIONS: ClassVar = {"I": _("created"), "U": _("changed"), "D": _("deleted"), "E": _("erased")}

    at = models.DateTimeField()
    changeset = models.ForeignKey(ChangeSet, on_delete=models.DO_NOTHING, related_name="changes")
    model = models.ForeignKey(TrackedModel, on_delete=models.DO_NOTHING, related_name="+")
    object_id = models.BigIntegerField()
    op = models.CharField(max_length=1)
    before = models.JSONField(null=True)

    scope = PersonalScope("changeset")
    privacy = classify(technical="id at changeset model object_id op", content_blank="before", base=())

    class Meta:
        managed = False
        db_table = 'history"."change'
        verbose_name = _("change")

    def __str__(self) -> str:
        return f"{self.op} {self.object_id}"
