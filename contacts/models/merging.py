"""What merging leaves behind: who was merged into whom, each step of it, and the old ids."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import MergeOrigin, MergePolicy, StepKind
from contacts.models.parties import Company, Contact
from contacts.models.reach import one_party
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope


class MergeLog(BaseModel):
    """One merge: `merged_ids` became `survivor_id`. `contact` or `company` is the record as it is live now
    (it follows later merges). `choices` are the fields that somebody chose, with the record each came from;
    `marks` the highest key of each linked table then, by which rows written since are told apart.

    `erased_at` says that a person in it was erased: its steps are gone and it can't be undone.
    """

    record_type = models.CharField(max_length=40)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="merges")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="merges")
    survivor_id = models.BigIntegerField()
    merged_ids = ArrayField(models.BigIntegerField())
    origin = models.CharField(_("how"), max_length=8, choices=MergeOrigin.choices, default=MergeOrigin.PAGE)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    choices = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    kept = models.JSONField(default=list)
    erased_at = models.DateTimeField(null=True)

    history = False  # it is itself the record of what was done, and is only ever added to
    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="record_type contact company survivor_id merged_ids origin reason actor at choices marks rows"
        " undone_at undone_by kept erased_at"
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints: ClassVar = [one_party("contacts_mergelog_one_party")]
        indexes: ClassVar = [
            models.Index(fields=["record_type", "survivor_id"], name="contacts_mergelog_survivor")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.survivor_id} ← {', '.join(map(str, self.merged_ids))}"


class MergeStep(models.Model):
    """One thing that a merge did to rows of one table, in order.

    A move (`M`) turned the value `before` of one column into `after` on all rows `ids`; a change (`U`)
    replaced values of one row; a removal (`D`) keeps the whole row, an addition (`I`) the row as written.
    """

    log = models.ForeignKey(MergeLog, on_delete=models.CASCADE, related_name="steps")
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=1, choices=StepKind.choices)
    ids = ArrayField(models.BigIntegerField())
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    history = False  # a journal, written once
    scope = ParentScope("log")
    privacy = classify(technical="id log label kind ids", content_row="before after", base=())

    class Meta:
        verbose_name = _("step of a merge")
        verbose_name_plural = _("steps of a merge")

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class Alias(BaseModel):
    """That an old id means a live record, for ever. Later merges move `live_id` on, so that one look
    suffices."""

    record_type = models.CharField(max_length=40)
    old_id = models.BigIntegerField()
    live_id = models.BigIntegerField()

    history = False  # merges are its history
    scope = SharedScope("contact")
    privacy = classify(technical="record_type old_id live_id")

    class Meta:
        verbose_name = _("old id")
        verbose_name_plural = _("old ids")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_type", "old_id"], name="contacts_alias_once"),
            models.CheckConstraint(
                condition=~models.Q(old_id=models.F("live_id")), name="contacts_alias_not_itself"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["record_type", "live_id"], name="contacts_alias_live")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.old_id} → {self.live_id}"


class MergeRule(BaseModel):
    """An administrator's word on which value of a field a merge proposes."""

    record_type = models.CharField(
        _("record type"), max_length=40, choices=[("contact", _("Contact")), ("company", _("Company"))]
    )
    field = models.CharField(_("field"), max_length=60)
    policy = models.CharField(_("takes"), max_length=10, choices=MergePolicy.choices)

    scope = SharedScope("contact")
    privacy = classify(technical="record_type field policy")

    class Meta:
        verbose_name = _("merge rule")
        verbose_name_plural = _("merge rules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record_type", "field"],
                name="contacts_mergerule_once",
                violation_error_message=_("There is a rule for this field."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_type}.{self.field}: {self.get_policy_display()}"
