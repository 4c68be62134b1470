"""Links to records of other floors by type and id."""

from core.registries import records


def record_url(record_type: str, pk: int | None) -> str:
    """The page of a record, or an empty string for none."""
    return records.get(record_type).url_of(pk) if pk is not None and records.known(record_type) else ""
