"""The merge itself: rows of every app follow the record that stays, and every step is written down.

Works on any number of groups at once by a few statements per table, so that ten thousand merges cost little
more than one each. All values stay in the database: what a step keeps is restored bit by bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db import connection
from django.db.models import Model

from contacts.models import MergeLog
from core.registries import relinkers
from core.registries.relinkers import Relinker

GROUP = "unnest(%(members)s::bigint[], %(survivors)s::bigint[], %(logs)s::bigint[]) g (member, survivor, log)"
"""The members of all groups, the survivors too (`member = survivor`)."""
STEPS = "INSERT INTO contacts_mergestep (log_id, label, kind, ids, before, after)"
MOVE = """
WITH moved AS (
    UPDATE {table} t SET {column} = g.survivor FROM {group}
    WHERE t.{column} = g.member AND g.member <> g.survivor{of_type}
    RETURNING t.id, g.member, g.survivor, g.log)
{steps} SELECT log, %(label)s, 'M', array_agg(id ORDER BY id), jsonb_build_object({key}, member),
    jsonb_build_object({key}, survivor)
FROM moved GROUP BY log, member, survivor ORDER BY log, member
"""
POINTING = """SELECT {place} WHERE EXISTS (
    SELECT FROM {table} t WHERE t.{column} = ANY(%(merged)s::bigint[]){of_type})
"""
DOUBLES = """
SELECT id, stays, log FROM (
    SELECT t.id, g.log, row_number() OVER w AS place, first_value(t.id) OVER w AS stays
    FROM {table} t JOIN {group} ON t.{column} = g.member{of_type} {filled}
    WINDOW w AS (PARTITION BY g.survivor{same} ORDER BY {prefer}g.member <> g.survivor, t.id)) held
WHERE place > 1
"""
CHANGE = """
WITH wanted AS ({source}),
old AS (SELECT t.id, w.log, jsonb_build_object({was}) AS v FROM {table} t JOIN wanted w ON w.id = t.id),
new AS (UPDATE {table} t SET {assignments} FROM wanted WHERE t.id = wanted.id
        RETURNING t.id, jsonb_build_object({was}) AS v)
{steps} SELECT old.log, %(label)s, 'U', ARRAY[old.id], old.v, new.v FROM old JOIN new USING (id) ORDER BY id
"""
REMOVE = """
WITH wanted AS ({source}),
gone AS (DELETE FROM {table} t USING wanted WHERE t.id = wanted.id RETURNING wanted.log, t.id, to_jsonb(t) AS v)
{steps} SELECT log, %(label)s, 'D', ARRAY[id], v, NULL FROM gone ORDER BY id
"""
ADD = """
WITH made AS (INSERT INTO {table} ({columns}) {source} RETURNING *)
{steps} SELECT g.log, %(label)s, 'I', ARRAY[made.id], NULL, to_jsonb(made)
FROM made JOIN {group} ON g.survivor = made.{link} AND g.member = {member} ORDER BY made.id
"""
FOLDED = """
SELECT f.* FROM (
    SELECT r.stays, {wanted} FROM unnest(%(gone)s::bigint[], %(stays)s::bigint[]) r (gone, stays)
    JOIN {table} x ON x.id IN (r.gone, r.stays) GROUP BY r.stays) f
JOIN {table} t ON t.id = f.stays WHERE ({had}) IS DISTINCT FROM ({gets}) ORDER BY f.stays
"""
FOLDS = {
    "or": "bool_or(x.{0})",
    "min": "min(x.{0})",
    "max": "max(x.{0})",
    "first": "coalesce(nullif(max(x.{0}) FILTER (WHERE x.id = r.stays), ''), max(nullif(x.{0}, '')), '')",
}


@dataclass(frozen=True)
class Group:
    """The ids that become one: `merged` become `survivor`, written down under `log`."""

    log: MergeLog
    survivor: int
    merged: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.survivor, *self.merged)


class _Names(TypedDict):
    """What the statements call a relinker's column."""

    column: str
    key: str
    of_type: str


