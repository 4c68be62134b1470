"""What people say about records, and documents that teams share."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Sharing
from core.models.base import BaseModel, Record
from core.privacy.classes import classify
from core.scope.rules import ParentScope, PersonalScope, SharingScope


class Comment(BaseModel):
    """A remark on a record of any type, by type and id. Everybody who may see the record reads it; its author
    alone changes it: `visible_to` gives one's own."""

    record_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    author = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="comments")
    body = models.TextField(_("comment"), max_length=10_000)
    edited_at = models.DateTimeField(null=True)

    scope = PersonalScope("author")
    privacy = classify(technical="record_type object_id author edited_at", content_row="body")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes: ClassVar = [
            models.Index(fields=["record_type", "object_id", "-id"], name="core_comment_record")
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def as_words(self) -> str:
        """All of what was said."""
        return self.body


class Document(Record):
    """A document of the library: its files are its versions, the newest one counts. Besides owner and team
    it is shown to the teams it is shared with, or to everybody."""

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    sharing = models.CharField(
        _("shared with"), max_length=8, choices=Sharing.choices, default=Sharing.NOBODY
    )
    shared_teams: Any = models.ManyToManyField(
        "core.Team", verbose_name=_("teams"), blank=True, related_name="shared_documents"
    )

    record_type: ClassVar[str] = "document"
    scope = SharingScope()
    privacy = classify(business="name description", technical="sharing shared_teams")

    class Meta(Record.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="core_document_name")]

    def __str__(self) -> str:
        return self.name


class DocumentLink(BaseModel):
    """That a document belongs to a record, by type and id; one document may belong to many."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links")
    record_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    scope = ParentScope("document")
    privacy = classify(technical="document record_type object_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "record_type", "object_id"], name="core_documentlink_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["record_type", "object_id"], name="core_documentlink_record")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.record_type} {self.object_id}"
