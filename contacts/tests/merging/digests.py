"""One word for the state of all tables of all apps: what a merge and its undoing must bring back."""

from django.apps import apps
from django.db import connection

from core.history.install import OUR_APPS

OUTSIDE = frozenset(
    {
        "contacts_mergelog", "contacts_mergestep", "core_outboxevent", "core_handledevent", "core_job",
        "contacts_segmenttouch", "contacts_segmentstate", "contacts_segmentpassage",
    }
)  # fmt: skip
"""The merges' own record, queues, and what is kept up from other rows.
Old ids are inside: undoing takes them away."""


def digests() -> dict[str, str]:
    """The digest of each table's rows, without `version` and `updated_at`: they move with every write."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OUR_APPS and model._meta.managed and model._meta.db_table not in OUTSIDE
    )
    parts = [
        f"SELECT '{table}', count(*) || ':' || coalesce(md5(string_agg((to_jsonb(t) - 'version' - 'updated_at')"
        f"::text, '' ORDER BY to_jsonb(t) - 'version' - 'updated_at')), '') FROM \"{table}\" t"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}
