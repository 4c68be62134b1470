"""Which column fills which field: guessed from names and values, checked, kept as JSON."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.importing.keys import NAMESPACE
from core.importing.layouts import columns_of
from core.importing.problems import FileProblem
from core.importing.reading import OWN_COLUMNS, read_table
from core.importing.rows import Mode, Rule
from core.importing.source import Layout
from core.importing.style import Style
from core.importing.targets import ImportField, ImportTarget
from core.importing.values import BLANK_WORDS, DATE, NAMED_DATE, guess_style
from core.importing.words import best_named
from core.registries.imports import SourceLayout

OWN_ID = "Meridian id"
"""A column of our own exports alone: what the column of our keys is called there."""
SAMPLED = 2000  # lines that the guess looks at
SAMPLED_TEXT = 4_000_000  # letters of them
LOOKED_AT = 200  # lines that are enough to tell people from orders
SURE = 0.82
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"[^\w]{0,3}-?\d[\d.,'\s]*[^\w]{0,3}")
DATE_STYLES = ("ymd", "dmy", "mdy")
CERTAIN = 0.95  # a name like this may hold many values that are wrong
PATTERNS = {
    **dict.fromkeys(("number", "money", "integer"), (NUMBER,)),
    **dict.fromkeys(("date", "moment"), (DATE, NAMED_DATE)),
    "email": (EMAIL,),
}


def sample_of(stream: IO[bytes], layout: Layout) -> tuple[list[str], list[list[str]]]:
    """The header and the cells of the first lines. Raises FileProblem, also for a file without lines."""
    return sample_table(stream, layout)[:2]


def sample_table(stream: IO[bytes], layout: Layout) -> tuple[list[str], list[list[str]], list[str]]:
    """`sample_of`, with what there is to say about the column names."""
    table = read_table(stream, layout)
    lines: list[list[str]] = []
    letters = 0
    for line in islice(table.lines, SAMPLED):
        letters += sum(map(len, line.cells))
        if letters > SAMPLED_TEXT and lines:
            break
        if not line.error:
            lines.append(line.cells)
    if not lines and layout.rows <= 1 and not letters:
        raise FileProblem(gettext_lazy("There are no lines below the column names."))
    return table.header, lines, table.notices


def likeliest_target(
    targets: Iterable[ImportTarget], profile: Any, header: Sequence[str], lines: Sequence[Sequence[str]]
) -> ImportTarget | None:
    """The target that understands more of the columns than any other does, at least half of them, and gets what
    it can't do without; None where the names leave it open."""
    found: list[tuple[int, ImportTarget]] = []
    for target in targets:
        columns = guess_mapping(target, profile, header, lines[:LOOKED_AT])["columns"]
        given = set(columns.values())
        if all(given.intersection(group) for group in target.required_alternatives()):
            found.append((len(given), target))
    most = max((number for number, _target in found), default=0)
    best = [target for number, target in found if number == most]
    return best[0] if len(best) == 1 and most >= max(2, len(header) / 2) else None


def guess_mapping(
    target: ImportTarget,
    profile: Any,
    header: Sequence[str],
    lines: Sequence[Sequence[str]],
    layout: SourceLayout | None = None,
) -> dict[str, Any]:
    """`{"columns": {name: field}, "style": {…}, "styles": {name: {…}}, "ambiguous": [name, …]}`.

    What the layout of another program knows is taken as it says; the other columns are guessed, those that
    nobody understands are left out. Each field is given once, to the column whose name fits best and whose
    values don't contradict. Styles are guessed per column; `ambiguous` are the columns whose dates could be
    read either way.
    """
    samples = {name: [row[i].strip() for row in lines if row[i].strip()] for i, name in enumerate(header)}
    fields = target.visible_fields(profile)
    known = columns_of(layout, header, (item.key for item in fields)) if layout else {}
    columns = {name: key for name, key in known.items() if key}
    taken = set(columns.values())
    passed_over = target.worked_out(ours=OWN_ID in header)
    candidates = [
        # a field's own name counts before the synonyms of another one
        (_fit(item, name, samples[name]), _is_called(item, name), -order, index, item.key, name)
        for index, name in enumerate(header)
        if name not in OWN_COLUMNS and name not in known and name.casefold() not in passed_over
        for order, item in enumerate(fields)
    ]
    for score, _called, _order, _index, key, name in sorted(candidates, reverse=True):
        if score >= SURE and key not in taken and name not in columns:
            columns[name] = key
            taken.add(key)
    ordered = {name: columns[name] for name in header if name in columns}
    return {"columns": ordered, **guess_styles(samples)}


