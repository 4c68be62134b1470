"""Custom fields in imports: a field for each, and what the rows of a wave make of the column."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.custom_fields.cache import definitions_for
from core.custom_fields.definition import Definition
from core.custom_fields.names import PREFIX, is_custom, key_of
from core.custom_fields.saving import merged
from core.custom_fields.values import Money
from core.custom_fields.words import title_field
from core.enums import CustomKind
from core.importing.numbers import parse_number
from core.importing.problems import Problem
from core.importing.references import ChoiceResolver, RecordResolver
from core.importing.rows import ImportContext, Row, Rule
from core.importing.style import BadValue
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
    )


def _several(one: Definition, text: str) -> list[str]:
    """The options that a cell names, separated by semicolons, lines or commas. Raises BadValue."""
    known = {word.casefold(): value for value, label in one.offered for word in (value, label)}
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
    return FieldSource(partial(import_fields, record_type), _columns)


def fill_custom(
    context: ImportContext, record_type: str, rows: Sequence[Row], *, creating: bool
) -> list[Row]:
    """Work out for each row what its record's column will hold; rows whose values can't stand fail. Returns
    the others."""
    host = hosts.get(record_type)
    definitions = definitions_for(record_type) if host is not None and rows else {}
    if host is None or not definitions:
        return list(rows)
    mapped = {name for name in context.batch.mapping.get("columns", {}).values() if is_custom(name)}
    asked = {key_of(name): None for name in mapped} if creating else {}
    held = {} if creating else _state(host.model, host.plain, rows)
    for row in rows:
        try:
            given = {key_of(n): _value(context, definitions, row, n) for n in row.values if is_custom(n)}
            touched = host.plain.keys() & row.values.keys()
            if creating or given or touched:
                _fill(context, host, row, {**asked, **given}, held.get(row.object_id or 0, {}), creating)
        except BadValue as error:
            row.fail(Problem("value", str(error)))
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                one = definitions.get(key_of(name))
                row.fail(Problem("value", texts[0], name, one.label if one else name))
    return [row for row in rows if row.fate is None]


def _fill(
    context: ImportContext,
    host: CustomHost,
    row: Row,
    given: dict[str, Any],
    before: Mapping[str, Any],
    creating: bool,
) -> None:
    """Keep what the column holds if the row's values are written, and if what is there stays where the rules
    of the run say so. Raises ValidationError."""
    plain = {name: row.values.get(name, before.get(name)) for name in host.plain}
    settled = before.get("custom") or {}
    work = partial(
        merged, host, plain, settled, creating=creating, touched=set(host.plain.keys() & row.values.keys())
    )
    careful = {
        key: value
        for key, value in given.items()
        if key not in settled or context.rule(PREFIX + key) == Rule.OVERWRITE
    }
    written = work(given)
    row.extras[COLUMN] = (written, written if careful == given else work(careful))


def _columns(context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
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


def _value(context: ImportContext, definitions: Mapping[str, Definition], row: Row, name: str) -> Any:
    """A row's value; money is read here, where the file's style and currency are known. Raises BadValue."""
    value, one = row.values[name], definitions.get(key_of(name))
    if one is None or one.kind != CustomKind.MONEY:
        return value
    found = CURRENCY.search(value)
    return Money(
        parse_number(CURRENCY.sub("", value), context.style), found[0] if found else context.currency
    )
