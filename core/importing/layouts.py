"""Recognising the exports of other programs by their columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from core.importing.problems import FileProblem
from core.importing.words import squeezed
from core.registries.imports import SourceLayout, layouts

AUTO, OWN_KINDS = "auto", ("csv", "xlsx", "vcard")
LEAST_SHARE = 0.5  # of the file's columns that a layout without marks has to know
LEAST_COLUMNS = 3


def formats() -> list[str]:
    """What can be said about a file: its kind, or the program it comes from."""
    return [
        AUTO,
        *OWN_KINDS,
        *dict.fromkeys(layout.source for layout in layouts() if layout.source not in OWN_KINDS),
    ]


def recognise(
    header: Sequence[str], *, source: str = AUTO, targets: Iterable[str] = ()
) -> SourceLayout | None:
    """The layout that knows most of the columns, among those of `source` and `targets` where they are given.

    Raises FileProblem when a source was named and none of its layouts fits.
    """
    names = {squeezed(name) for name in header}
    wanted = list(targets)
    named = source not in (AUTO, *OWN_KINDS)
    best: tuple[float, SourceLayout] | None = None
    for layout in layouts():
        own = layout.source in OWN_KINDS  # a kind of file is known by its bytes
        if ((named or own) and layout.source != source) or (wanted and layout.target not in wanted):
            continue
        share = _share(layout, names, named=named or own)
        if share and (best is None or share > best[0]):
            best = share, layout
    if best is not None:
        return best[1]
    if named:
        raise FileProblem(
            gettext_lazy("The columns are not those of an export of %(source)s. Choose another format."),
            source=source,
        )
    return None


def _share(layout: SourceLayout, names: set[str], *, named: bool) -> float:
    """The share of the file's columns that the layout knows; 0 where it is not this layout."""
    known = {squeezed(name) for name in layout.columns} & names
    if len(known) < (1 if named else LEAST_COLUMNS):
        return 0.0
    marks = {squeezed(mark) for mark in layout.marks}
    marked = bool(marks) and marks <= names
    share = len(known) / max(1, len(names))
    if not named and not marked and (marks or share < LEAST_SHARE):
        return 0.0
    return share + marked


def columns_of(layout: SourceLayout, header: Sequence[str], fields: Iterable[str]) -> dict[str, str]:
    """{column of the file: field}, each field once, in the layout's order of preference; a field of "" says
    that the column is known and left out."""
    by_name = {squeezed(name): name for name in header}
    allowed, taken = set(fields), set[str]()
    found: dict[str, str] = {}
    for name, key in layout.columns.items():
        column = by_name.get(squeezed(name))
        if column is None or column in found:
            continue
        if key in allowed and key not in taken:
            found[column] = key
            taken.add(key)
        elif not key or key in taken:
            found[column] = ""  # left out, or said by a column that the layout prefers
    return found


def decisions_of(layout: SourceLayout) -> dict[str, dict[str, Any]]:
    return {key: dict(words) for key, words in layout.decisions.items()}
