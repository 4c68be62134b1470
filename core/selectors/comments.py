"""Comments on a record."""

from core.models import Comment

SHOWN = 50


def comments_on(record_type: str, object_id: int, limit: int = SHOWN) -> list[Comment]:
    """The comments on a record that the caller has found in the viewer's scope, newest first."""
    rows = Comment.objects.filter(record_type=record_type, object_id=object_id)
    return list(rows.select_related("author").order_by("-pk")[:limit])
