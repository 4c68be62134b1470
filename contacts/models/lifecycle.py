"""How people move between lifecycle stages: rules that administrators write, and every move that was made."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.enums import LifecycleStage
from contacts.models.parties import Contact
from core.models import Record, ScopedManager
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope


class LifecycleRule(Record):
    """That people may move from a stage (from any, when empty) to another where the condition is true of
    them. An automatic one moves them by itself. Where no rule starts from a stage, every move is free."""

    name = models.CharField(_("name"), max_length=120)
    from_stage = models.CharField(_("from"), max_length=12, choices=LifecycleStage.choices, blank=True)
    to_stage = models.CharField(_("to"), max_length=12, choices=LifecycleStage.choices)
    rule = models.JSONField(default=dict, blank=True)
    is_automatic = models.BooleanField(_("moves people by itself"), default=False)
    is_active = models.BooleanField(_("in force"), default=True)

    record_type: ClassVar[str] = "lifecycle_rule"
    scope = SharedScope()
    privacy = classify(technical="name from_stage to_stage rule is_automatic is_active")

    class Meta(Record.Meta):
        verbose_name = _("lifecycle rule")
        verbose_name_plural = _("lifecycle rules")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(from_stage=models.F("to_stage")),
                name="contacts_lifecyclerule_moves",
                violation_error_message=_("A rule leads to another stage than it starts from."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class LifecycleChange(models.Model):
    """One move of a person, whoever or whatever made it. Written by a trigger of the contacts' table, so
    that no bulk write is missed; `cause` is the history's word (`page`, `api:7`, `import:12`,
    `lifecycle:3` for rule 3). Merging people is no move."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="lifecycle_changes")
    before = models.CharField(max_length=12, choices=LifecycleStage.choices)
    after = models.CharField(max_length=12, choices=LifecycleStage.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=60)

    history = False  # it is itself a history, written by a trigger
    objects = ScopedManager()
    scope = ParentScope("contact")
    privacy = classify(technical="id contact actor cause", business="before after at", base=())

    class Meta:
        verbose_name = _("lifecycle move")
        verbose_name_plural = _("lifecycle moves")
        indexes: ClassVar = [
            models.Index(fields=["contact", "-at", "-id"], name="contacts_lifecycle_contact")
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
