"""Record types: how core names, links, finds and checks records it knows nothing else about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from core.places import place

PLACEHOLDER = 987654321012345
"""A pk that no record has: a list's URLs are reversed once and the number replaced for each row."""


@dataclass(frozen=True)
class SearchHit:
    """One line of the palette or of global search."""

    record_type: str
    object_id: int
    title: str
    subtitle: str
    url: str


@dataclass(frozen=True)
class RecordType:
    """What core needs to know about a type. `search(user, text, limit)` returns hits in the user's scope."""

    key: str
    model: type[Model]
    label: str | Promise
    plural: str | Promise
    icon: str
    list_url: str = ""  # URL names: `contacts:contact_list`
    detail_url: str = ""
    create_url: str = ""
    search: Callable[[Any, str, int], Sequence[SearchHit]] | None = None
    title: Callable[[Any], str] = str
    capabilities: tuple[str, ...] = ()
    restorable: bool = True
    merge_url: str = ""  # the URL name of the page that makes one record of those in `?ids=`

    def url_of(self, object_id: int) -> str:
        """The page of a record, or an empty string for types without pages."""
        return self.url_maker()(object_id)

    def merge_url_of(self, object_id: int) -> str:
        """Where to choose what a record is merged with; empty for types that are not merged."""
        return f"{place(self.merge_url)}?ids={object_id}" if self.merge_url else ""

    def url_maker(self) -> Callable[[int], str]:
        """`url_of` for many records: the URL is worked out once."""
        url = place(self.detail_url, PLACEHOLDER) if self.detail_url else ""
        before, _number, after = url.partition(str(PLACEHOLDER))
        return (lambda object_id: f"{before}{object_id}{after}") if before else (lambda object_id: "")

    def visible_to(self, user: Any, action: str = "view") -> QuerySet[Any]:
        return self.model.objects.visible_to(user, action)  # type: ignore[attr-defined, no-any-return]


_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> RecordType:
    if record_type.key in _types and _types[record_type.key].model is not record_type.model:
        raise ValueError(f"record type {record_type.key} is registered already")
    _types[record_type.key] = record_type
    return record_type


def get(key: str) -> RecordType:
    """Raises KeyError for an unknown key; check keys that come from outside with `known`."""
    return _types[key]


def known(key: str) -> bool:
    return key in _types


def all_types() -> list[RecordType]:
    return list(_types.values())


def of(record: Model) -> RecordType:
    """The type of a record instance."""
    return _types[record.record_type]  # type: ignore[attr-defined]


def resolve(key: str, object_id: int, user: Any) -> Model | None:
    """The record a link by type and id means, if `user` may see it."""
    if key not in _types:
        return None
    return _types[key].visible_to(user).filter(pk=object_id).first()
