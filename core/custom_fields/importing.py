"""Custom fields in imports: a field for each, and what the rows of a wave make of the column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.custom_fields.cache import definitions_for, held_still
from core.custom_fields.definition import Definition
from core.custom_fields.names import PREFIX, is_custom, key_of
from core.custom_fields.saving import merged
from core.custom_fields.values import Money, clean_value, read
from core.custom_fields.words import plain, title_field
from core.enums import CustomKind
from core.importing.numbers import parse_number
from core.importing.problems import UNDECIDED, Problem
from core.importing.references import ChoiceResolver, RecordResolver
from core.importing.rows import ImportContext, Row, Rule
from core.importing.rules import same
from core.importing.style import BadValue, Style
from core.importing.targets import ImportField
from core.registries import custom_fields as hosts
from core.registries import records
from core.registries.custom_fields import CustomHost
from core.registries.imports import FieldSource

CURRENCY = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
COLUMN = "custom"
KINDS = {
    CustomKind.NUMBER: "number",
    CustomKind.DATE: "date",
    CustomKind.BOOLEAN: "boolean",
    CustomKind.CHOICE: "reference",
    CustomKind.LINK: "reference",
}


def import_fields(record_type: str) -> list[ImportField]:
    """What columns of a file can fill."""
    return [_field(one) for one in definitions_for(record_type).values() if one.is_written]


def _field(one: Definition) -> ImportField:
    resolver: Any = None
    if one.kind == CustomKind.CHOICE:
        resolver = ChoiceResolver(lambda: one.offered)
    elif one.kind == CustomKind.LINK and records.known(one.ref_type):
        model = records.get(one.ref_type).model
        names = {field.name for field in model._meta.concrete_fields}
        resolver = RecordResolver(
            model,
            name_field=title_field(model) or "pk",
            id_fields=("external_id",) if "external_id" in names else (),
            label_field=title_field(model) or "pk",
        )
    return ImportField(
        one.name,
        one.label,
        KINDS.get(one.kind, "text") if one.kind != CustomKind.LINK or resolver else "text",
        synonyms=(one.key, one.label),
        max_length=20_000 if one.kind in (CustomKind.LONG_TEXT, CustomKind.MULTI) else 500,
        resolver=resolver,
        clean=partial(_several, one) if one.kind == CustomKind.MULTI else None,
        meant=frozenset(word.casefold() for option in one.offered for word in option),
    )


def _several(one: Definition, text: str) -> list[str]:
    """The options that a cell names, separated by semicolons, lines or commas. Raises BadValue.

    A retired one is known: whether it may stand there is for the record to say, which may hold it already.
    """
    # labels last: an option may be called as another one is kept
    known = {option.value.casefold(): option.value for option in one.options}
    known |= {option.label.casefold(): option.value for option in one.options if option.retired}
    known |= {label.casefold(): value for value, label in one.offered}
    # the longest first: a label may itself hold what separates labels
    either = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    found, rest = [], text.strip().casefold()
    while rest:
        match = re.match(rf"({either})\s*(?:[;,|\n]\s*|$)", rest)
        if match is None:
            raise BadValue(_("“%(text)s” is not one of the options.") % {"text": rest[:60]})
        found.append(known[match[1]])
        rest = rest[match.end() :]
    return found


def import_source(record_type: str) -> FieldSource:
    """What is registered for a record type's import target."""
    return FieldSource(partial(import_fields, record_type), _columns_of, partial(_worked_out, record_type))


def _worked_out(record_type: str) -> list[str]:
    """What formulas are called: exports have such columns, and no file fills them."""
    return [one.label for one in definitions_for(record_type).values() if not one.is_written]


