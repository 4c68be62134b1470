"""What is special to relationships and addresses when people or companies are merged; hooks of their relinkers."""

from contacts.merging.engine import Merge
from contacts.models import Address, Contact, Relationship

WITHIN = """
SELECT r.id, g.log FROM contacts_relationship r
JOIN {group} ON g.member = r.contact_id
JOIN unnest(%(members)s::bigint[], %(survivors)s::bigint[]) o (member, survivor) ON o.member = r.other_id
WHERE o.survivor = g.survivor
"""
SPARE_ABOVE = """
SELECT id, log FROM (
    SELECT r.id, g.log, row_number() OVER (
        PARTITION BY g.survivor, r.kind_id ORDER BY g.member <> g.survivor, r.id) AS place
    FROM contacts_relationship r
    JOIN contacts_relationshipkind k ON k.id = r.kind_id AND k.is_hierarchy
    JOIN {group} ON g.member = r.contact_id) held
WHERE place > 1
"""
CIRCLES = """
WITH RECURSIVE up (first, log, kind_id, id) AS (
    SELECT r.id, g.log, r.kind_id, r.other_id FROM contacts_relationship r
    JOIN contacts_relationshipkind k ON k.id = r.kind_id AND k.is_hierarchy
    JOIN {group} ON g.survivor = r.contact_id AND g.member = g.survivor
    UNION
    SELECT up.first, up.log, up.kind_id, r.other_id FROM up
    JOIN contacts_relationship r ON r.contact_id = up.id AND r.kind_id = up.kind_id)
SELECT DISTINCT up.first AS id, up.log FROM up
JOIN contacts_relationship r ON r.id = up.first WHERE up.id = r.contact_id
"""
SPARE_ADDRESSES = """
SELECT id, log FROM (
    SELECT a.id, g.log, row_number() OVER (PARTITION BY g.survivor ORDER BY g.member <> g.survivor, a.id) AS place
    FROM contacts_address a JOIN {group} ON a.{link} = g.member WHERE a.is_primary) held
WHERE place > 1
"""


def settle_addresses(merge: Merge) -> None:
    """One primary address: the survivor's, else the oldest."""
    link = "contact_id" if merge.model is Contact else "company_id"
    merge.change(Address, {"is_primary": "false"}, SPARE_ADDRESSES.replace("{link}", link))


def settle_relationships(merge: Merge) -> None:
    """Nobody is related to themselves, and one person stands above: the survivor's, else the oldest."""
    merge.remove(Relationship, WITHIN)
    merge.remove(Relationship, SPARE_ABOVE)


def open_circles(merge: Merge) -> None:
    """Whoever would now stand above themselves loses the person above."""
    merge.remove(Relationship, CIRCLES)
