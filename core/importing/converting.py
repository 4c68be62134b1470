"""Lines into rows: each mapped cell parsed in the file's style, words resolved for a whole chunk at once."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.enums import ImportRowFate
from core.importing.keys import clean_external_id
from core.importing.numbers import parse_number
from core.importing.problems import Problem
from core.importing.reading import REPEATED_HEADER, Line
from core.importing.references import Resolver
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue, Style
from core.importing.targets import ImportField, ImportTarget
from core.importing.values import (
    BLANK_WORDS,
    clean_text,
    parse_boolean,
    parse_date,
    parse_integer,
    parse_list,
    parse_moment,
)

MEMO = 50_000  # parsed values kept per column: real columns repeat themselves
MEMO_LENGTH = 120
MAX_LIST = 20_000
SUGGESTED = 300  # different unknown words of a field for which near matches are looked up
NEAR_LOOKUPS = 500  # new words of a run that are compared with what is there
UNSEEN = object()


class Converter:
    """Makes rows of lines. One per run: it remembers what cells and words came to."""

    def __init__(self, context: ImportContext, target: ImportTarget, header: list[str]) -> None:
        fields = {item.key: item for item in target.visible_fields(context.profile)}
        columns: dict[str, str] = context.batch.mapping.get("columns", {})
        self.context = context
        self.columns = [
            _Column(index, name, fields[columns[name]], context)
            for index, name in enumerate(header)
            if columns.get(name) in fields
        ]
        self.required = [item for item in fields.values() if item.required]
        self.constants = {
            key: value
            for key, value in context.batch.mapping.get("constants", {}).items()
            if key in fields and value not in (None, "")
        }
        self.by_key = {column.field.key: column for column in self.columns}

    def convert(self, lines: list[Line]) -> list[Row]:
        """A row for each line, in order; those that can't be read have failed already."""
        rows = [self._row(line) for line in lines]
        for column in self.columns:
            if column.field.resolver is not None:
                self._resolve(column, column.field.resolver, rows)
        for row in rows:
            self._demand(row)
        return rows

    def _row(self, line: Line) -> Row:
        row = Row(line.number, line.cells, {}, original=line.original)
        if line.skip:
            row.fate = ImportRowFate.SKIPPED
            row.problems.append(Problem("mended", line.skip))
        elif line.error == REPEATED_HEADER:
            row.fate = ImportRowFate.SKIPPED
            row.problems.append(Problem("header", _("the line repeats the column names.")))
        elif line.error:
            row.fail(Problem("line", line.error))
        else:
            for column in self.columns:
                column.fill(row, line.cells[column.index])
            for key, value in self.constants.items():
                if key not in row.words:
                    row.values.setdefault(key, value)
        return row

    def _demand(self, row: Row) -> None:
        if row.fate is not None:
            return
        for item in self.required:
            if row.values.get(item.key) is None and row.values.get(item.unless) is None:
                column = self.by_key.get(item.key)
                name = column.name if column else str(item.label)
                waiting = next((p for p in row.problems if p.field == item.key), None)
                message = (
                    _("“%(text)s” is not known. Use a value that exists.") % {"text": waiting.text}
                    if waiting
                    else _("is needed and empty.")
                )
                row.problems = [p for p in row.problems if p.field != item.key]
                row.fail(Problem("required", message, item.key, name, waiting.text if waiting else ""))

    def _resolve(self, column: "_Column", resolver: Resolver, rows: list[Row]) -> None:
        """Put values in the place of words; what nobody knows yet becomes a problem that waits."""
        key = column.field.key
        waiting = [row for row in rows if row.fate is None and key in row.words]
        unseen = {row.words[key] for row in waiting} - column.known.keys()
        if unseen:
            decided = self.context.decisions.get(key, {})
            column.known.update({text: decided[text] for text in unseen & decided.keys()})
            unseen -= decided.keys()
            column.known.update(resolver.find(unseen, self.context.actor, self.context.namespace))
            if resolver.makes_new:
                self._make_new(column, resolver, unseen - column.known.keys())
        for row in waiting:
            text = row.words[key] if column.field.keep_word else row.words.pop(key)
            value = column.known.get(text, UNSEEN)
            if value is not UNSEEN:
                if value is not None:
                    row.values[key] = value
                continue
            if resolver.keeps_text:
                row.values[key] = text
            row.problems.append(self._undecided(column, resolver, text))

    def _make_new(self, column: "_Column", resolver: Resolver, texts: set[str]) -> None:
        """Words that resemble nothing known are new, and so are all of a file that knows `NEAR_LOOKUPS` of them: what
        they resemble is then left to the nightly search for duplicates."""
        for text in sorted(texts):
            column.looked_up += 1
            if column.looked_up > NEAR_LOOKUPS or not resolver.suggestions(text, self.context.actor):
                column.known[text] = resolver.new(text)

    def _undecided(self, column: "_Column", resolver: Resolver, text: str) -> Problem:
        problem = column.undecided.get(text)
        if problem is None:
            wanted = len(column.undecided) < SUGGESTED and not column.field.later
            near = resolver.suggestions(text, self.context.actor) if wanted else []
            message = (
                _("“%(text)s” is not known; did you mean “%(near)s”?") % {"text": text, "near": near[0].label}
                if near
                else _("“%(text)s” is not known.") % {"text": text}
            )
            code = "near" if near else "unknown"
            problem = Problem(code, message, column.field.key, column.name, text, near)
            column.undecided[text] = problem
        return problem

    def forget_unknown(self) -> None:
        """Look unknown words up again: rows written since may have brought them."""
        for column in self.columns:
            column.undecided.clear()