class Merge:
    """A running merge: what the relinkers' hooks work with. `primaries` are (log, kind, record) choices of
    whose primary e-mail, number or company stays primary."""

    def __init__(
        self, model: type[Model], groups: Sequence[Group], primaries: Sequence[tuple[int, str, int]] = ()
    ) -> None:
        self.model, self.groups, self.primaries = model, groups, primaries
        self.record_type: str = model.record_type  # type: ignore[attr-defined]
        rows = [(member, g.survivor, g.log.pk) for g in groups for member in g.members]
        self.parameters: dict[str, Any] = {
            "members": [row[0] for row in rows],
            "survivors": [row[1] for row in rows],
            "logs": [row[2] for row in rows],
            "record_type": self.record_type,
            "chosen_logs": [row[0] for row in primaries],
            "chosen_kinds": [row[1] for row in primaries],
            "chosen_members": [row[2] for row in primaries],
        }

    def relink(self) -> None:
        """Let every registered row follow."""
        found = relinkers.relinkers_of(self.model)
        busy = self._pointing(found)
        for place, relinker in enumerate(found):
            if place not in busy and not relinker.always:
                continue
            if relinker.before is not None:
                relinker.before(self)
            self.resolve_doubles(relinker)
            self.execute(MOVE, relinker.model, **_names(relinker))
            if relinker.after is not None:
                relinker.after(self)

    def _pointing(self, found: Sequence[Relinker]) -> set[int]:
        """The places of those with rows that point at merged records: most have none, and one statement that
        says so is cheaper than two for each."""
        names = [{"table": _q(one.model._meta.db_table), **_names(one)} for one in found]
        parts = [POINTING.format(place=place, **name) for place, name in enumerate(names)]
        merged = [member for group in self.groups for member in group.merged]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), {**self.parameters, "merged": merged})
            return {place for (place,) in cursor.fetchall()}

    def resolve_doubles(self, relinker: Relinker) -> None:
        """Take away rows that would be there twice, after what they know was taken over."""
        keys = [(same, True) for same in relinker.unique_with()]
        if relinker.doubles:
            keys.append((relinker.doubles, False))
        for same, exact in keys:
            texts = [_q(name) if exact else _text(name) for name in same]
            rows = self.execute(
                DOUBLES,
                relinker.model,
                same="".join(f", {text}" for text in texts),
                filled="WHERE " + " AND ".join(f"t.{_q(n)} IS NOT NULL" for n in same)
                if exact and same
                else "",
                prefer=f"{relinker.prefer}, " if relinker.prefer else "",
                **_names(relinker),
            )
            if rows:
                self._take_over(relinker, rows)

    def _take_over(self, relinker: Relinker, rows: list[tuple[int, int, int]]) -> None:
        gone, stays, logs = zip(*rows, strict=True)
        folded = self._folded(relinker, list(gone), list(stays)) if relinker.fold else []
        self.remove(
            relinker.model,
            "SELECT * FROM unnest(%(gone)s::bigint[], %(gone_logs)s::bigint[]) r (id, log)",
            gone=list(gone),
            gone_logs=list(logs),
        )
        log_of = dict(zip(stays, logs, strict=True))
        for pk, *values in folded:
            self.change_row(relinker.model, log_of[pk], pk, dict(zip(relinker.fold, values, strict=True)))

    def _folded(self, relinker: Relinker, gone: list[int], stays: list[int]) -> list[tuple[Any, ...]]:
        """(id, value of each folded column) of the rows that stay and thereby change."""
        wanted = ", ".join(
            f"{FOLDS[how].format(_q(name))} AS {_q(name)}" for name, how in relinker.fold.items()
        )
        names = [_q(name) for name in relinker.fold]
        return self.execute(
            FOLDED,
            relinker.model,
            parameters={"gone": gone, "stays": stays},
            wanted=wanted,
            had=", ".join(f"t.{name}" for name in names),
            gets=", ".join(f"f.{name}" for name in names),
        )

    def change(
        self,
        model: type[Model],
        assignments: dict[str, str],
        source: str,
        *,
        quietly: dict[str, str] | None = None,
        **parameters: Any,
    ) -> None:
        """Change rows: `source` selects `id`, `log` and what the SQL `assignments` need as `wanted.…`. What
        is set `quietly` (a version) is not written down and does not come back."""
        self.execute(
            CHANGE,
            model,
            source=source,
            was=", ".join(f"'{name}', t.{_q(name)}" for name in assignments),
            assignments=", ".join(
                f"{_q(name)} = {sql}" for name, sql in {**assignments, **(quietly or {})}.items()
            ),
            parameters=parameters,
        )

    def change_row(self, model: type[Model], log_id: int, pk: int, values: dict[str, Any]) -> None:
        """Give one row the (already adapted) column values."""
        self.change(
            model,
            {name: f"%(v_{name})s" for name in values},
            "SELECT %(v_id)s::bigint AS id, %(v_log)s::bigint AS log",
            v_id=pk,
            v_log=log_id,
            **{f"v_{name}": value for name, value in values.items()},
        )

    def remove(self, model: type[Model], source: str, **parameters: Any) -> None:
        """Delete the rows whose `id` and `log` the SQL `source` selects."""
        self.execute(REMOVE, model, source=source, parameters=parameters)

    def add(
        self,
        model: type[Model],
        columns: str,
        source: str,
        *,
        link: str,
        member: str = "g.survivor",
        **more: Any,
    ) -> None:
        """Insert what `source` selects into `columns`; `link` is the column that holds the survivor, `member`
        which row of the group each belongs to."""
        self.execute(ADD, model, columns=columns, source=source, link=link, member=member, parameters=more)

    def execute(
        self, sql: str, model: type[Model], *, parameters: dict[str, Any] | None = None, **names: str
    ) -> list[tuple[Any, ...]]:
        """Run a statement over a table of `model`; returns its rows, if it selects any."""
        names = {"table": _q(model._meta.db_table), "steps": STEPS, **names}
        filled = sql.format(group="{group}", **names).replace("{table}", names["table"])
        with connection.cursor() as cursor:
            cursor.execute(
                filled.replace("{group}", GROUP),
                {**self.parameters, "label": model._meta.label, **(parameters or {})},
            )
            return cursor.fetchall() if cursor.description else []


