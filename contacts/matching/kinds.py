"""The two kinds of records that are matched, each with its columns, its shape and its weights."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contacts.matching import companies, company_levels, people, people_levels
from contacts.matching.agreement import Model, Shape, read_weights

_HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Kind:
    """`columns()` takes records by `add` and gives what is compared by `freeze`."""

    key: str
    columns: Callable[[], Any]
    shape: Shape

    @property
    def weights_file(self) -> Path:
        return _HERE / f"weights_{self.key}.csv"


CONTACT = Kind("contact", people.People, people_levels.SHAPE)
COMPANY = Kind("company", companies.Companies, company_levels.SHAPE)
KINDS = {kind.key: kind for kind in (CONTACT, COMPANY)}


@cache
def model_of(kind: Kind) -> Model:
    """The model with the weights that are kept beside this file."""
    return Model(kind.shape, read_weights(kind.weights_file))
