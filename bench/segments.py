"""Segments at a million contacts: counting a new rule, a kept segment, keeping a hundred up, and filling them.

`delay` is what a person waits: from the commit of an edit by a service until the membership's row says so, with the
real worker and beat running. `bulk` is a change of many at once, and what an edit waits behind it.

`python -m bench.segments --contacts N` prints the rows as JSON. The measuring runs in a process of its own with the
environment of `bench.instance`; what it writes is rolled back or taken away again, but for the filled segments.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.instance import installation
from bench.rows import row

FULL = 1_000_000
SEGMENTS = 100
CHANGED = 1_000
EDITS = 20
BULK = 100_000
SOON = 5
"""Seconds within which a change has to be in its segments."""
PREFIX = "bench "
WORD = "Measured by the bench"
LIMIT = 120_000
"""Milliseconds after which the naive way is given up."""


def measure(contacts: int, segments: int) -> list[dict[str, Any]]:
    with installation(contacts) as environment:
        command = [sys.executable, "-m", "bench.segments", "--here", "--segments", str(segments)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return _rows(found, contacts)


def _rows(found: dict[str, Any], contacts: int) -> list[dict[str, Any]]:
    at = f"segments.{contacts}"
    naive, upkeep, filled = found["naive"], found["changed"], found["filled"]
    rows = [
        _row(f"{at}.six_conditions.kept", found["kept"] * 1000, "ms", 1000),
        _row(f"{at}.six_conditions.while_typing", found["typing"] * 1000, "ms", 1000),
        _row(f"{at}.six_conditions.worked_out", found["live"] * 1000, "ms"),
        _row(f"{at}.page_of_members", found["page"] * 1000, "ms"),
        _row(f"{at}.one_changed", found["one"] * 1000, "ms"),
        _row(f"{at}.{CHANGED}_changed.judged", upkeep * 1000, "ms"),
        _row(f"{at}.delay.median", statistics.median(found["delays"]), "s", SOON),
        _row(f"{at}.delay.longest", max(found["delays"]), "s", SOON),
        _row(f"{at}.bulk_of_{found['bulk']['people']}.settled", found["bulk"]["settled"], "s"),
        _row(f"{at}.bulk_of_{found['bulk']['people']}.delay_of_an_edit", found["bulk"]["delay"], "s"),
        _row(f"{at}.filled", filled, "s"),
        _row(f"{at}.memberships", found["memberships"], "rows"),
    ]
    against = [
        _against(f"{at}.{CHANGED}_changed.naive", naive, upkeep),
        _against(f"{at}.{CHANGED}_changed.all_recomputed", filled, upkeep),
    ]
    return [*rows, *against]


def _against(name: str, other: float, upkeep: float) -> dict[str, Any]:
    """Another way in milliseconds, with how many times longer it takes than keeping up."""
    made = _row(name, other * 1000, "ms")
    return {**made, "reference": round(upkeep * 1000, 1), "ratio": round(other / upkeep, 1)}


def _row(name: str, value: float, unit: str, goal: float | None = None) -> dict[str, Any]:
    return row(name, round(value, 2), unit, goal)


# In the process that measures


def _here(wanted: int) -> dict[str, Any]:
    import django

    django.setup()
    segments = _segments(wanted)
    filled = _filled()
    found: dict[str, Any] = {"filled": filled, "memberships": _memberships(), **_counts(segments[0])}
    found.update(_changes(segments))
    with real_worker():
        found["delays"] = [delay_of_edit(number) for number in range(EDITS)]
        print(found, file=sys.stderr, flush=True)
        found["bulk"] = _bulk()
    return found


def leaf(field: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value, **more}


def six_conditions() -> dict[str, Any]:
    """Orders, money, silence, consent, place and tickets."""
    return {"all": [
        leaf("lifecycle", "in", ["customer", "opportunity", "lead"]),
        leaf("orders.count", "gte", 1, last=730),
        leaf("purchases.total", "gt", 100, last=730),
        {"not": leaf("has_overdue_ticket", "is", True)},
        {"any": [leaf("country", "is", "DE"), leaf("activities.count", "gte", 1, last=365)]},
    ]}  # fmt: skip


def rules(wanted: int) -> list[dict[str, Any]]:
    """As many rules of one to six conditions, drawn from some seventy different ones."""
    random_ = random.Random(7)
    pool = [
        *(leaf("orders.count", "gte", n, last=days) for n in (1, 2, 3, 5) for days in (30, 90, 365)),
        *(leaf("purchases.total", "gt", n, last=days) for n in (100, 500, 2000) for days in (90, 365, 730)),
        *(leaf("activities.count", "is", 0, last=days) for days in (30, 60, 90, 180)),
        *(leaf("activities.count", "gte", n, last=90) for n in (1, 3, 5)),
        *(leaf("tickets.count", "gte", n, last=days) for n in (1, 2) for days in (30, 180)),
        *(leaf("deals_decided.count", "gte", 1, last=days, where=leaf("status", "in", ["won"])) for days in (90, 365)),
        *(leaf("lifecycle", "in", [stage]) for stage in ("lead", "customer", "opportunity", "former", "subscriber")),
        *(leaf("country", "is", code) for code in ("DE", "AT", "CH", "FR", "GB", "US", "NL", "PL")),
        *(leaf("last_activity", "in_last", days) for days in (7, 30, 90)),
        *(leaf("created", "in_last", days) for days in (30, 90, 365)),
        *(leaf("last_order", "not_in_last", days) for days in (90, 365)),
        leaf("consent", "is", True), leaf("do_not_contact", "is", False), leaf("has_open_deal", "is", True),
        leaf("has_won_deal", "is", True), leaf("has_open_ticket", "is", True), leaf("has_overdue_ticket", "is", True),
        leaf("email", "not_empty", None), leaf("phone", "empty", None), leaf("tags", "not_empty", None),
        leaf("company_employees", "gte", 50), leaf("job_title", "contains", "manager"),
    ]  # fmt: skip
    made = [six_conditions()]
    while len(made) < wanted:
        chosen = random_.sample(pool, random_.randint(1, 5))
        nodes = [{"not": one} if random_.random() < 0.15 else one for one in chosen]
        made.append({random_.choice(["all", "all", "any"]): nodes})
    return made


def _segments(wanted: int) -> list[Any]:
    from contacts.models import Segment
    from contacts.services.segments import create_segment

    names = [*(f"{PREFIX}{number}" for number in range(wanted - 1)), f"{PREFIX}edited"]
    there = {one.name: one for one in Segment.objects.filter(name__in=names)}
    for name, rule in zip(names, [*rules(wanted - 1), _told()], strict=True):
        if name not in there:
            there[name] = create_segment(actor=None, name=name, rule=rule)
    return [there[name] for name in names]


def _filled() -> float:
    """Seconds to judge everybody by all segments, from nothing."""
    from django.utils import timezone

    from contacts.models import KeptSegment, SegmentBaseline, SegmentPassage, SegmentState
    from contacts.segmentation.upkeep import fill_batch

    for model in (SegmentPassage, SegmentBaseline, SegmentState, KeptSegment):
        model.objects.all().delete()
    begun, done = time.perf_counter(), 0
    while (filled := fill_batch(timezone.now())) is not None:
        done += filled
        if done % 100_000 == 0:
            print(f"filled {done:,} in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return time.perf_counter() - begun


def _memberships() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(bit_count(bits::bit varying)) FROM contacts_segmentstate")
        return int(cursor.fetchone()[0] or 0)


def _counts(segment: Any) -> dict[str, float]:
    from django.db import connection

    from contacts.segmentation.estimate import estimate
    from contacts.selectors.groups import matching_rule, members
    from core.conditions.tree import parse

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_segmentstate")
    rule = parse(segment.rule)

    def typing() -> None:
        from contacts.models import Contact

        estimate(rule, matching_rule(Contact.objects.all(), rule, None), None)

    people = members(segment, None)
    return {
        "kept": _median(people.count),
        "typing": _median(typing),
        "live": _median(lambda: members(segment, None, live=True).count(), times=1),
        "page": _median(lambda: list(people.order_by("sort_name", "pk").values_list("pk", flat=True)[:50])),
    }


def _median(work: Callable[[], Any], times: int = 5) -> float:
    taken = []
    for _turn in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _changes(segments: list[Any]) -> dict[str, float]:
    """A thousand people edited: how long judging takes, and the naive way."""
    from contacts.models import Contact
    from contacts.segmentation.upkeep import keep_up

    keep_up(seconds=600)
    ids = list(Contact.objects.order_by("-pk").values_list("pk", flat=True)[:50_000:50])[:CHANGED]

    def change(some: list[int], country: str) -> float:
        Contact.objects.filter(pk__in=some).update(country=country)
        begun = time.perf_counter()
        keep_up(seconds=60)
        return time.perf_counter() - begun

    one = statistics.median([change(ids[:1], country) for country in ("AT", "CH", "DE")])
    judged = statistics.median([change(ids, country) for country in ("AT", "CH", "DE")])
    return {"one": one, "changed": judged, "naive": _naive(ids, segments)}


def _naive(ids: list[int], segments: list[Any]) -> float:
    """The rules' own SQL with `id = any(…)` tacked on, fifteen of them, scaled to all."""
    from django.db import OperationalError, connection, transaction

    from contacts.models import Contact
    from contacts.selectors.groups import member_condition

    begun, some = time.perf_counter(), segments[:15]
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(LIMIT)])
            for segment in some:
                list(
                    Contact.objects.filter(
                        member_condition(segment, None, live=True), pk__in=ids
                    ).values_list("pk")
                )
    except OperationalError:
        print("the naive way was given up", file=sys.stderr)
    return (time.perf_counter() - begun) * len(segments) / len(some)


