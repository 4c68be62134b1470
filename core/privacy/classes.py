"""How a field is classified for privacy: written beside every model, demanded by a test."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field's value is to a person's privacy."""

    TECHNICAL = "technical"  # keys, counters, states: says nothing about a person
    BUSINESS = "business"  # about deals, products, companies
    PERSONAL = "personal"  # about an identifiable person
    CONTENT = "content"  # free text or files, in which anything may be written


class Eraser(StrEnum):
    """What erasing a person does to the value."""

    KEEP = "keep"
    BLANK = "blank"  # the empty string
    NULL = "null"
    ROW = "row"  # the whole row is deleted
    TOKEN = "token"  # noqa: S105  (a random word keeps uniqueness without meaning)


@dataclass(frozen=True)
class Classification:
    """A field's kind, what erasure does to it, and whether an access request contains it."""

    kind: Kind
    eraser: Eraser = Eraser.KEEP
    exported: bool = False


TECHNICAL = Classification(Kind.TECHNICAL)
BUSINESS = Classification(Kind.BUSINESS, exported=True)
BASE_FIELDS = ("id", "created_at", "updated_at", "version", "deleted_at", "owner", "team")


def personal(eraser: Eraser) -> Classification:
    return Classification(Kind.PERSONAL, eraser, exported=True)


def content(eraser: Eraser) -> Classification:
    return Classification(Kind.CONTENT, eraser, exported=True)


def classify(
    *,
    technical: str = "",
    business: str = "",
    blank: str = "",
    null: str = "",
    row: str = "",
    token: str = "",
    content_blank: str = "",
    content_row: str = "",
    base: Iterable[str] = BASE_FIELDS,
) -> dict[str, Classification]:
    """A model's classification from space-separated field names; the fields of `Record` are technical.

    `blank`, `null`, `row` and `token` are personal fields named by what erasure does to them;
    `content_*` are free texts.
    """
    table: dict[str, Classification] = dict.fromkeys(base, TECHNICAL)
    groups = (
        (technical, TECHNICAL),
        (business, BUSINESS),
        (blank, personal(Eraser.BLANK)),
        (null, personal(Eraser.NULL)),
        (row, personal(Eraser.ROW)),
        (token, personal(Eraser.TOKEN)),
        (content_blank, content(Eraser.BLANK)),
        (content_row, content(Eraser.ROW)),
    )
    for names, classification in groups:
        table.update(dict.fromkeys(names.split(), classification))
    return table
