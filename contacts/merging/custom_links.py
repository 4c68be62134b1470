"""Custom fields that link to records: their values, and what definitions say by id, follow a merge.

Values stand in JSON, where no relinker of columns reaches. Definitions (a default, the conditions between
fields) are followed too, because the browser reads them as they are.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from psycopg2.extras import Json

from contacts.merging.engine import Merge
from contacts.models import MergeLog
from core.custom_fields.names import PREFIX
from core.enums import CustomKind
from core.models import CustomField
from core.registries import custom_fields as hosts

VALUES = """
SELECT t.id, g.log, g.survivor FROM {table} t JOIN {group} ON t.custom -> %(key)s = to_jsonb(g.member)
WHERE g.member <> g.survivor AND jsonb_exists(t.custom, %(key)s)
"""
MOVED = "jsonb_set(t.custom, ARRAY[%(key)s], to_jsonb(wanted.survivor))"
CONDITIONS = ("visible_when", "required_when", "options_when")


def follow(merge: Merge) -> None:
    """Let values and definitions that name a merged record name the one that goes on, written down as steps."""
    fields = list(CustomField.objects.order_by("pk"))
    links = [one for one in fields if one.kind == CustomKind.LINK and one.ref_type == merge.record_type]
    for one in links:
        if (host := hosts.get(one.record_type)) is not None:
            merge.change(host.model, {"custom": MOVED}, VALUES, key=one.key)
    for group in merge.groups:
        live = dict.fromkeys(group.merged, group.survivor)
        for one in fields:
            _follow_definition(merge, group.log.pk, one, _named(merge, one, links), live)


def told_anew(log: MergeLog) -> None:
    """After definitions were put back: every process reads them again."""
    steps = log.steps.filter(label=CustomField._meta.label).values_list("ids", flat=True)
    _touch(pk for ids in steps for pk in ids)


def _named(merge: Merge, one: CustomField, links: Iterable[CustomField]) -> set[str]:
    """The names of the fields of the same host that hold ids of the merged type."""
    host = hosts.get(one.record_type)
    if host is None:
        return set()
    plain = {
        name
        for name in host.plain
        if any(
            getattr(column, "related_model", None) is merge.model
            for column in host.model._meta.fields
            if column.name == name
        )
    }
    return plain | {PREFIX + link.key for link in links if link.record_type == one.record_type}


def _follow_definition(
    merge: Merge, log_id: int, one: CustomField, named: set[str], live: dict[int, int]
) -> None:
    changed: dict[str, Any] = {}
    if one.kind == CustomKind.LINK and one.ref_type == merge.record_type and one.default in live:
        changed["default"] = live[one.default]
    for name in CONDITIONS if named else ():
        tree = getattr(one, name)
        if tree and (moved := _followed(tree, named, live)) != tree:
            changed[name] = moved
    if not changed:
        return
    for name, value in changed.items():
        setattr(one, name, value)
    merge.change_row(CustomField, log_id, one.pk, {name: Json(value) for name, value in changed.items()})
    _touch([one.pk])


def _followed(tree: Any, named: set[str], live: dict[int, int]) -> Any:
    """The plain form of a condition tree with live ids in the leaves about `named` fields."""
    if isinstance(tree, list):
        return [_followed(child, named, live) for child in tree]
    if not isinstance(tree, dict):
        return tree
    if "field" in tree:
        return {**tree, "value": _live(tree.get("value"), live)} if tree["field"] in named else tree
    return {name: _followed(child, named, live) for name, child in tree.items()}


def _live(value: Any, live: dict[int, int]) -> Any:
    if isinstance(value, list):
        return list({str(one): one for one in (_live(item, live) for item in value)}.values())
    if str(value).isdecimal() and int(value) in live:
        return live[int(value)]
    return value


def _touch(ids: Iterable[int]) -> None:
    """The version tells every process that its copy of the definitions is old."""
    CustomField.objects.filter(pk__in=list(ids)).update(version=F("version") + 1)
