"""What happens to custom values on every way in: typed, checked against the rules, formulas worked out.

`core.services.base.save_changes` calls `for_change`, services that create call `for_new`, imports call
`merged` for each row: nothing else writes the column.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.conditions.criteria import Kind
from core.custom_fields import rules
from core.custom_fields.cache import definitions_for
from core.custom_fields.definition import Definition
from core.custom_fields.formula import Compiled, compile_formula
from core.custom_fields.names import PREFIX
from core.custom_fields.values import Money, check_link, clean_value, read, stored
from core.enums import CustomKind
from core.registries import custom_fields as hosts
from core.registries.custom_fields import CustomHost

FORMULA_KINDS = {
    CustomKind.TEXT: CustomKind.TEXT,
    CustomKind.LONG_TEXT: CustomKind.TEXT,
    CustomKind.CHOICE: CustomKind.TEXT,
    CustomKind.NUMBER: CustomKind.NUMBER,
    CustomKind.MONEY: CustomKind.NUMBER,
    CustomKind.DATE: CustomKind.DATE,
    CustomKind.BOOLEAN: CustomKind.BOOLEAN,
}
PLAIN_KINDS = {
    Kind.TEXT: CustomKind.TEXT,
    Kind.CHOICE: CustomKind.TEXT,
    Kind.NUMBER: CustomKind.NUMBER,
    Kind.DATE: CustomKind.DATE,
    Kind.BOOL: CustomKind.BOOLEAN,
}


def for_new(record_type: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The `custom` of a record that is being created with `values`. What is required is demanded of the keys
    that `custom` names, be it with None: forms, files and the API name all that the person may write. A record
    that comes about by itself (by mail) names none and gets the defaults. Raises ValidationError by name."""
    host = hosts.get(record_type)
    if host is None:
        return {}
    return merged(host, values, {}, values.get("custom") or {}, creating=True)


