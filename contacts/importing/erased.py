"""Lines about people who were erased: refused, and not kept. Addresses that were refused before a restore."""

from collections.abc import Iterable

from contacts.importing.points import column_values
from contacts.selectors.tombstones import erased_words, recognised
from contacts.services.refusals import settle_refusals
from core.importing.problems import Problem
from core.importing.rows import Row


def without_erased(rows: list[Row]) -> list[Row]:
    """The rows that bring nobody back who was erased. The others fail, and the ledger forgets what they said:
    it would keep the very data that were erased."""
    reached = {id(row): set(_reach(row)) for row in rows}
    erased, refused = recognised(set().union(*reached.values()))
    if refused:
        settle_refusals(actor=None, addresses=refused)
    for row in rows if erased else ():
        if reached[id(row)] & erased:
            row.fail(Problem("erased", erased_words()))
            row.values.clear()
            row.extras.clear()
            row.cells = []
    return [row for row in rows if row.fate is None]


def _reach(row: Row) -> Iterable[str]:
    found = column_values(row)
    return [*found["emails"], *found["numbers"]]