class _Column:
    """A mapped column: what parses its cells, with a memory."""

    def __init__(self, index: int, name: str, field: ImportField, context: ImportContext) -> None:
        self.index, self.name, self.field = index, name, field
        self.known: dict[str, Any] = {}
        self.undecided: dict[str, Problem] = {}
        self.looked_up = 0
        self._parse = parser_for(field, context, context.style_of(name))
        self._blank = BLANK_WORDS - field.meant
        self._memory: dict[str, Any] = {}

    def fill(self, row: Row, cell: str) -> None:
        value = self._memory.get(cell, UNSEEN)
        if value is UNSEEN:
            value = self._read(cell)
            if len(self._memory) < MEMO and len(cell) < MEMO_LENGTH:
                self._memory[cell] = value
        if value is None:
            return
        if isinstance(value, BadValue):
            row.fail(Problem("value", str(value), self.field.key, self.name, cell[:200]))
        elif self.field.kind == "reference":
            row.words[self.field.key] = value
        else:
            row.values[self.field.key] = value
            if self.field.keep_word:
                row.words[self.field.key] = cell.strip()

    def _read(self, cell: str) -> Any:
        text = cell.strip()
        if not text or (self.field.kind != "text" and text.casefold() in self._blank):
            return None
        try:
            value = self._parse(text)
            if self.field.kind == "list" or self.field.several:
                return [self.field.clean(item) for item in value] if self.field.clean else value
            return self.field.clean(value) if self.field.clean else value
        except BadValue as error:
            return error


def parser_for(field: ImportField, context: ImportContext, style: Style) -> Callable[[str], Any]:
    """The function that makes a value of this field's text in `style`; it raises BadValue."""
    zone, cell = context.zone, context.is_table
    if field.of_program:
        limit, namespace = field.max_length, context.namespace
        return lambda text: clean_external_id(namespace, clean_text(text, limit, cell=cell))
    if field.kind in ("number", "money"):
        return lambda text: parse_number(text, style)
    if field.kind == "integer":
        return lambda text: parse_integer(text, style)
    if field.kind == "date":
        return lambda text: parse_date(text, style, zone)
    if field.kind == "moment":
        return lambda text: parse_moment(text, style, zone)
    if field.kind == "boolean":
        return parse_boolean
    if field.kind == "list" or field.several:
        return lambda text: parse_list(
            clean_text(text, field.max_length or MAX_LIST, cell=cell), commas=field.commas
        )
    return lambda text: clean_text(text, field.max_length, cell=cell)
