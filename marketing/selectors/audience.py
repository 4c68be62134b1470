"""Who a campaign reaches: the segment's people in the launcher's scope, each judged with a reason."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from contacts.models import Contact, Segment
from contacts.selectors.gate import refusal_case
from contacts.selectors.groups import members
from marketing.enums import LeftOut
from marketing.selectors.merge_fields import FIELDS
from marketing.selectors.permissions import recently_written_sql


def people_of(segment: Segment, user: Any) -> QuerySet[Contact]:
    """The live contacts of a segment that `user` may see, as of this moment; None is the system. Raises
    ConditionError."""
    return members(segment, user, fresh=True)


_MERGED = ", ".join(
    f"'{key}', coalesce({'company' if '__' in path else 'c'}.{path.rpartition('__')[2]}, '')"
    for key, (_label, path) in FIELDS.items()
)

_TOO_SOON = recently_written_sql("reached.id", "reached.frequency")
_REFUSAL = refusal_case(
    address="reached.address",  # qualified: the list of suppressed addresses has a column of that name
    contact="reached",
    state="newest.state",
    paused_until="reached.paused_until",
    consent_needed="%(consent_needed)s",
)

JUDGED = f"""
WITH newest AS (
  SELECT DISTINCT ON (contact_id) contact_id, state
    FROM contacts_consent
   WHERE channel = 'email'
     AND (purpose = %(purpose)s OR (purpose = 'marketing' AND state = 'withdrawn'))
   ORDER BY contact_id, at DESC, id DESC
), reached AS (
  SELECT c.id, c.name, c.do_not_contact, c.deleted_at, point.normalised AS address, point.bounced_at,
         preference.paused_until, preference.frequency, jsonb_build_object({_MERGED}) AS merged
    FROM contacts_contact c
    LEFT JOIN contacts_company company ON company.id = c.company_id
    LEFT JOIN contacts_contactpreference preference ON preference.contact_id = c.id
    LEFT JOIN LATERAL (
      SELECT p.normalised, p.bounced_at FROM contacts_contactpoint p
       WHERE p.contact_id = c.id AND p.kind = 'email' AND p.normalised <> ''
       ORDER BY (p.bounced_at IS NOT NULL), p.is_primary DESC, p.id LIMIT 1
    ) point ON true
   WHERE c.id IN ({{people}})
), judged AS (
  SELECT reached.*, CASE
      WHEN refusal <> '' THEN refusal
      WHEN bounced_at IS NOT NULL THEN '{LeftOut.BOUNCED}'
      WHEN {_TOO_SOON} THEN '{LeftOut.TOO_OFTEN}'
      ELSE '' END AS reason
    FROM reached LEFT JOIN newest ON newest.contact_id = reached.id
   CROSS JOIN LATERAL (SELECT {_REFUSAL} AS refusal) gate
), placed AS (
  SELECT judged.*, row_number() OVER (PARTITION BY address ORDER BY (reason <> ''), id) AS place
    FROM judged
)
"""  # noqa: S608 - constants of this module; the people's query is put in as compiled SQL
"""Common table `placed`: id, name, address, merged, reason, place. The first place of an address is the one
that is sent to; of several people who share one, somebody who may be written to comes first."""


def judged_sql(
    people: QuerySet[Contact], *, purpose: str, consent_needed: bool
) -> tuple[str, dict[str, Any]]:
    """The WITH clause for an audience and its parameters."""
    sql, params = people.order_by().values("pk").query.sql_with_params()
    named = {f"p{number}": value for number, value in enumerate(params)}
    places = iter(named)
    people_sql = re.sub(r"%%|%s", lambda m: m[0] if m[0] == "%%" else f"%({next(places)})s", sql)
    return JUDGED.replace("{people}", people_sql), {
        **named,
        "purpose": purpose,
        "consent_needed": consent_needed,
    }


@dataclass(frozen=True)
class AudienceCount:
    """How many people a launch now would write to, and how many it would leave out for which reason."""

    total: int
    sendable: int
    left_out: dict[str, int]


def count_audience(people: QuerySet[Contact], *, purpose: str, consent_needed: bool) -> AudienceCount:
    """What a launch would do with these people, by the same rules. One query."""
    sql, params = judged_sql(people, purpose=purpose, consent_needed=consent_needed)
    sql += f"""
SELECT CASE WHEN reason <> '' THEN reason WHEN place > 1 THEN '{LeftOut.DUPLICATE_ADDRESS}' ELSE '' END AS fate,
       count(*) FROM placed GROUP BY 1"""  # noqa: S608 - constants of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        fates = dict(cursor.fetchall())
    sendable = fates.pop("", 0)
    return AudienceCount(sendable + sum(fates.values()), sendable, fates)
