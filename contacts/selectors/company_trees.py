"""Parents and subsidiaries of companies as a tree, in the viewer's scope."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from contacts.models import Company

MOST = 300
GROUP = """
WITH RECURSIVE up (id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM contacts_company WHERE id = %s
    UNION ALL
    SELECT c.id, c.parent_id, up.depth + 1 FROM contacts_company c JOIN up ON c.id = up.parent_id
    WHERE up.depth < 50 AND c.deleted_at IS NULL
), down (id, depth) AS (
    (SELECT id, 0 FROM up ORDER BY depth DESC LIMIT 1)
    UNION ALL
    SELECT c.id, down.depth + 1 FROM contacts_company c JOIN down ON c.parent_id = down.id
    WHERE down.depth < 50 AND c.deleted_at IS NULL
)
SELECT id FROM down ORDER BY depth, id LIMIT %s
"""
ABOVE = """
WITH RECURSIVE up (id, parent_id) AS (
    SELECT id, parent_id FROM contacts_company WHERE id = %s
    UNION SELECT c.id, c.parent_id FROM contacts_company c JOIN up ON c.id = up.parent_id)
SELECT EXISTS (SELECT 1 FROM up WHERE id = %s)
"""


@dataclass
class Branch:
    """A company with those that belong to it."""

    company: Company
    is_here: bool
    children: list["Branch"] = field(default_factory=list)


def company_tree(company: Company, user: Any) -> list[Branch]:
    """The group that a company belongs to. Companies out of scope are left out; what belongs to them stands
    at the top (two queries)."""
    with connection.cursor() as cursor:
        cursor.execute(GROUP, [company.pk, MOST])
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Company.objects.visible_to(user).filter(pk__in=[*ids, company.pk]).order_by("sort_name", "pk")
    branches = {row.pk: Branch(row, row.pk == company.pk) for row in rows}
    for branch in branches.values():
        above = branches.get(branch.company.parent_id or 0)
        if above is not None:
            above.children.append(branch)
    return [one for one in branches.values() if (one.company.parent_id or 0) not in branches]


def is_above(company_id: int, other_id: int) -> bool:
    """Whether `company_id` is the other one, or stands above it by any number of steps."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [other_id, company_id])
        return bool(cursor.fetchone()[0])