def fill_custom(
    context: ImportContext, record_type: str, rows: Sequence[Row], *, creating: bool
) -> list[Row]:
    """Work out for each row what its record's column will hold; rows whose values can't stand fail. Returns
    the others."""
    host = hosts.get(record_type)
    definitions = definitions_for(record_type) if host is not None and rows else {}
    if host is None or not definitions:
        return list(rows)
    with held_still():
        _work_out(context, host, definitions, rows, creating)
    return [row for row in rows if row.fate is None]


def _work_out(
    context: ImportContext,
    host: CustomHost,
    definitions: Mapping[str, Definition],
    rows: Sequence[Row],
    creating: bool,
) -> None:
    styles = _styles(context)
    columns = {name: column for column, name in _custom_columns(context).items()}
    asked = {key_of(name): None for name in styles} if creating else {}
    held = {} if creating else _state(host.model, host.plain, rows)
    _settle_words(context, definitions, rows, held)
    for row in rows:
        before = held.get(row.object_id or 0, {})
        given = {key_of(name): value for name, value in _given(context, definitions, row, styles)}
        if row.fate is not None:
            continue
        try:
            given = given if creating else _differing(definitions, given, before.get("custom"))
            touched = {
                name
                for name in host.plain.keys() & row.values.keys()
                if creating or not same(before.get(name), row.values[name])
            }
            if creating or given or touched:
                _fill(context, host, row, {**asked, **given}, before, touched, creating)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                one = definitions.get(key_of(name))
                row.fail(Problem("value", texts[0], name, columns.get(name) or (one.label if one else name)))


