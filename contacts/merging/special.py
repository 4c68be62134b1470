"""What is special to single tables when people or companies are merged; hooks of their relinkers."""

from django.db import connection

from contacts.merging.engine import Merge
from contacts.models import Affiliation, Company, Consent, Contact, ContactPoint

CHOSEN = (
    "unnest(%(chosen_logs)s::bigint[], %(chosen_kinds)s::text[], %(chosen_members)s::bigint[])"
    " c (log, kind, member)"
)
SPARE_POINTS = """
SELECT id, log FROM (
    SELECT t.id, g.log, row_number() OVER (
        PARTITION BY g.survivor, t.kind ORDER BY c.member IS NULL, t.bounced_at IS NOT NULL,
            t.verified_at IS NULL, g.member <> g.survivor, t.id) AS place
    FROM contacts_contactpoint t JOIN {group} ON t.{link} = g.member
    LEFT JOIN {chosen} ON c.log = g.log AND c.kind = t.kind AND c.member = g.member
    WHERE t.is_primary) held
WHERE place > 1
"""
SPARE_AFFILIATIONS = """
SELECT id, log FROM (
    SELECT t.id, g.log, row_number() OVER (
        PARTITION BY g.survivor ORDER BY c.member IS NULL, t.valid_to IS NOT NULL, g.member <> g.survivor, t.id
        ) AS place
    FROM contacts_affiliation t JOIN {group} ON t.contact_id = g.member
    LEFT JOIN {chosen} ON c.log = g.log AND c.kind = 'company' AND c.member = g.member
    WHERE t.is_primary AND t.deleted_at IS NULL) held
WHERE place > 1
"""
MAIN_COMPANY = """
SELECT * FROM (
    SELECT s.id, g.log, coalesce(
        (SELECT a.company_id FROM contacts_affiliation a
          WHERE a.contact_id = s.id AND a.is_primary AND a.deleted_at IS NULL),
        s.company_id,
        (SELECT min(m.company_id) FROM contacts_contact m WHERE m.id = ANY(%(members)s::bigint[])
            AND m.id IN (SELECT o.member FROM {others} WHERE o.survivor = s.id))) AS company_id,
        s.company_id AS was
    FROM contacts_contact s JOIN {group} ON g.survivor = s.id AND g.member = s.id) found
WHERE company_id IS DISTINCT FROM was
"""
OTHERS = "unnest(%(members)s::bigint[], %(survivors)s::bigint[]) o (member, survivor)"
WITHDRAWALS = """
WITH newest AS (
    SELECT DISTINCT ON (k.contact_id, k.purpose, k.channel)
        g.survivor, k.purpose, k.channel, k.state, k.at, k.id
    FROM contacts_consent k JOIN {group} ON k.contact_id = g.member
    ORDER BY k.contact_id, k.purpose, k.channel, k.at DESC, k.id DESC)
SELECT now(), now(), survivor, purpose, channel, 'withdrawn', 'consent', '', %(said)s, now(), NULL
FROM newest GROUP BY survivor, purpose, channel
HAVING bool_or(state = 'withdrawn') AND (array_agg(state ORDER BY at DESC, id DESC))[1] <> 'withdrawn'
ORDER BY survivor, purpose, channel
"""
CONSENT = "created_at, updated_at, contact_id, purpose, channel, state, basis, wording, source, at, actor_id"
MERGED = "merge"
"""The source of a consent line that a merge writes."""
PARENT_WITHIN = """
SELECT t.id, g.log FROM contacts_company t JOIN {group} ON t.id = g.member
JOIN {others} ON o.member = t.parent_id AND o.survivor = g.survivor
"""
ABOVE = """
WITH RECURSIVE up (id, parent_id) AS (
    SELECT id, parent_id FROM contacts_company WHERE id = %s
    UNION SELECT c.id, c.parent_id FROM contacts_company c JOIN up ON c.id = up.parent_id)
SELECT id FROM up
"""


def settle_points(merge: Merge) -> None:
    """One primary point of each kind: the chosen one, one that works, the verified one, the survivor's."""
    link = "contact_id" if merge.model is Contact else "company_id"
    merge.change(ContactPoint, {"is_primary": "false"}, _filled(SPARE_POINTS).replace("{link}", link))


def settle_affiliations(merge: Merge) -> None:
    """One primary company: the chosen one, a present one, the survivor's."""
    merge.change(Affiliation, {"is_primary": "false"}, _filled(SPARE_AFFILIATIONS))


def settle_company(merge: Merge) -> None:
    """The company that lists show is that of the primary affiliation, or the only one there is."""
    merge.change(Contact, {"company_id": "wanted.company_id"}, _filled(MAIN_COMPANY))


def keep_withdrawals(merge: Merge) -> None:
    """A withdrawal is never lost: where one of the people had withdrawn and another, later, had not, the
    ledger gets a line that withdraws for the one they are."""
    merge.add(Consent, CONSENT, WITHDRAWALS, link="contact_id", said=MERGED)


def free_parents(merge: Merge) -> None:
    """A company can't be its own parent: links inside a group go before its rows are moved."""
    merge.change(
        Company,
        {"parent_id": "NULL"},
        _filled(PARENT_WITHIN),
    )


def settle_parents(merge: Merge) -> None:
    """The parent outside the group, the survivor's first, unless that would close a circle."""
    parents: dict[int, int | None] = dict(
        Company.all_objects.filter(pk__in=merge.parameters["members"]).values_list("pk", "parent_id")
    )
    for group in merge.groups:
        outside = [parents[pk] for pk in group.members if parents.get(pk) not in (None, *group.members)]
        fitting = [pk for pk in outside if pk is not None and group.survivor not in _above(pk)]
        wanted = fitting[0] if fitting else None
        if parents.get(group.survivor) != wanted:
            merge.change_row(Company, group.log.pk, group.survivor, {"parent_id": wanted})


def _filled(sql: str) -> str:
    return sql.replace("{chosen}", CHOSEN).replace("{others}", OTHERS)


def _above(company_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [company_id])
        return {pk for (pk,) in cursor.fetchall()}