def guess_styles(samples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The style of the file and, where a column shows another one, of the column. A column that shows
    nothing of its own follows the file; where no column shows it, its dates are ambiguous."""
    file_style, doubtful = guess_style(text for values in samples.values() for text in values[:500])
    styles: dict[str, Any] = {}
    ambiguous, shown = [], []
    for name, values in samples.items():
        style, unsure = guess_style(values[:500])
        dated = any(DATE.match(text) for text in values[:500])
        dates = file_style.dates if unsure or not dated else style.dates
        decimal = (
            style.decimal
            if any(char in text for text in values[:500] for char in ".,")
            else file_style.decimal
        )
        if Style(dates, decimal) != file_style:
            styles[name] = Style(dates, decimal).as_json()
        if any((match := DATE.match(text)) and len(match[1]) <= 2 for text in values[:500]):
            shown.append(name)
        if unsure and doubtful:
            ambiguous.append(name)
    return {"style": file_style.as_json(), "styles": styles, "dated": shown, "ambiguous": ambiguous}


def _is_called(item: ImportField, name: str) -> bool:
    return str(item.label).casefold() == name.casefold()


def _fit(item: ImportField, name: str, samples: Sequence[str]) -> float:
    """How well a column fits a field, from 0 to 1."""
    score = best_named(name, [item.key, *item.synonyms, str(item.label)])
    filled = [text for text in samples[:200] if text.casefold() not in BLANK_WORDS]
    if not filled or score < 0.5:
        return score
    pattern = PATTERNS.get(item.kind)
    if pattern is None:
        return score
    share = sum(any(p.fullmatch(text) for p in pattern) for text in filled) / len(filled)
    if share < (0.3 if score >= CERTAIN else 0.8):
        return 0.0
    return max(score, 0.9) if item.kind == "email" else score


def check_mapping(
    target: ImportTarget,
    profile: Any,
    header: Sequence[str],
    mapping: Mapping[str, Any],
) -> list[str]:
    """What is wrong with a mapping, as sentences; an empty list when it can be used."""
    fields = {item.key: item for item in target.visible_fields(profile)}
    columns: Any = mapping.get("columns")
    wrong = _wrong_choices(fields, mapping)
    if wrong:
        return wrong
    if not isinstance(columns, dict) or not columns:
        return [_("No column is mapped to a field. Choose at least one.")]
    for name, key in columns.items():
        if name not in header:
            wrong.append(_("The file has no column “%(name)s”.") % {"name": name})
        elif key not in fields:
            wrong.append(
                _("Column “%(name)s”: there is no field “%(key)s”. The fields are: %(fields)s.")
                % {"name": name, "key": key, "fields": ", ".join(fields)}
            )
    used = list(columns.values())
    for key in sorted({key for key in used if used.count(key) > 1}):
        names = ", ".join(f"“{name}”" for name, value in columns.items() if value == key)
        wrong.append(_("Columns %(names)s fill the same field. Keep one of them.") % {"names": names})
    for item in fields.values():
        if item.required and item.key not in used and item.unless not in used:
            wrong.append(_("No column fills “%(field)s”, which is needed.") % {"field": item.label})
    for group in target.required_alternatives():
        if not set(group) & set(used):
            labels = ", ".join(f"“{fields[key].label}”" for key in group if key in fields)
            wrong.append(_("Choose a column for one of %(fields)s.") % {"fields": labels})
    return wrong


def _wrong_choices(fields: Mapping[str, ImportField], mapping: Mapping[str, Any]) -> list[str]:
    """What is wrong with mode, rules and styles."""
    wrong = []
    rules: Any = mapping.get("rules") or {}
    styles: Any = mapping.get("styles") or {}
    if mapping.get("mode", Mode.UPSERT) not in Mode.values:
        wrong.append(
            _("There is no mode “%(text)s”: use upsert, create or update.") % {"text": mapping["mode"]}
        )
    if not isinstance(rules, dict) or not isinstance(styles, dict):
        return [*wrong, _("Rules and styles are objects by field and by column.")]
    for key, rule in [*rules.items(), ("", mapping.get("rule") or Rule.OVERWRITE)]:
        if rule not in Rule.values:
            wrong.append(_("There is no rule “%(text)s”: use overwrite, fill or newest.") % {"text": rule})
        elif key and key not in fields:
            wrong.append(_("There is no field “%(field)s” for a rule.") % {"field": key})
    wrong += _wrong_constants(fields, mapping)
    for style in [mapping.get("style") or {}, *styles.values()]:
        if not isinstance(style, dict) or not set(style) <= {"dates", "decimal"}:
            wrong.append(_("A style has “dates” and “decimal”."))
        elif style.get("dates", "ymd") not in DATE_STYLES or style.get("decimal", ".") not in (".", ","):
            wrong.append(_("Dates are written ymd, dmy or mdy, decimals with “.” or “,”."))
    return wrong


def _wrong_constants(fields: Mapping[str, ImportField], mapping: Mapping[str, Any]) -> list[str]:
    """What is wrong with whose keys the file holds, and with what all its lines have in common."""
    wrong = []
    namespace: Any = mapping.get("namespace") or ""
    if namespace and not (isinstance(namespace, str) and NAMESPACE.fullmatch(namespace)):
        wrong.append(_("Whose ids they are is said in at most 20 small letters, digits, “-” and “_”."))
    constants: Any = mapping.get("constants") or {}
    if not isinstance(constants, dict):
        return [*wrong, _("Constants are an object by field.")]
    for key, value in constants.items():
        item = fields.get(key)
        if item is None or item.resolver is None:
            wrong.append(_("There is no field “%(field)s” to choose for all lines.") % {"field": key})
        elif value not in (None, "") and value not in [o.value for o in item.resolver.options(None)]:
            wrong.append(_("“%(text)s” is no choice of “%(field)s”.") % {"text": value, "field": item.label})
    return wrong
