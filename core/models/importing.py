"""What an import leaves behind: the batch, and the fate of each of its lines."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import ImportRowFate
from core.models.base import BaseModel
from core.privacy.classes import classify
from core.scope.rules import PersonalScope


class ImportBatch(BaseModel):
    """One file and what was decided about it: target, mapping, options; the job that carried it out."""

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
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    record_type: ClassVar[str] = "import_batch"
    scope = PersonalScope("owner")
    privacy = classify(
        technical="target file_name size encoding delimiter mapping options job counts finished_at undone_at",
        content_row="file error_file",
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
    person do (`values`), so that nothing is lost.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.BigIntegerField()
    fate = models.CharField(max_length=8, choices=ImportRowFate.choices)
    object_id = models.BigIntegerField(null=True)
    problems = models.JSONField(default=list)
    values = models.JSONField(null=True)
    review = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True)

    history = False  # the ledger itself is a history
    scope = PersonalScope("batch")
    privacy = classify(
        technical="id batch line fate object_id review reviewed_at", content_row="problems values", base=()
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "line"], name="core_importrow_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="core_importrow_review", condition=models.Q(review=True)),
            models.Index(fields=["batch", "fate"], name="core_importrow_fate"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.fate}"
