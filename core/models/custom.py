"""Custom fields: their definitions, and the column that holds their values."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.enums import CustomIndexState, CustomKind
from core.models.base import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope

custom_key = RegexValidator(
    r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
    _("Use small letters, digits and single underscores, beginning with a letter, such as contract_end."),
)


class CustomValues(models.Model):
    """What a record type needs for custom fields: the values by key, typed as `core.custom_fields.values`
    says. The change history keeps them key by key, so that undoing one leaves the others alone."""

    custom = models.JSONField(_("custom fields"), default=dict, db_default={}, blank=True, editable=False)

    history_by_key: ClassVar[tuple[str, ...]] = ("custom",)

    class Meta:
        abstract = True


class CustomField(BaseModel):
    """What an administrator added to a record type. `key` is its name in the API and in files and never
    changes; an archived definition keeps its key and the records keep their values."""

    record_type = models.CharField(_("record type"), max_length=40)
    key = models.CharField(_("key"), max_length=40, validators=[custom_key])
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomKind.choices, default=CustomKind.TEXT)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    default = models.JSONField(_("default"), null=True, blank=True)
    ref_type = models.CharField(_("links to"), max_length=40, blank=True)
    formula = models.TextField(_("formula"), max_length=1000, blank=True)
    result_kind = models.CharField(_("result"), max_length=10, blank=True, editable=False)
    position = models.PositiveIntegerField(_("position"), default=100)
    section = models.CharField(_("section"), max_length=80, blank=True)
    required = models.BooleanField(_("required"), default=False)
    visible_when = models.JSONField(_("shown when"), null=True, blank=True)
    required_when = models.JSONField(_("required when"), null=True, blank=True)
    options_when = models.JSONField(_("options when"), default=dict, blank=True)
    searchable = models.BooleanField(_("found by search"), default=False)
    indexed = models.BooleanField(_("indexed"), default=False)
    personal = models.BooleanField(_("personal data"), default=True)
    index_state = models.CharField(
        _("index"), max_length=8, choices=CustomIndexState.choices, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    scope = SharedScope("custom_field")
    privacy = classify(
        technical="record_type key kind options default ref_type formula result_kind position section required"
        " visible_when required_when options_when searchable indexed personal index_state"
        " archived_at label help_text",
    )

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering: ClassVar = ["record_type", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record_type", "key"],
                name="core_customfield_key_once",
                violation_error_message=_("There is a field with this key already, perhaps archived."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def as_words(self) -> str:
        """With its kind, its options or formula, and whether it is archived."""
        options = " / ".join(str(option["label"]) for option in self.options if not option.get("retired"))
        archived = gettext("Archived") if self.archived_at else ""
        parts = (self.label, str(self.get_kind_display()), options, self.formula, self.help_text, archived)
        return ", ".join(part for part in parts if part)
