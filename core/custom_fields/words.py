"""Custom values as people read them: cells, words for files and history, titles of linked records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.custom_fields.definition import Definition
from core.custom_fields.values import Money, read
from core.enums import CustomKind
from core.registries import aliases, records
from core.ui.cells import cell, date_cell, link, number
from core.ui.markup import badge, join, money, money_text

TITLES = ("name", "subject", "title", "number", "label")
CUT = 120


def shown(definition: Definition, value: Any, title: str | None = None) -> Any:
    """A value for a cell or a record's page. `title` is the linked record's, where the viewer may see it."""
    kind = definition.value_kind
    if value is None:
        return ""
    if kind == CustomKind.LINK:
        url = records.get(definition.ref_type).url_of(value) if records.known(definition.ref_type) else ""
        return link(url, title) if title else ""
    if kind == CustomKind.CHOICE:
        return badge(definition.label_of(value))
    if kind == CustomKind.MULTI:
        return join([badge(definition.label_of(item), "tag") for item in value])
    if isinstance(value, Money):
        return money(value.amount, value.currency)
    if isinstance(value, date):
        return date_cell(value)
    if isinstance(value, Decimal):
        return number(value)
    return value


def plain(definition: Definition, value: Any, title: str | None = None) -> Any:
    """A value for a file: what an import of the same file reads back."""
    kind = definition.value_kind
    if value is None:
        return None
    if kind == CustomKind.LINK:
        return title or ""
    if kind == CustomKind.CHOICE:
        return definition.label_of(value)
    if kind == CustomKind.MULTI:
        return "; ".join(definition.label_of(item) for item in value)
    return str(value) if isinstance(value, Money) else value


def in_words(
    definition: Definition, held: Any, user: Any, linked: Mapping[tuple[str, int], Any] | None = None
) -> str:
    """A value as the history tells it; linked records in the viewer's scope. `linked` is what `linked_records`
    has fetched for several values."""
    value = read(definition, {definition.key: held})
    if value is None:
        return "—" if held in (None, "") else str(held)
    if definition.value_kind == CustomKind.LINK:
        other = (
            linked_record(definition, value, user)
            if linked is None
            else linked.get((definition.ref_type, value))
        )
        return str(other) if other is not None else _("a record that you can't see")
    if isinstance(value, Money):
        return money_text(value.amount, value.currency)
    if isinstance(value, date):
        return date_format(value, "j M Y")
    found = plain(definition, value)
    if isinstance(found, bool):
        return _("Yes") if found else _("No")
    return f"{found:f}" if isinstance(found, Decimal) else str(found)


def linked_record(definition: Definition, pk: int, user: Any) -> Any:
    """The record that a link means, where `user` (None: the system) may see it."""
    if user is None and records.known(definition.ref_type):
        return records.get(definition.ref_type).model._base_manager.filter(pk=pk).first()
    found = records.resolve(definition.ref_type, pk, user)
    live = pk if found is not None else aliases.live_id(definition.ref_type, pk)
    return found if live == pk else records.resolve(definition.ref_type, live, user)


def linked_records(held: Iterable[tuple[Definition, Any]], user: Any) -> dict[tuple[str, int], Any]:
    """The records that links among the values mean, where `user` may see them, by record type and id: at most
    three queries for each record type."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for definition, value in held:
        if definition.value_kind == CustomKind.LINK and records.known(definition.ref_type):
            pk = read(definition, {definition.key: value})
            if pk is not None:
                wanted[definition.ref_type].add(pk)
    found: dict[tuple[str, int], Any] = {}
    for ref_type, ids in wanted.items():
        rows = records.get(ref_type).visible_to(user)
        seen = {row.pk: row for row in rows.filter(pk__in=ids)}
        moved = aliases.live_ids(ref_type, sorted(ids - set(seen)))
        live = {row.pk: row for row in rows.filter(pk__in=set(moved.values()))} if moved else {}
        found |= {(ref_type, pk): seen.get(pk) or live.get(moved.get(pk, 0)) for pk in ids}
    return found


def line(definition: Definition, record: Any, user: Any) -> SafeString | str:
    """The value on a record's page."""
    value = read(definition, record.custom)
    title = None
    if value is not None and definition.value_kind == CustomKind.LINK:
        linked = linked_record(definition, value, user)
        title = str(linked) if linked is not None else _("a record that you can't see")
        if linked is None:
            return title
    found = shown(definition, value, title)
    return found if found == "" else cell(found)


def title_name(definition: Definition) -> str:
    """The annotation that holds the linked record's title."""
    return f"{definition.name}_title"


def with_title(definition: Definition, rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """`rows` with the linked record's title, where `user` (None: the system) may see it."""
    if not records.known(definition.ref_type):
        return rows
    kind = records.get(definition.ref_type)
    field = title_field(kind.model)
    if not field:
        return rows
    visible = kind.model._default_manager.all() if user is None else kind.visible_to(user)
    held = KeyTransform(definition.key, "custom")
    # a value left over from another kind is no number, and a cast of it would fail the whole list
    pk = Case(
        When(**{f"custom__{definition.key}__gte": 0, f"custom__{definition.key}__lt": 10**15},
             then=Cast(held, BigIntegerField())),
        default=Value(None, output_field=BigIntegerField()),
    )  # fmt: skip
    rows = rows.annotate(**{f"{definition.name}_pk": pk})
    linked = visible.filter(pk=OuterRef(f"{definition.name}_pk")).order_by().values(field)[:1]
    annotated: QuerySet[Any] = rows.annotate(**{title_name(definition): Subquery(linked)})
    return annotated


def title_field(model: Any) -> str:
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in TITLES if name in names), "")


def titles(definitions: Iterable[Definition]) -> list[str]:
    return [title_name(one) for one in definitions if one.value_kind == CustomKind.LINK]
