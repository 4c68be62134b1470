"""What an app says about something that files can fill: fields, and how rows become records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.enums import Action
from core.importing.references import Resolver
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue
from core.registries.imports import field_sources

KINDS = (
    "text", "number", "integer", "money", "date", "moment", "boolean", "email", "phone", "reference", "list",
)  # fmt: skip


@dataclass(frozen=True)
class ImportField:
    """One thing that a column can fill.

    `synonyms` help to guess the column; `resolver` makes words into values (kind `reference`); `clean`
    checks or changes a parsed value (each item of several) and raises `BadValue`; `field` is the record's
    field that roles may hide. `later` marks references that rows further down may define: they are looked up
    again at the end. `unless` names a field that makes a required one dispensable: a record known by our own id
    needs nothing else.
    """

    key: str
    label: str | Promise
    kind: str = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    max_length: int | None = None
    resolver: Resolver | None = None
    clean: Callable[[Any], Any] | None = None
    field: str = ""
    later: bool = False
    identifies: bool = False  # takes part in finding the record a row belongs to
    keep_word: bool = False  # the target wants the word as written too (`row.words`)
    several: bool = False  # a cell may hold several values: the value is a list, as of kind `list`
    commas: bool = False  # of a list: commas stand between its items
    meant: frozenset[str] = frozenset()  # words (small letters) that are values here, as “none” or “unknown”
    unless: str = ""  # of a required one: the field beside which it may be missing
    of_program: bool = False  # a key of the program that the file comes from: kept with that program's name


def clean_record_id(value: int) -> int:
    """A key of our own. Raises BadValue for what can't be one."""
    if not 0 < value < 2**63:
        raise BadValue(_("%(number)s is no id of ours.") % {"number": value})
    return value


class ImportTarget:
    """Base of all targets. A subclass declares the class variables, `fields()` and `apply()`."""

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str] = "file-import"
    record_type: ClassVar[str]
    model: ClassVar[type[Model]]
    uses_currency: ClassVar[bool] = False
    chunk: ClassVar[int] = 5000
    fixed: ClassVar[Sequence[str]] = ()
    """Choices that a person may make once for all lines that bring none of their own."""
    group: ClassVar[str] = ""
    """A field whose equal neighbours stay in one chunk: the lines of an order."""

    def fields(self) -> Sequence[ImportField]:
        raise TypeError(f"{type(self).__name__} declares no fields")

    def all_fields(self) -> list[ImportField]:
        """The target's own fields, then those that other parts add."""
        return [*self.fields(), *(item for source in field_sources(self.key) for item in source.fields())]

    def worked_out(self, *, ours: bool) -> set[str]:
        """Names (in small letters) of columns that our exports have and that no file fills. In a file that is not
        `ours` a field that is called the same may be meant."""
        own = set() if ours else {str(item.label).casefold() for item in self.all_fields()}
        names = (name for source in field_sources(self.key) for name in source.worked_out())
        return {name.casefold() for name in names} - own

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        """Write the rows that have no fate yet, in the running transaction and in few statements, and give
        each its fate and `object_id`. Rows that can't be written get `row.fail(…)`."""
        raise TypeError(f"{type(self).__name__} does not say how it applies rows")

    def resume(self, context: ImportContext) -> None:
        """Called once before the first chunk of a run, a resumed one too: rebuild what is kept in memory."""

    def undone(self, deleted: Mapping[str, Sequence[int]]) -> None:
        """Called in the transaction that undid an import, with the ids of deleted rows by model label: take
        away what hangs on them without a foreign key."""

    def restored(self, ids: Mapping[str, Sequence[int]]) -> None:
        """Called in the same transaction, with the ids of rows that hold their values of before again: tell
        anew what was derived from them."""

    def required_alternatives(self) -> Sequence[tuple[str, ...]]:
        """Groups of fields of which at least one must be mapped (a name or an external id)."""
        return ()

    def visible_fields(self, context_profile: Any) -> list[ImportField]:
        """The fields that the person may write."""
        if context_profile is None:
            return self.all_fields()
        shut = context_profile.hidden_fields(self.record_type) | context_profile.read_only_fields(
            self.record_type
        )
        return [item for item in self.all_fields() if (item.field or item.key) not in shut]

    def allowed(self, profile: Any) -> bool:
        """Whether a person may import into this target at all."""
        return bool(
            profile.can("run_imports")
            and profile.allows(self.record_type, Action.ADD)
            and profile.allows(self.record_type, Action.CHANGE)
        )

    def field_map(self) -> dict[str, ImportField]:
        return {item.key: item for item in self.all_fields()}


@dataclass
class Applied:
    """What a wave of rows came to: pairs of row and record id."""

    created: list[tuple[Row, int]] = field(default_factory=list)
    updated: list[tuple[Row, int]] = field(default_factory=list)
    same: list[tuple[Row, int]] = field(default_factory=list)

    @property
    def everything(self) -> list[tuple[Row, int]]:
        return [*self.created, *self.updated, *self.same]