def high_water_marks(model: type[Model]) -> dict[str, int]:
    """The highest key of each table that may point at `model`: rows above it were written later."""
    tables = {one.model._meta.label: one.model._meta.db_table for one in relinkers.relinkers_of(model)}
    sql = " UNION ALL ".join(
        f"SELECT '{label}', max(id) FROM {_q(name)}"  # noqa: S608  (names of our own tables)
        for label, name in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {label: number or 0 for label, number in cursor.fetchall()}


def count_rows(logs: Sequence[int]) -> None:
    """Write down how many rows each merge touched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_mergelog l SET rows = s.n FROM (SELECT log_id, sum(cardinality(ids)) AS n"
            " FROM contacts_mergestep WHERE log_id = ANY(%s) GROUP BY log_id) s WHERE s.log_id = l.id",
            [list(logs)],
        )


def _names(relinker: Relinker) -> _Names:
    of_type = f" AND t.{_q(relinker.type_column)} = %(record_type)s" if relinker.type_field else ""
    return {"column": _q(relinker.column), "key": f"'{relinker.column}'", "of_type": of_type}


def _text(name: str) -> str:
    """A column or expression, compared without case and with nothing equal to nothing."""
    return (
        f"lower(coalesce(({name})::text, ''))" if "(" in name else f"lower(coalesce(t.{_q(name)}::text, ''))"
    )


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