def given_values(context: ImportContext, record_type: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What each of the rows brings, by the fields' names; an amount of money that nobody can read fails its row."""
    definitions, styles = definitions_for(record_type), _styles(context)
    found: list[dict[str, Any]] = []
    for row in rows:
        found.append(dict(_given(context, definitions, row, styles)))
    return found


def _given(
    context: ImportContext,
    definitions: Mapping[str, Definition],
    row: Row,
    styles: Mapping[str, Style],
) -> Iterator[tuple[str, Any]]:
    """(field, value) for what the row brings; each that can't be read fails the row by its column's name."""
    for name in row.values:
        if not is_custom(name):
            continue
        try:
            yield name, _value(context, definitions, row, name, styles.get(name, context.style))
        except BadValue as error:
            column = next((one for one, field in _custom_columns(context).items() if field == name), name)
            row.fail(Problem("value", str(error), name, column))


def mean_the_same(definition: Definition | None, first: Any, second: Any) -> bool:
    """Whether two values that files gave for a field are one: 1 and 1.00, options in another order."""
    try:
        if definition is not None:
            return same(clean_value(definition, first), clean_value(definition, second))
    except ValidationError:
        pass  # what can't stand is compared as it was written
    return same(first, second)


def mapped_names(context: ImportContext) -> list[str]:
    """The custom fields that columns fill or that are given for all lines."""
    constants = context.batch.mapping.get("constants", {})
    return [*_custom_columns(context).values(), *(name for name in constants if is_custom(name))]


def column_of(row: Row) -> dict[str, Any] | None:
    """What the record's column will hold, after `fill_custom`; None where the row changes nothing in it."""
    columns = _columns(row)
    return columns.get(COLUMN)


def _styles(context: ImportContext) -> dict[str, Style]:
    return {name: context.style_of(column) for column, name in _custom_columns(context).items()}


def _custom_columns(context: ImportContext) -> dict[str, str]:
    """Column → custom field, as mapped."""
    columns = context.batch.mapping.get("columns", {})
    return {column: name for column, name in columns.items() if is_custom(name)}


def _differing(definitions: Mapping[str, Definition], given: Mapping[str, Any], held: Any) -> dict[str, Any]:
    """The values that the record does not hold already. Rules are demanded of what changes alone: a file that
    says what is there, as an export does, changes nothing and is refused nothing."""

    def is_there(key: str, value: Any) -> bool:
        one = definitions.get(key)
        try:
            return one is not None and same(read(one, held), clean_value(one, value))
        except ValidationError:
            return False

    return {key: value for key, value in given.items() if not is_there(key, value)}


def _settle_words(
    context: ImportContext,
    definitions: Mapping[str, Definition],
    rows: Sequence[Row],
    held: Mapping[int, Mapping[str, Any]],
) -> None:
    """A word that nobody can tell the meaning of, a name that two records have, a retired option, asks for no
    decision where the record holds just what an export calls by that word."""
    doubtful = [
        (row, problem, definitions[key_of(problem.field)])
        for row in rows
        for problem in row.problems
        if problem.code in UNDECIDED and is_custom(problem.field) and key_of(problem.field) in definitions
    ]
    values = [read(one, held.get(row.object_id or 0, {}).get("custom")) for row, _problem, one in doubtful]
    titles = linked_titles(
        context, [(one, value) for (_r, _p, one), value in zip(doubtful, values, strict=True)]
    )
    for (row, problem, one), value in zip(doubtful, values, strict=True):
        told = plain(one, value, titles.get((one.ref_type, value))) if value is not None else None
        if told and str(told).strip().casefold() == problem.text.strip().casefold():
            row.problems.remove(problem)


def linked_titles(
    context: ImportContext, linked: Sequence[tuple[Definition, Any]]
) -> dict[tuple[str, Any], str]:
    """(record type, id) → title of the linked records that the importer may see."""
    found: dict[tuple[str, Any], str] = {}
    for ref_type in {one.ref_type for one, _value in linked if one.kind == CustomKind.LINK}:
        kind = records.get(ref_type) if records.known(ref_type) else None
        title = title_field(kind.model) if kind is not None else ""
        if kind is None or not title:
            continue
        visible = (
            kind.model._default_manager.all() if context.actor is None else kind.visible_to(context.actor)
        )
        ids = {value for one, value in linked if one.ref_type == ref_type and value is not None}
        rows = visible.filter(pk__in=ids).order_by().values_list("pk", title)
        found.update({(ref_type, pk): str(text) for pk, text in rows})
    return found


def _fill(
    context: ImportContext,
    host: CustomHost,
    row: Row,
    given: dict[str, Any],
    before: Mapping[str, Any],
    touched: set[str],
    creating: bool,
) -> None:
    """Keep what the column holds if the row's values are written, and if what is there stays where the rules
    of the run say so. Raises ValidationError."""
    own = {name: row.values.get(name, before.get(name)) for name in host.plain}
    settled = before.get("custom") or {}
    work = partial(merged, host, own, settled, creating=creating, touched=touched)
    careful = {
        key: value
        for key, value in given.items()
        if key not in settled or context.rule(PREFIX + key) == Rule.OVERWRITE
    }
    written = work(given)
    row.extras[COLUMN] = (written, written if careful == given else work(careful))


def _columns_of(context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
    return _columns(row)


def _columns(row: Row) -> dict[str, Any]:
    """The column, once the run has found out whether the record's own values stay."""
    if COLUMN not in row.extras:
        return {}
    written, careful = row.extras[COLUMN]
    stays = any(is_custom(name) for name in row.extras.get("fill", ()))
    return {"custom": careful if stays else written}


def _state(model: Any, plain: Any, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    ids = [row.object_id for row in rows]
    found = model._base_manager.filter(pk__in=ids).values("pk", "custom", *plain)
    return {values["pk"]: values for values in found}


def _value(
    context: ImportContext, definitions: Mapping[str, Definition], row: Row, name: str, style: Style
) -> Any:
    """A row's value; money that nobody has read yet is read here, in the column's `style` and the file's
    currency. Raises BadValue."""
    value, one = row.values[name], definitions.get(key_of(name))
    if one is None or one.kind != CustomKind.MONEY or isinstance(value, Money):
        return value
    found = CURRENCY.search(value)
    return Money(parse_number(CURRENCY.sub("", value), style), found[0] if found else context.currency)
