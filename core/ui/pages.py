"""Which page class shows a record type, for fragments that need to look like their page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.ui.records import RecordPage

_record_pages: dict[str, type["RecordPage"]] = {}


def register_record_page(record_type: str, page: type["RecordPage"]) -> None:
    _record_pages.setdefault(record_type, page)


def record_page_for(record_type: str) -> type["RecordPage"] | None:
    return _record_pages.get(record_type)
