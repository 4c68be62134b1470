"""Comments on records of any type: written by whom may see the record, changed by their author alone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.models import Comment
from core.registries import records
from core.services.base import NotAllowed, hold_state, require, require_on, service
from core.services.following import tell_followers
from core.ui.mentions import notify_mentioned


@service
def add_comment(*, actor: Any, record: Any, body: str) -> Comment:
    """Say something about a record. People mentioned who may see the record, and its followers, are told.
    Raises ValidationError for an empty or endless one, NotAllowed."""
    require(actor, "comment", Action.ADD)
    require_on(actor, record, Action.VIEW)
    comment: Comment = Comment(
        record_type=record.record_type, object_id=record.pk, author=actor, body=_cleaned(body)
    )
    comment.save()
    _tell_mentioned(actor, comment, record)
    tell_followers(
        actor=actor,
        record_type=comment.record_type,
        object_id=comment.object_id,
        text=lambda: _("%(who)s commented") % {"who": actor or _("The system")},
        key=f"comment:{comment.pk}",
    )
    return comment


@service
def change_comment(
    *, actor: Any, comment: Comment, body: str, expected_version: int | None = None
) -> Comment:
    """Change one's own comment; people newly mentioned are told. Raises ValidationError, StaleRecord,
    NotAllowed."""
    record = _own(actor, comment)
    hold_state(comment, expected_version)
    comment.body, comment.edited_at = _cleaned(body), timezone.now()
    comment.save(update_fields=["body", "edited_at", "updated_at"])
    _tell_mentioned(actor, comment, record)
    return comment


@service
def remove_comment(*, actor: Any, comment: Comment, expected_version: int | None = None) -> None:
    """Take one's own comment away; the history keeps it. Raises StaleRecord, NotAllowed."""
    _own(actor, comment)
    hold_state(comment, expected_version)
    comment.delete()


def _own(actor: Any, comment: Comment) -> Any:
    """The comment's record, for its author while they may see the record. Raises NotAllowed."""
    if actor is None or comment.author_id != actor.pk:
        raise NotAllowed(_("Only whoever wrote a comment changes it."))
    record = records.resolve(comment.record_type, comment.object_id, actor)
    if record is None:
        raise NotAllowed(_("Your role does not allow this for this record."))
    return record


def _cleaned(body: str) -> str:
    text = body.replace("\x00", "").strip()
    if not text:
        raise ValidationError({"body": _("Type something.")})
    if len(text) > 10_000:
        raise ValidationError({"body": _("Use at most 10,000 characters.")})
    return text


def _tell_mentioned(actor: Any, comment: Comment, record: Any) -> None:
    notify_mentioned(
        actor=actor,
        text=comment.body,
        message=lambda: (
            _("%(who)s mentioned you in a comment on %(record)s") % {"who": actor, "record": record}
        ),
        record=record,
        url=records.of(record).url_of(record.pk),
        key=f"comment:{comment.pk}",
    )
