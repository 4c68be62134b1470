"""Formulas over a record's own fields: a small grammar, an allow-listed tree, a Python function.

    expression := comparison;  comparison := joined [("=" | "<>" | "<" | "<=" | ">" | ">=") joined]
    joined     := sum {"&" sum};  sum := product {("+" | "-") product};  product := unary {("*" | "/") unary}
    unary      := ["-"] atom;  atom := number | "text" | true | false | field | name(…) | ( expression )

Functions: if, round, days, concat, min, max, abs, and, or, not, empty. A missing value makes a sum, product or
difference missing; `&` and concat take it for an empty text. Dividing by zero gives nothing. Nothing is ever
given to `eval`: the tree holds only what stands here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any

from django.utils.translation import gettext as _

from core.enums import CustomKind

NUMBER, TEXT, DATE, BOOLEAN = CustomKind.NUMBER, CustomKind.TEXT, CustomKind.DATE, CustomKind.BOOLEAN
MAX_LENGTH, MAX_DEPTH = 1000, 30
LARGEST = Decimal(10) ** 15
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,15}(?:\.\d{1,10})?)|\"(?P<text>[^\"]{0,300})\"|(?P<name>[A-Za-z][A-Za-z0-9_]{0,60})"
    r"|(?P<sign><>|<=|>=|[-+*/&=<>(),]))"
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
Values = Mapping[str, Any]
Function = Callable[[Values], Any]


class FormulaError(ValueError):
    """The formula can't be used; the text says where and what is expected."""


@dataclass(frozen=True)
class Compiled:
    """A formula ready to be worked out: what it gives, from which fields, by which function."""

    kind: CustomKind
    fields: frozenset[str]
    run: Function


@dataclass(frozen=True)
class _Part:
    kind: CustomKind
    run: Function


