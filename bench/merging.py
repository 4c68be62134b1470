"""Merging: milliseconds of one merge by hand, and of each of thousands in a job, with all that makes them undoable.

`python -m bench.merging [--pairs N]` prints the rows as JSON. The reference is what a generic helper does (as in
django-extensions): every related row of the double is read, given the survivor and saved, one by one; it writes
the change history too, but keeps no journal, resolves no doubles and leaves no old id behind.
"""

import argparse
import json
import statistics
import time
from typing import Any

from bench.database import bench_database

GOAL_ONE, GOAL_EACH = 100.0, 10.0
SLICE = 100
PEOPLE = """
INSERT INTO contacts_contact (created_at, updated_at, version, first_name, last_name, name, sort_name, salutation,
    lifecycle_stage, job_title, language, time_zone, country, city, source, do_not_contact, external_id,
    description, activity_at)
SELECT now(), now(), 1, 'Ada', 'Person' || n / 2, 'Ada Person' || n / 2, 'person' || n / 2 || ' ada', '', 'lead', '',
    '', '', 'DE', CASE n %% 2 WHEN 0 THEN 'Berlin' ELSE '' END, 'bench', false, '', '', now()
FROM generate_series(0, %(people)s - 1) n
"""
POINTS = """
INSERT INTO contacts_contactpoint (created_at, updated_at, contact_id, kind, label, value, normalised, is_primary)
SELECT now(), now(), c.id, k.kind, '', k.v, k.v, true FROM contacts_contact c, LATERAL (VALUES
    ('email', replace(c.sort_name, ' ', '.') || '@example.org'), ('phone', '+4930' || c.id)) k (kind, v)
"""
ACTIVITIES = """
INSERT INTO contacts_activity (created_at, updated_at, version, kind, contact_id, subject, body, outcome, direction,
    occurred_at, external_id)
SELECT now(), now(), 1, 'note', c.id, 'Subject', 'Body', '', '', now(), ''
FROM contacts_contact c, generate_series(1, 3)
"""
TIMELINE = """
INSERT INTO contacts_timelineentry
    (contact_id, kind, occurred_at, title, body, data, record_type, object_id, dedupe_key)
SELECT contact_id, 'note', occurred_at, subject, '', '{}', 'activity', id, 'activity:' || id FROM contacts_activity
"""


def measure(pairs: int = 10_000) -> list[dict[str, Any]]:
    """The rows of the bench, from one run on one machine."""
    with bench_database():
        import django

        django.setup()
        from django.db import connection

        with connection.cursor() as cursor:
            for sql in (PEOPLE, POINTS, ACTIVITIES, TIMELINE):
                cursor.execute(sql, {"people": 2 * (pairs + 400)})
            cursor.execute("ANALYZE")
            cursor.execute("SELECT array_agg(id ORDER BY id) FROM contacts_contact")
            (ids,) = cursor.fetchone()
        couples = [(ids[n], ids[n + 1]) for n in range(0, len(ids), 2)]
        one, undone = _by_hand(couples[:200])
        reference = _generic(couples[200:400])
        each = _as_job(couples[400:])
    return [
        _row("merging.one_ms", one, reference, GOAL_ONE),
        _row("merging.undo_ms", undone, None, GOAL_ONE),
        _row(f"merging.each_of_{pairs}_ms", each, reference, GOAL_EACH),
    ]


def _row(name: str, value: float, reference: float | None, goal: float) -> dict[str, Any]:
    ratio = round(value / reference, 2) if reference else None
    return {
        "name": name, "value": round(value, 2), "unit": "ms", "reference": reference and round(reference, 2),
        "ratio": ratio, "goal": goal, "met": value <= goal,
    }  # fmt: skip


def _by_hand(couples: list[tuple[int, int]]) -> tuple[float, float]:
    from contacts.services.merging import merge_records, unmerge

    merges, undos, logs = [], [], []
    for couple in couples:
        started = time.perf_counter()
        logs.append(merge_records(actor=None, record_type="contact", ids=couple))
        merges.append(time.perf_counter() - started)
    for log in reversed(logs[-50:]):
        started = time.perf_counter()
        unmerge(actor=None, log=log)
        undos.append(time.perf_counter() - started)
    return statistics.median(merges) * 1000, statistics.median(undos) * 1000


def _as_job(couples: list[tuple[int, int]]) -> float:
    from contacts.services.merging import merge_many

    started = time.perf_counter()
    for place in range(0, len(couples), SLICE):
        merge_many(actor=None, record_type="contact", groups=couples[place : place + SLICE])
    return (time.perf_counter() - started) * 1000 / len(couples)


def _generic(couples: list[tuple[int, int]]) -> float:
    """Milliseconds of one merge by reading and saving each related row."""
    from django.db import transaction
    from django.utils import timezone

    from contacts.models import Contact

    taken = []
    for keep, double in couples:
        started = time.perf_counter()
        with transaction.atomic():
            survivor = Contact.objects.get(pk=keep)
            other = Contact.objects.get(pk=double)
            for relation in Contact._meta.related_objects:
                # the unique ones would clash: a generic helper leaves them to the caller
                if relation.one_to_one or relation.related_model.__name__ == "ContactPoint":
                    continue
                for row in relation.related_model._base_manager.filter(**{relation.field.name: other}):
                    setattr(row, relation.field.name, survivor)
                    row.save()
            other.deleted_at = timezone.now()
            other.save()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    print(json.dumps(measure(parser.parse_args().pairs)))


if __name__ == "__main__":
    main()