def _told() -> dict[str, Any]:
    return leaf("job_title", "is", WORD)


@contextmanager
def real_worker() -> Iterator[None]:
    """The worker and the beat of `make run`; the measurements begin when the worker has done its first round."""
    celery = [sys.executable, "-m", "celery", "-A", "crm_project"]
    schedule = Path(os.environ["CRM_DATA"]) / "beat" / "bench"
    commands = (
        ("worker", "--queues", "default,mail,batch", "--concurrency", "2", "--loglevel", "ERROR"),
        ("beat", "--loglevel", "ERROR", "--pidfile=", "--schedule", str(schedule)),
    )
    running = [subprocess.Popen([*celery, *one], stdout=subprocess.DEVNULL) for one in commands]
    try:
        delay_of_edit(0)
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            _wait_or_kill(one)


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    # a task of the night may be at work on a million people: nobody here waits for it
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def delay_of_edit(number: int) -> float:
    """Seconds from the commit of a service's write until the bits say so. Raises TimeoutError after ten minutes."""
    from contacts.models import Contact, Segment
    from contacts.segmentation.bits import in_slot
    from contacts.services.parties import update_contact

    segment = Segment.objects.get(name=f"{PREFIX}edited")
    contact = Contact.objects.order_by("pk")[number * 7 : number * 7 + 1].get()
    before = contact.job_title
    told = in_slot(segment.kept.slot).filter(contact=contact)
    update_contact(actor=None, contact=contact, changes={"job_title": WORD})
    taken = _until(told.exists)
    update_contact(actor=None, contact=contact, changes={"job_title": before if before != WORD else ""})
    _until(lambda: not told.exists())
    time.sleep(0.37 * (number % 5))  # not always at the same moment of the beat
    return taken


def _until(holds: Callable[[], bool]) -> float:
    begun = time.perf_counter()
    while not holds():
        if time.perf_counter() - begun > 600:
            raise TimeoutError("the worker has not judged the contact")
        time.sleep(0.02)
    return time.perf_counter() - begun


def _bulk() -> dict[str, float]:
    """Many changed by one statement while the worker runs: how long until all are judged, and how long the edit of
    another one takes meanwhile."""
    from contacts.models import Contact
    from contacts.segmentation.upkeep import pending

    last = list(Contact.objects.order_by("-pk").values_list("pk", flat=True)[:BULK])[-1]
    changed = Contact.objects.filter(pk__gte=last).update(best_hour=13)
    begun = time.perf_counter()
    delay = delay_of_edit(1)
    _until(lambda: not pending())
    return {"people": changed, "delay": delay, "settled": time.perf_counter() - begun}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=FULL)
    parser.add_argument("--segments", type=int, default=SEGMENTS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        print(json.dumps(_here(arguments.segments)))
    else:
        print(json.dumps(measure(arguments.contacts, arguments.segments)))


if __name__ == "__main__":
    main()
