"""People who are compared: rows in, blocks and levels out."""

from collections.abc import Iterator

from contacts.matching.agreement import Levels
from contacts.matching.blocking import Block
from contacts.matching.columns import Codes
from contacts.matching.people_blocks import blocks_of
from contacts.matching.people_columns import PeopleColumns, Population
from contacts.matching.people_levels import SHAPE, levels_of
from contacts.matching.people_rows import PeopleRows


class People(PeopleRows):
    """People added one by one, then frozen into columns."""

    def freeze(self, population: Population | None = None) -> "FrozenPeople":
        """The columns, with `population`'s knowledge of names (without one: their own)."""
        return FrozenPeople(self, population)


class FrozenPeople(PeopleColumns):
    """Columns that are compared."""

    shape = SHAPE

    def blocks(self) -> Iterator[Block]:
        return blocks_of(self)

    def levels(self, left: Codes, right: Codes) -> Levels:
        return levels_of(self, left, right)
