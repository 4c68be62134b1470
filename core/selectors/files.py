"""Files of a record. Who may see the record may see its files."""

from core.models import File


def files_on(record_type: str, object_id: int, limit: int = 50) -> list[File]:
    """The files of a record that the caller has found in the viewer's scope, newest first."""
    rows = File.objects.filter(attached_type=record_type, attached_id=object_id)
    return list(rows.select_related("owner").order_by("-pk")[:limit])
