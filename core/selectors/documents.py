"""Documents of the library in the viewer's scope."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from core.models import Document, DocumentLink, File
from core.registries import records

SHOWN = 50


@dataclass(frozen=True)
class LinkedRecord:
    """A record that a document belongs to, as the viewer may see it."""

    link: DocumentLink
    record: Any
    label: str
    url: str


def documents_on(record_type: str, object_id: int, user: Any) -> list[Document]:
    """The documents of a record that the viewer may see, by name, each with `newest_file`."""
    links = DocumentLink.objects.filter(record_type=record_type, object_id=object_id)
    rows = Document.objects.visible_to(user).filter(pk__in=links.values("document"))
    return list(with_newest_file(rows).order_by("name", "pk")[:SHOWN])


def with_newest_file(rows: QuerySet[Document]) -> QuerySet[Document]:
    """`rows` with the id of the newest version and its type and size."""
    newest = File.objects.filter(attached_type="document", attached_id=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        newest_file=Subquery(newest.values("pk")[:1]),
        newest_type=Subquery(newest.values("media_type")[:1]),
        newest_size=Subquery(newest.values("size")[:1]),
    )


def linked_records(document: Document, user: Any) -> list[LinkedRecord]:
    """The records that a document belongs to, those out of the viewer's scope left out; a query a type."""
    links = list(DocumentLink.objects.filter(document=document).order_by("record_type", "pk")[:SHOWN])
    found = []
    for key in dict.fromkeys(link.record_type for link in links if records.known(link.record_type)):
        kind = records.get(key)
        mine = {link.object_id: link for link in links if link.record_type == key}
        for record in kind.visible_to(user).filter(pk__in=list(mine)).order_by("pk"):
            found.append(LinkedRecord(mine[record.pk], record, str(kind.label), kind.url_of(record.pk)))
    return found
