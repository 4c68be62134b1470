"""Turning what somebody typed or sent into values that a criterion compares with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from core.conditions.criteria import VALUELESS, Criterion, Kind
from core.conditions.tree import ConditionError
from core.registries import aliases

MAX_LIST = 500
MAX_TEXT = 300


def clean(criterion: Criterion, op: str, value: Any) -> Any:
    """The typed value of a leaf. Raises ConditionError naming the criterion."""
    if op not in (*criterion.ops, *criterion.also):
        raise _error(
            criterion,
            _("cannot be compared with “%(op)s”; use %(ops)s"),
            op=op[:40],
            ops=", ".join(criterion.ops),
        )
    if op in VALUELESS:
        return None
    if op in ("in_last", "in_next", "not_in_last"):
        return timedelta(days=_whole(criterion, value))
    if op == "between":
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise _error(criterion, _("needs two values for “between”"))
        return tuple(_scalar(criterion, item) for item in value)
    if op in ("in", "not_in"):
        items = list(value) if isinstance(value, list | tuple) else [value]
        if len(items) > MAX_LIST:
            raise _error(criterion, _("takes at most %(limit)d values"), limit=MAX_LIST)
        return _followed(criterion, [_scalar(criterion, item) for item in items])
    return _scalar(criterion, value)


def _followed(criterion: Criterion, values: list[Any]) -> list[Any]:
    """Ids of records that were merged since the condition was written mean the record that goes on."""
    if criterion.kind != Kind.REF or not criterion.ref_type:
        return values
    return aliases.current_ids(criterion.ref_type, values)


def _scalar(criterion: Criterion, value: Any) -> Any:
    match criterion.kind:
        case Kind.NUMBER:
            return _number(criterion, value)
        case Kind.DATE:
            return _moment(criterion, value)
        case Kind.BOOL:
            return _flag(criterion, value)
        case Kind.REF:
            return _whole(criterion, value)
        case Kind.CHOICE:
            return _choice(criterion, value)
    text = str(value if value is not None else "")
    if "\x00" in text or len(text) > MAX_TEXT:
        raise _error(criterion, _("takes a text of at most %(limit)d characters"), limit=MAX_TEXT)
    return text


def _number(criterion: Criterion, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise _error(criterion, _("needs a number, such as 12.5"))
    return number


def _whole(criterion: Criterion, value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise _error(criterion, _("needs a whole number"))
    number = int(text)
    if criterion.kind == Kind.DATE and number > 36_500:
        raise _error(criterion, _("takes at most 36500 days"))
    return number


def _moment(criterion: Criterion, value: Any) -> date | datetime:
    try:
        moment = parse_date(str(value)) or parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise _error(criterion, _("needs a date, such as 2026-11-30"))
    if isinstance(moment, datetime) and moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.get_current_timezone())
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _flag(criterion: Criterion, value: Any) -> bool:
    flags = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    known = flags.get(str(value).lower())
    if known is None:
        raise _error(criterion, _("needs yes or no"))
    return known


def _choice(criterion: Criterion, value: Any) -> str:
    text = str(value)
    if criterion.spelt is not None:
        meant = criterion.spelt(text)
        if meant is None:
            raise _error(criterion, _("has no value “%(value)s”"), value=text[:60])
        return meant
    if criterion.choices is not None:
        allowed = [str(key) for key, _label in criterion.choices()]
        if text not in allowed:
            raise _error(criterion, _("has no value “%(value)s”"), value=text[:60])
    return text


def _error(criterion: Criterion, message: str, **values: Any) -> ConditionError:
    return ConditionError(f"{criterion.label}: " + message % values)
