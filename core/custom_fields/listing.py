"""Custom fields as list columns (so exports too) and as criteria (so filters, segments and the API too)."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.conditions.criteria import Criterion
from core.custom_fields import words
from core.custom_fields.cache import definitions_for, is_large
from core.custom_fields.definition import Definition
from core.custom_fields.expressions import condition, expression, is_sortable, turning_points
from core.custom_fields.values import read
from core.enums import CustomKind
from core.registries import custom_fields as hosts
from core.registries import records
from core.registries.columns import Column

ICONS = {
    CustomKind.NUMBER: "hash",
    CustomKind.MONEY: "coins",
    CustomKind.DATE: "calendar",
    CustomKind.BOOLEAN: "checkbox",
    CustomKind.CHOICE: "category",
    CustomKind.MULTI: "list-check",
    CustomKind.LINK: "link",
}
LONG_TEXT_OPERATORS = ("contains", "empty", "not_empty")


def columns_of(record_type: str) -> list[Column]:
    """A column for each custom field, after the type's own."""
    return [_column(one, place) for place, one in enumerate(definitions_for(record_type).values())]


def may_sort(definition: Definition) -> bool:
    """Sorting by a field without an index is for tables that are small enough."""
    return is_sortable(definition) and (definition.index_ready or not is_large(definition.record_type))


def sort_name(definition: Definition) -> str:
    """The annotation that rows are sorted by."""
    return f"{definition.name}_sort"


def _column(one: Definition, place: int) -> Column:
    host = hosts.get(one.record_type)
    is_link = one.value_kind == CustomKind.LINK
    sort = (sort_name(one), *(host.order if host else ())) if may_sort(one) else ()
    return Column(
        one.name,
        one.label,
        partial(_cell, one),
        export=partial(_export, one),
        sort=sort,
        prepare_sort=partial(_with_sort, one) if sort else None,
        select_for=partial(words.with_title, one) if is_link else None,
        field=one.name,
        editable=one.is_written,
        default=False,
        align="end" if one.value_kind in (CustomKind.NUMBER, CustomKind.MONEY) else "start",
        order=80 + place,
    )


def _with_sort(one: Definition, rows: QuerySet[Any]) -> QuerySet[Any]:
    annotated: QuerySet[Any] = rows.annotate(**{sort_name(one): expression(one)})
    return annotated


def _cell(one: Definition, record: Any) -> Any:
    found = words.shown(one, read(one, record.custom), getattr(record, words.title_name(one), None))
    if one.value_kind == CustomKind.LONG_TEXT and len(found) > words.CUT:
        return found[: words.CUT] + "…"
    return found


def _export(one: Definition, record: Any) -> Any:
    return words.plain(one, read(one, record.custom), getattr(record, words.title_name(one), None))


def criteria_of(record_type: str) -> list[Criterion]:
    """A criterion for each custom field."""
    large = bool(definitions_for(record_type)) and is_large(record_type)
    return [_criterion(one, large) for one in definitions_for(record_type).values()]


def _criterion(one: Definition, large: bool) -> Criterion:
    chosen = one.value_kind in (CustomKind.CHOICE, CustomKind.MULTI)
    return Criterion(
        one.name,
        one.label,
        one.condition_kind,
        build=partial(_build, one),
        choices=(lambda: [(option.value, option.label) for option in one.options]) if chosen else None,
        ref_type=one.ref_type if one.value_kind == CustomKind.LINK else "",
        field=one.name,
        operators=LONG_TEXT_OPERATORS if one.value_kind == CustomKind.LONG_TEXT else (),
        group=one.section or _("Custom fields"),
        icon=ICONS.get(one.value_kind, "forms"),
        listed=one.index_ready or not large,
        moved_by=(records.get(one.record_type).model._meta.db_table,),
        turns=partial(turning_points, one),
    )


def _build(one: Definition, op: str, value: Any, user: Any) -> Q:
    return condition(one, op, value)
