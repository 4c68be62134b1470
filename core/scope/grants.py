"""What a person's roles grant, as the database has it now.

Every request asks for it. So the question is one statement, and what the answer means is worked out once for each
answer: it is kept by the answer's own words and can't be out of date.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from core.enums import AccessLevel, Action
from core.registries import hiding

GRANTS = """
SELECT coalesce((
         SELECT json_agg(json_build_array(role.capabilities, to_json(given)) ORDER BY role.id, given.record_type)
           FROM core_user_roles member
           JOIN core_role role ON role.id = member.role_id
           LEFT JOIN LATERAL (
             SELECT record_type, "view", "add", change, remove, export, hidden_fields, read_only_fields
               FROM core_rolegrant WHERE role_id = role.id
           ) given ON true
          WHERE member.user_id = %s
       )::text, '[]'),
       ARRAY(
         SELECT team.id FROM core_team own JOIN core_team team ON starts_with(team.path, own.path)
          WHERE own.id = %s ORDER BY team.path
       )
"""
COLUMNS = {Action.DELETE: "remove"}
"""The grant's column for an action, where it is not the action's own name."""


@dataclass(frozen=True)
class Grants:
    """The widest level by (record type, action); a field is hidden or read-only where every role that grants the
    view says so."""

    levels: dict[tuple[str, str], AccessLevel]
    hidden: dict[str, frozenset[str]]
    read_only: dict[str, frozenset[str]]
    capabilities: frozenset[str]


def grants_of(user_id: int, team_id: int | None) -> tuple[Grants, tuple[int, ...]]:
    """What the person's roles grant, and the teams from theirs downwards."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, [user_id, team_id])
        said, team_ids = cursor.fetchone()
    return _folded(said), tuple(team_ids)


@lru_cache(maxsize=256)
def _folded(said: str) -> Grants:
    roles = json.loads(said)
    grants = [grant for _capabilities, grant in roles if grant is not None]
    return Grants(
        levels=_widest(grants),
        hidden=hiding.with_copies(_common(grants, "hidden_fields")),
        read_only=_common(grants, "read_only_fields"),
        capabilities=frozenset(name for capabilities, _grant in roles for name in capabilities),
    )


def _widest(grants: list[dict[str, Any]]) -> dict[tuple[str, str], AccessLevel]:
    levels: dict[tuple[str, str], AccessLevel] = {}
    for grant in grants:
        for action in Action:
            level = AccessLevel(grant[COLUMNS.get(action, action.value)])
            key = (grant["record_type"], action.value)
            if level.rank > levels.get(key, AccessLevel.NONE).rank:
                levels[key] = level
    return levels


def _common(grants: list[dict[str, Any]], column: str) -> dict[str, frozenset[str]]:
    fields: dict[str, frozenset[str]] = {}
    for grant in grants:
        if grant["view"] == AccessLevel.NONE:
            continue
        names = hiding.with_all(grant["record_type"], frozenset(grant[column]))
        known = fields.get(grant["record_type"])
        fields[grant["record_type"]] = names if known is None else known & names
    return fields
