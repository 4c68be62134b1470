"""Every question that can be asked of a record type: each criterion with each of its operators and a fitting value."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.conditions.criteria import RELATIVE, VALUELESS, Criterion, Kind, criteria_for

Refs = Mapping[str, int]
"""An id for each record type that may be asked for."""
TEXTS = {"near": "50 km of Leeds"}


def questions(record_type: str, refs: Refs) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, condition as JSON). Figures are asked within a window and with rows narrowed down as well."""
    for key, criterion in criteria_for(record_type).items():
        for op in criterion.ops:
            plain = {"field": key, "op": op, "value": value_for(criterion, op, refs)}
            yield f"{key} {op}", plain
        if criterion.figure is None:
            continue
        base = {"field": key, "op": "gte", "value": "1"}
        if criterion.figure.collection.at:
            yield f"{key} in 30 days", {**base, "last": 30}
        for inner in criterion.figure.collection.narrow:
            for op in inner.ops:
                where = {"field": inner.key, "op": op, "value": value_for(inner, op, refs)}
                yield f"{key} {op} where {inner.key}", {**base, "where": where}


def value_for(criterion: Criterion, op: str, refs: Refs) -> Any:
    if op in VALUELESS:
        return None
    if op in RELATIVE:
        return "30"
    one = _one(criterion, refs)
    if op == "between":
        return [one, _later(criterion)]
    return [one] if op in ("in", "not_in") else one


def _one(criterion: Criterion, refs: Refs) -> str:
    match criterion.kind:
        case Kind.NUMBER:
            return "1"
        case Kind.DATE:
            return timezone.localdate().isoformat()
        case Kind.BOOL:
            return "true"
        case Kind.REF:
            return str(refs[criterion.ref_type])
        case Kind.CHOICE:
            assert criterion.choices is not None
            return str(next(iter(criterion.choices()))[0])
    return TEXTS.get(criterion.key, "leeds")


def _later(criterion: Criterion) -> str:
    if criterion.kind == Kind.DATE:
        return (timezone.localdate() + timedelta(days=30)).isoformat()
    return "1000"
