"""What makes a screen one's own: saved views, favourites, notifications, comments, tags, files."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.enums import TagColour, Visibility
from core.models.base import BaseModel, Record
from core.privacy.classes import classify
from core.scope.rules import PersonalScope, SharedScope


class SavedView(BaseModel):
    """A list's query string under a name: filters, sort, columns and layout."""

    record_type = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    visibility = models.CharField(
        _("who sees it"), max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    owner = models.ForeignKey("core.User", null=True, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey("core.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    scope = PersonalScope("owner")
    privacy = classify(technical="record_type name query visibility position")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record_type", "position"], name="core_savedview_type")]

    def __str__(self) -> str:
        return self.name


class Favourite(BaseModel):
    """A record that a person keeps in the sidebar (`starred`) or follows (`following`)."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="favourites")
    record_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    starred = models.BooleanField(default=False)
    following = models.BooleanField(default=False)

    scope = PersonalScope()
    privacy = classify(technical="user record_type object_id starred following")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "record_type", "object_id"], name="core_favourite_once")
        ]
        indexes: ClassVar = [models.Index(fields=["record_type", "object_id"], name="core_favourite_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.object_id}"


class Notification(BaseModel):
    """Something in a person's inbox, with a link to the record it is about."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    record_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=400, blank=True)
    read_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=200, null=True)

    history = False  # a copy of what the record itself says
    scope = PersonalScope()
    privacy = classify(
        technical="user kind record_type object_id url read_at dedupe_key", content_blank="text"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "dedupe_key"], name="core_notification_once")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="core_notification_inbox")]

    def __str__(self) -> str:
        return self.text


class Tag(BaseModel):
    """A word that people put on records of any type."""

    name = models.CharField(_("name"), max_length=60)
    colour = models.PositiveSmallIntegerField(default=7)

    record_type: ClassVar[str] = "tag"
    scope = SharedScope()
    privacy = classify(business="name", technical="colour")

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="core_tag_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def as_words(self) -> str:
        """With its colour, which is all that may differ."""
        return f"{self.name} ({TagColour(self.colour).label})"


class File(Record):
    """An uploaded file on a record; its type is what its bytes say, not its name."""

    attached_type = models.CharField(max_length=40)
    attached_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=255)
    content = models.FileField(upload_to="files/%Y/%m/", max_length=300)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    record_type: ClassVar[str] = "file"
    privacy = classify(
        technical="attached_type attached_id media_type size sha256", content_row="name content"
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["attached_type", "attached_id"], name="core_file_attached")]

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(BaseModel):
    """The answer given to an API request under a client's Idempotency-Key, to be given again for a day
    (`core.services.expiry`)."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)

    history = False  # a cache of answers
    scope = PersonalScope()
    privacy = classify(technical="user key request_digest status headers", content_row="body")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="core_idempotencykey_once")
        ]

    def __str__(self) -> str:
        return self.key


class ApiToken(BaseModel):
    """A personal token: only its SHA-256 is kept. `scopes` are `*:read`, `*:write`, `deal:read`…"""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)

    scope = PersonalScope()
    privacy = classify(technical="user name prefix digest scopes last_used_at expires_at revoked_at")

    def __str__(self) -> str:
        return self.name
