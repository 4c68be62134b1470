"""Which value stays where a record and a row both have one: the row's, the record's, or the newer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.expressions import Among
from core.importing.rows import ImportContext, Row, Rule
from core.models import ImportRow

if TYPE_CHECKING:
    from core.importing.records import RecordTarget

CHANGED_AT = "changed_at"
"""The field that says when a row was last changed where it comes from."""


class Rules:
    """The rules of a run, obeyed row by row.

    “Keep the newest” compares the row's own time with the record's: with the time that the import before it
    brought, unless the record has been changed here since. A row without a time fills what is empty.
    """

    def __init__(
        self,
        context: ImportContext,
        target: "RecordTarget",
        rows: Sequence[Row],
        state: Mapping[int, Mapping[str, Any]],
    ) -> None:
        rules = {item.key: context.rule(item.key) for item in target.all_fields()}
        self._columns = {
            key: (rule, target.column_of(key)) for key, rule in rules.items() if rule != Rule.OVERWRITE
        }
        newest = any(rule == Rule.NEWEST for rule in rules.values())
        self._times = _times(target.key, rows, state) if newest else {}

    def obey(self, row: Row, current: Mapping[str, Any]) -> None:
        """Take out of the row what the record's own values stay for."""
        if not self._columns:
            return
        newer = self._is_newer(row)
        for key, (rule, column) in self._columns.items():
            if rule == Rule.NEWEST and newer:
                continue
            if key in row.values and column and current.get(column) not in (None, "", [], {}):
                del row.values[key]
            elif key in row.values and not column:
                row.extras.setdefault("fill", set()).add(key)

    def _is_newer(self, row: Row) -> bool:
        at = row.values.get(CHANGED_AT)
        known = self._times.get(row.object_id or 0)
        return at is not None and (known is None or at > known)


def _times(
    target: str, rows: Sequence[Row], state: Mapping[int, Mapping[str, Any]]
) -> dict[int, datetime | None]:
    """When each record was last changed: in the world, as far as an import said so."""
    ids = [row.object_id for row in rows if row.object_id is not None]
    times: dict[int, datetime | None] = {pk: values.get("updated_at") for pk, values in state.items()}
    imported = ImportRow.objects.filter(
        Among("object_id", ids), batch__target=target, source_at__isnull=False
    )
    for key, source_at, applied_at in imported.order_by("pk").values_list(
        "object_id", "source_at", "applied_at"
    ):
        pk = int(key or 0)
        here = state[pk].get("updated_at")
        if here is None or (applied_at is not None and here <= applied_at):
            times[pk] = source_at
    return times


def same(current: Any, wanted: Any) -> bool:
    """Whether a value is no change: equal, but for line ends, white space and parts of a
    second that no cell keeps."""
    if current == wanted:
        return True
    if isinstance(current, datetime) and isinstance(wanted, datetime):
        return not wanted.microsecond and current.replace(microsecond=0) == wanted
    return isinstance(current, str) and isinstance(wanted, str) and _bare(current) == _bare(wanted)


def _bare(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
