"""What an import leaves behind: the batch, and the fate of each of its lines."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import ImportRowFate
from core.models.base import BaseModel
from core.privacy.classes import classify
from core.scope.rules import PersonalScope


class ImportBatch(BaseModel):
    """One file and what was decided about it: target, mapping, options; the job that carried it out.

    `error_file` holds the lines that failed, `kept_file` what undoing left alone. `corrects` is the import
    whose failed lines this file mends: only those are taken.
    """

    target = models.CharField(max_length=40)
    file = models.FileField(upload_to="imports/%Y/%m/", max_length=300)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    owner = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="import_batches")
    counts = models.JSONField(default=dict)
    error_file = models.FileField(upload_to="imports/%Y/%m/", max_length=300, blank=True)
    kept_file = models.FileField(upload_to="imports/%Y/%m/", max_length=300, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    record_type: ClassVar[str] = "import_batch"
    scope = PersonalScope("owner")
    privacy = classify(
        technical="target file_name size encoding delimiter mapping options job counts finished_at undone_at corrects",
        content_row="file error_file kept_file",
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes: ClassVar = [models.Index(fields=["owner", "-id"], name="core_importbatch_owner")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """The fate of one line; `line` is the number in the file as an editor counts it.

    Lines that simply became a record keep no copy of their values; those that failed or wait for a
    person do (`values`), so that nothing is lost. `original_line` is the line in the file that a mended one
    corrects. `source_at` is when the row was last changed where it comes from, `applied_at` when it came.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.BigIntegerField()
    fate = models.CharField(max_length=8, choices=ImportRowFate.choices)
    object_id = models.BigIntegerField(null=True)
    problems = models.JSONField(default=list)
    values = models.JSONField(null=True)
    review = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True)
    original_line = models.BigIntegerField(null=True)
    source_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    history = False  # the ledger itself is a history
    scope = PersonalScope("batch")
    privacy = classify(
        technical="id batch line fate object_id review reviewed_at original_line source_at applied_at",
        content_row="problems values",
        base=(),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "line"], name="core_importrow_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="core_importrow_review", condition=models.Q(review=True)),
            models.Index(fields=["batch", "fate"], name="core_importrow_fate"),
            models.Index(
                fields=["object_id"],
                name="core_importrow_source",
                condition=models.Q(source_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.fate}"


class ImportMapping(BaseModel):
    """A mapping under a name: which columns of a kind of file fill which fields, and how. Its owner's alone, or
    everybody's who may import."""

    target = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    mapping = models.JSONField(default=dict)
    shared = models.BooleanField(_("shared"), default=False)
    owner = models.ForeignKey("core.User", null=True, on_delete=models.CASCADE, related_name="+")

    record_type: ClassVar[str] = "import_mapping"
    scope = PersonalScope("owner")
    privacy = classify(technical="target name mapping shared")

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "target", "name"],
                name="core_importmapping_once",
                violation_error_message=_("You have a mapping of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
