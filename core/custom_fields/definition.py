"""A definition as the engine reads it: immutable, parsed once for each version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.conditions.criteria import Kind
from core.conditions.tree import Node, parse
from core.custom_fields.names import PREFIX
from core.enums import CustomIndexState, CustomKind
from core.models import CustomField

CONDITION_KINDS = {
    CustomKind.TEXT: Kind.TEXT,
    CustomKind.LONG_TEXT: Kind.TEXT,
    CustomKind.NUMBER: Kind.NUMBER,
    CustomKind.MONEY: Kind.NUMBER,
    CustomKind.DATE: Kind.DATE,
    CustomKind.BOOLEAN: Kind.BOOL,
    CustomKind.CHOICE: Kind.CHOICE,
    CustomKind.MULTI: Kind.CHOICE,
    CustomKind.LINK: Kind.REF,
}


@dataclass(frozen=True)
class Option:
    """A value that can be chosen. A retired one is shown where it stands and offered no more."""

    value: str
    label: str
    retired: bool = False


@dataclass(frozen=True)
class Definition:
    """A custom field. `name` is its name among other fields, `kind` what an administrator chose, and
    `value_kind` what its values are (a formula's result)."""

    id: int
    record_type: str
    key: str
    label: str
    kind: CustomKind
    help_text: str = ""
    options: tuple[Option, ...] = ()
    default: Any = None
    ref_type: str = ""
    formula: str = ""
    result_kind: str = ""
    section: str = ""
    required: bool = False
    visible_when: Node | None = None
    required_when: Node | None = None
    options_when: Mapping[str, Node] = field(default_factory=dict)
    searchable: bool = False
    indexed: bool = False
    personal: bool = True
    index_ready: bool = False

    @property
    def name(self) -> str:
        return PREFIX + self.key

    @property
    def value_kind(self) -> CustomKind:
        return CustomKind(self.result_kind) if self.kind == CustomKind.FORMULA else self.kind

    @property
    def condition_kind(self) -> Kind:
        return CONDITION_KINDS[self.value_kind]

    @property
    def is_written(self) -> bool:
        """Whether people write it; a formula is worked out."""
        return self.kind != CustomKind.FORMULA

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The options that can be chosen, as (value, label)."""
        return [(option.value, option.label) for option in self.options if not option.retired]

    def label_of(self, value: str) -> str:
        return next((option.label for option in self.options if option.value == value), value)


def definition_of(row: CustomField) -> Definition:
    """The row as a definition. Rows are checked when they are written, so this does not fail."""
    return Definition(
        id=row.pk,
        record_type=row.record_type,
        key=row.key,
        label=row.label,
        kind=CustomKind(row.kind),
        help_text=row.help_text,
        options=tuple(
            Option(str(o["value"]), str(o["label"]), bool(o.get("retired"))) for o in row.options or []
        ),
        default=row.default,
        ref_type=row.ref_type,
        formula=row.formula,
        result_kind=row.result_kind or (CustomKind.TEXT.value if row.kind == CustomKind.FORMULA else ""),
        section=row.section,
        required=row.required,
        visible_when=parse(row.visible_when) if row.visible_when else None,
        required_when=parse(row.required_when) if row.required_when else None,
        options_when={value: parse(tree) for value, tree in (row.options_when or {}).items()},
        searchable=row.searchable,
        indexed=row.indexed,
        personal=row.personal,
        index_ready=row.index_state == CustomIndexState.READY,
    )