def compile_formula(text: str, fields: Mapping[str, CustomKind]) -> Compiled:
    """The formula over `fields` (name → number, text, date or boolean). Raises FormulaError."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(_("Use at most %(limit)d characters.") % {"limit": MAX_LENGTH})
    parser = _Parser(_tokens(text), fields)
    part = parser.expression(0)
    parser.expect("")
    return Compiled(part.kind, frozenset(parser.used), _safe(part))


def _safe(part: _Part) -> Function:
    """The function with its result brought into the bounds of a stored value."""

    def run(values: Values) -> Any:
        with localcontext() as context:
            context.prec = 28
            try:
                found = part.run(values)
            except (InvalidOperation, OverflowError):
                return None
        if isinstance(found, Decimal):
            if not found.is_finite() or abs(found) >= LARGEST:
                return None
            found = Decimal(f"{found:.15g}")
            return found if abs(found) >= Decimal("1e-10") else Decimal(0)
        return found[:500] or None if isinstance(found, str) else found

    return run


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise FormulaError(_("“%(text)s” can't be read here.") % {"text": text[at : at + 20].strip()})
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    if not found:
        raise FormulaError(_("Type a formula, such as price * 12."))
    return [*found, ("end", "")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: Mapping[str, CustomKind]) -> None:
        self.tokens, self.fields, self.at = tokens, fields, 0
        self.used: set[str] = set()

    def sign(self, *wanted: str) -> str:
        """The next token if it is one of the signs, which is then taken."""
        kind, text = self.tokens[self.at]
        if kind == "sign" and text in wanted:
            self.at += 1
            return text
        return ""

    def expect(self, sign: str) -> None:
        kind, text = self.tokens[self.at]
        if (kind == "end" and not sign) or (kind == "sign" and text == sign):
            self.at += 1
            return
        raise FormulaError(
            _("“%(wanted)s” is missing before “%(found)s”.") % {"wanted": sign, "found": text}
            if sign
            else _("“%(found)s” is not expected here.") % {"found": text}
        )

    def expression(self, depth: int) -> _Part:
        if depth > MAX_DEPTH:
            raise FormulaError(_("The formula is nested too deeply."))
        left = self.joined(depth + 1)
        if sign := self.sign(*COMPARISONS):
            left = _compared(sign, left, self.joined(depth + 1))
        return left

    def joined(self, depth: int) -> _Part:
        left = self.sum(depth)
        while self.sign("&"):
            left = _concat([left, self.sum(depth)])
        return left

    def sum(self, depth: int) -> _Part:
        left = self.product(depth)
        while sign := self.sign("+", "-"):
            left = _summed(sign, left, self.product(depth))
        return left

    def product(self, depth: int) -> _Part:
        left = self.unary(depth)
        while sign := self.sign("*", "/"):
            right = self.unary(depth)
            _demand(NUMBER, sign, left, right)
            left = _arithmetic(
                NUMBER,
                left,
                right,
                (lambda a, b: a * b) if sign == "*" else lambda a, b: a / b if b else None,
            )
        return left

    def unary(self, depth: int) -> _Part:
        if self.sign("-"):
            part = self.atom(depth)
            _demand(NUMBER, "-", part)
            return _Part(NUMBER, lambda v: None if (n := part.run(v)) is None else -n)
        return self.atom(depth)

    def atom(self, depth: int) -> _Part:
        if self.sign("("):
            part = self.expression(depth + 1)
            self.expect(")")
            return part
        kind, text = self.tokens[self.at]
        self.at += kind != "end"
        if kind == "number":
            return _constant(NUMBER, Decimal(text))
        if kind == "text":
            return _constant(TEXT, text)
        if kind == "name":
            return self.named(text, depth)
        raise FormulaError(
            _("“%(found)s” is not expected here.") % {"found": text}
            if text
            else _("The formula ends too early.")
        )

    def named(self, name: str, depth: int) -> _Part:
        if self.sign("("):
            return self.call(name.lower(), depth)
        if name.lower() in ("true", "false"):
            return _constant(BOOLEAN, name.lower() == "true")
        if name not in self.fields:
            known = ", ".join(sorted(self.fields)) or "—"
            raise FormulaError(
                _("There is no field “%(name)s”. The fields are: %(known)s.") % {"name": name, "known": known}
            )
        self.used.add(name)
        return _Part(self.fields[name], lambda values: values.get(name))

    def call(self, name: str, depth: int) -> _Part:
        arguments: list[_Part] = []
        if not self.sign(")"):
            arguments.append(self.expression(depth + 1))
            while self.sign(","):
                arguments.append(self.expression(depth + 1))
            self.expect(")")
        maker = FUNCTIONS.get(name)
        if maker is None:
            raise FormulaError(
                _("There is no function “%(name)s”. The functions are: %(known)s.")
                % {"name": name, "known": ", ".join(sorted(FUNCTIONS))}
            )
        return maker(arguments)


def _constant(kind: CustomKind, value: Any) -> _Part:
    return _Part(kind, lambda values: value)


def _demand(kind: CustomKind, what: str, *parts: _Part) -> None:
    if any(part.kind != kind for part in parts):
        raise FormulaError(
            _("“%(what)s” needs values of the kind “%(kind)s”.") % {"what": what, "kind": kind.label}
        )


def _count(what: str, parts: list[_Part], least: int, most: int) -> None:
    if not least <= len(parts) <= most:
        raise FormulaError(_("“%(what)s” does not take so many values.") % {"what": what})


def _arithmetic(kind: CustomKind, left: _Part, right: _Part, work: Callable[[Any, Any], Any]) -> _Part:
    def run(values: Values) -> Any:
        a, b = left.run(values), right.run(values)
        return None if a is None or b is None else work(a, b)

    return _Part(kind, run)


def _summed(sign: str, left: _Part, right: _Part) -> _Part:
    if left.kind == DATE and right.kind == NUMBER:
        factor = 1 if sign == "+" else -1
        return _arithmetic(DATE, left, right, lambda a, b: a + timedelta(days=factor * int(b)))
    if left.kind == DATE and right.kind == DATE and sign == "-":
        return _days([left, right])
    _demand(NUMBER, sign, left, right)
    return _arithmetic(NUMBER, left, right, (lambda a, b: a + b) if sign == "+" else lambda a, b: a - b)


def _compared(sign: str, left: _Part, right: _Part) -> _Part:
    _demand(left.kind, sign, right)
    compare = COMPARISONS[sign]

    def run(values: Values) -> bool:
        a, b = left.run(values), right.run(values)
        if a is None or b is None:
            return sign in ("=", "<>") and compare(a, b)
        return compare(a, b)

    return _Part(BOOLEAN, run)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _concat(parts: list[_Part]) -> _Part:
    _count("concat", parts, 1, 20)
    return _Part(TEXT, lambda values: "".join(_words(part.run(values)) for part in parts))


def _if(parts: list[_Part]) -> _Part:
    _count("if", parts, 3, 3)
    test, then, other = parts
    _demand(BOOLEAN, "if", test)
    _demand(then.kind, "if", other)
    return _Part(then.kind, lambda values: then.run(values) if test.run(values) else other.run(values))


def _round(parts: list[_Part]) -> _Part:
    _count("round", parts, 1, 2)
    _demand(NUMBER, "round", *parts)
    number, places = parts[0], parts[1] if len(parts) > 1 else _constant(NUMBER, Decimal(0))

    def work(value: Decimal, digits: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-max(0, min(6, int(digits)))), ROUND_HALF_UP)

    return _arithmetic(NUMBER, number, places, work)


def _days(parts: list[_Part]) -> _Part:
    _count("days", parts, 2, 2)
    _demand(DATE, "days", *parts)

    def work(later: date, earlier: date) -> Decimal:
        return Decimal((later - earlier).days)

    return _arithmetic(NUMBER, parts[0], parts[1], work)


def _extreme(name: str, choose: Callable[[list[Any]], Any]) -> Callable[[list[_Part]], _Part]:
    def make(parts: list[_Part]) -> _Part:
        _count(name, parts, 1, 20)
        if parts[0].kind not in (NUMBER, DATE):
            _demand(NUMBER, name, parts[0])
        _demand(parts[0].kind, name, *parts)

        def run(values: Values) -> Any:
            known = [value for part in parts if (value := part.run(values)) is not None]
            return choose(known) if known else None

        return _Part(parts[0].kind, run)

    return make


def _abs(parts: list[_Part]) -> _Part:
    _count("abs", parts, 1, 1)
    _demand(NUMBER, "abs", *parts)
    return _Part(NUMBER, lambda values: None if (n := parts[0].run(values)) is None else abs(n))


def _logic(name: str, decide: Callable[[Any], bool]) -> Callable[[list[_Part]], _Part]:
    def make(parts: list[_Part]) -> _Part:
        _count(name, parts, 1, 1 if name == "not" else 20)
        _demand(BOOLEAN, name, *parts)
        return _Part(BOOLEAN, lambda values: decide([bool(part.run(values)) for part in parts]))

    return make


def _empty(parts: list[_Part]) -> _Part:
    _count("empty", parts, 1, 1)
    return _Part(BOOLEAN, lambda values: parts[0].run(values) in (None, ""))


FUNCTIONS: dict[str, Callable[[list[_Part]], _Part]] = {
    "if": _if,
    "round": _round,
    "days": _days,
    "concat": _concat,
    "min": _extreme("min", min),
    "max": _extreme("max", max),
    "abs": _abs,
    "and": _logic("and", all),
    "or": _logic("or", any),
    "not": _logic("not", lambda values: not values[0]),
    "empty": _empty,
}
