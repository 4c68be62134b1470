"""Keeping the kept sums short."""

from typing import Any

from django.db import connection

from core.services.base import service

MELT = """
WITH gone AS (DELETE FROM sales_dealtally RETURNING *)
INSERT INTO sales_dealtally (pipeline_id, stage_id, team_id, owner_id, deals, base_amount, weighted_percent)
SELECT pipeline_id, stage_id, team_id, owner_id, sum(deals), sum(base_amount), sum(weighted_percent)
FROM gone GROUP BY 1, 2, 3, 4
HAVING sum(deals) <> 0 OR sum(base_amount) <> 0 OR sum(weighted_percent) <> 0
"""
LOCK_KEY = 7_305_001


@service
def compact_tallies(*, actor: Any) -> int:
    """Melt the changes of each (stage, team, owner) into one row and return how many rows are left. Writers
    don't wait, readers see the same sums before and after; two compactions wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        cursor.execute(MELT)
        return int(cursor.rowcount)