def for_change(record: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` with `custom` merged into what the record has, and its formulas worked out again where
    something that they read has changed. Raises ValidationError by field name."""
    host = hosts.get(getattr(record, "record_type", ""))
    if host is None or not ("custom" in changes or host.plain.keys() & changes.keys()):
        return dict(changes)
    plain = {name: changes.get(name, getattr(record, name)) for name in host.plain}
    touched = set(host.plain) & set(changes)
    custom = merged(host, plain, record.custom, changes.get("custom") or {}, touched=touched)
    return {**changes, "custom": custom}


def merged(
    host: CustomHost,
    plain: Mapping[str, Any],
    held: Any,
    changes: Mapping[str, Any],
    *,
    creating: bool = False,
    touched: set[str] | None = None,
) -> dict[str, Any]:
    """What the column holds after `changes` (by key, in Python or JSON; None takes a value away).

    `touched` are the record's own fields that change with it: rules are demanded of the fields that `changes`
    names and of those whose conditions read something that changes. Values of other keys stay as they are.
    """
    held = held if isinstance(held, dict) else {}
    definitions = definitions_for(host.record_type)
    if not definitions and not changes:
        return dict(held)
    work = _Merge(host, definitions, plain, held)
    work.take(changes)
    if creating:
        work.add_defaults()
    work.check_rules(set(changes), touched=touched or set(), creating=creating)
    if work.errors:
        raise ValidationError(work.errors)
    return work.result()


class _Merge:
    def __init__(
        self, host: CustomHost, definitions: Mapping[str, Definition], plain: Mapping[str, Any], held: Any
    ) -> None:
        self.definitions, self.held = definitions, held
        self.kinds = rules.kinds_of(host, definitions)
        self.plain = {name: plain.get(name) for name in host.plain}
        self.values = {key: read(one, held) for key, one in definitions.items()}
        self.changed: set[str] = set()
        self.errors: dict[str, list[str]] = {}

    @property
    def context(self) -> dict[str, Any]:
        return {**self.plain, **{PREFIX + key: value for key, value in self.values.items()}}

    def wrong(self, key: str, text: str) -> None:
        self.errors.setdefault(PREFIX + key, []).append(text)

    def take(self, changes: Mapping[str, Any]) -> None:
        for key, raw in changes.items():
            one = self.definitions.get(key)
            if one is None or not one.is_written:
                self.wrong(key, _("There is no such field to write."))
                continue
            try:
                value = clean_value(one, raw)
                if value != self.values[key]:
                    self._allowed(one, value)
            except ValidationError as error:
                self.wrong(key, error.messages[0])
                continue
            if value != self.values[key]:
                self.values[key] = value
                self.changed.add(key)

    def _allowed(self, one: Definition, value: Any) -> None:
        """Demand that a new value may be chosen: the record is there, the option is not retired."""
        if value is None:
            return
        if one.kind == CustomKind.LINK:
            check_link(one, value, None)
        if one.kind in (CustomKind.CHOICE, CustomKind.MULTI):
            before = self.values[one.key] or []
            offered = {option for option, _label in one.offered} | set(
                before if isinstance(before, list) else [before]
            )
            chosen = value if isinstance(value, list) else [value]
            if gone := [item for item in chosen if item not in offered]:
                raise ValidationError(
                    _("“%(value)s” can no longer be chosen.") % {"value": one.label_of(gone[0])}
                )

    def add_defaults(self) -> None:
        for key, one in self.definitions.items():
            if self.values[key] is not None or one.default is None or not one.is_written:
                continue
            if one.visible_when is None or rules.holds(one.visible_when, self.context, self.kinds):
                self.values[key] = clean_value(one, one.default)

    def check_rules(self, asked: set[str], *, touched: set[str], creating: bool) -> None:
        moved = {PREFIX + key for key in self.changed} | touched
        context = self.context
        for key, one in self.definitions.items():
            if not one.is_written:
                continue
            trees = [one.visible_when, one.required_when, *one.options_when.values()]
            reads = set().union(*(rules.fields_in(tree) for tree in trees if tree is not None))
            if key in asked or (reads & moved and not creating):
                self._check(key, one, context)

    def _check(self, key: str, one: Definition, context: Mapping[str, Any]) -> None:
        value = self.values[key]
        if one.visible_when is not None and not rules.holds(one.visible_when, context, self.kinds):
            if value is not None and key in self.changed:
                self.wrong(key, _("This field is not asked for here. Leave it empty."))
            return
        needed = one.required or (
            one.required_when is not None and rules.holds(one.required_when, context, self.kinds)
        )
        if value is None:
            if needed:
                self.wrong(key, _("This field is required."))
            return
        for item in value if isinstance(value, list) else [value]:
            tree = one.options_when.get(item) if isinstance(item, str) else None
            if tree is not None and not rules.holds(tree, context, self.kinds):
                text = _("“%(value)s” does not go with the other values.")
                self.wrong(key, text % {"value": one.label_of(item)})

    def result(self) -> dict[str, Any]:
        work_out(self.definitions, self.plain, self.values)
        custom = {key: value for key, value in self.held.items() if key not in self.definitions}
        for key, one in self.definitions.items():
            value = self.values[key]
            if value is not None:
                custom[key] = stored(one, value)
            elif key in self.held and one.is_written and key not in self.changed:
                custom[key] = self.held[key]  # of another kind still, until its conversion comes by
        return custom


def work_out(definitions: Mapping[str, Definition], plain: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Put the results of all formulas into `values`, each after those that it reads."""
    order = formula_order(definitions, plain_kinds(plain_of(definitions)))
    for key, compiled in order:
        given = {**plain, **values}
        values[key] = compiled.run({name: _readable(given.get(name)) for name in compiled.fields})


def _readable(value: Any) -> Any:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, int) and not isinstance(value, bool):
        from decimal import Decimal

        return Decimal(value)
    return value


def plain_of(definitions: Mapping[str, Definition]) -> Mapping[str, Kind]:
    first = next(iter(definitions.values()), None)
    host = hosts.get(first.record_type) if first is not None else None
    return host.plain if host is not None else {}


def plain_kinds(plain: Mapping[str, Kind]) -> dict[str, CustomKind]:
    return {name: PLAIN_KINDS[kind] for name, kind in plain.items() if kind in PLAIN_KINDS}


def formula_order(
    definitions: Mapping[str, Definition], plain: Mapping[str, CustomKind]
) -> list[tuple[str, Compiled]]:
    """The formulas compiled, each after those that it reads. Raises FormulaError for one that can't be used
    and for a circle."""
    formulas = {key: one.formula for key, one in definitions.items() if one.kind == CustomKind.FORMULA}
    if not formulas:
        return []
    known = dict(plain)
    for key, one in definitions.items():
        kind = one.value_kind if one.is_written else CustomKind(one.result_kind or CustomKind.TEXT)
        if kind in FORMULA_KINDS:
            known[key] = FORMULA_KINDS[kind]
    return _ordered(tuple(sorted(formulas.items())), tuple(sorted(known.items())))


@lru_cache(maxsize=64)
def _ordered(
    formulas: tuple[tuple[str, str], ...], known: tuple[tuple[str, CustomKind], ...]
) -> list[tuple[str, Compiled]]:
    from core.custom_fields.formula import FormulaError

    waiting = {key: compile_formula(text, dict(known)) for key, text in formulas}
    order: list[tuple[str, Compiled]] = []
    while waiting:
        ready = [key for key, one in waiting.items() if not one.fields & waiting.keys()]
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise FormulaError(_("These formulas read each other: %(names)s.") % {"names": circle})
        order += [(key, waiting.pop(key)) for key in ready]
    return order
