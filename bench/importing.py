"""Import of contacts against raw COPY of the same finished rows: rows of the file per second.

`python -m bench.importing [--rows N] [--contacts M]` prints the row as JSON. The import does all of its work (parsing,
matching, companies, affiliations, points, addresses, the ledger of fates, history, checkpoints) over as many
people who are there already, or beside the M people of an installation with demo data; COPY then puts the rows
that came of it into the same tables, with their indexes and triggers on, after they were deleted and the tables
vacuumed. Last, a file half of whose people are known is imported and undone. What was imported into an installation
is deleted at the end.
"""

import argparse
import io
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2

from bench.database import bench_database
from bench.instance import installation
from local.instance import read_instance

GOAL_RATIO = 0.25
SAMPLE = 1000
EXPORTED = 50_000
UNDONE = 10_000
HEADER = (
    "external id,first name,last name,email,phone,mobile,company,job title,street,zip,city,country,birthday,"
    "source,notes\n"
)
SYLLABLES = ("ka", "lo", "mi", "ra", "ten", "sa", "vor", "ni", "bel", "dro", "fa", "gun", "hel", "jo", "mar")


def measure(rows: int = 50_000, contacts: int = 0) -> list[dict[str, Any]]:
    """Rows per second of the import and of COPY, in one run on one machine."""
    with _database(contacts) as superuser:
        import django

        django.setup()
        admin = _admin(contacts)
        tables, at_first = _tables(), _highest()
        if not contacts:
            _import(admin, _file(rows, start=0))
            _vacuum(superuser)
        before = _highest()
        fresh = _import(admin, _file(rows, start=rows)), _again_by_copy(superuser, tables, before)
        first = rows + rows // 2  # of the people who are there the last quarter, and as many new ones
        half = _import(admin, _file(rows, start=first, title="Head buyer"), known=rows - rows // 2)
        matched = half, _again_by_copy(superuser, tables, _below(f"B{first}"))
        undone = _undo(admin, min(rows, UNDONE), after=first + rows)
        exported, others = _export(), _django_import_export(admin, min(rows, SAMPLE))
        if contacts:
            _delete(tables, at_first)
            _vacuum(superuser)
    ours = rows / fresh[0]
    return [
        _against_copy("importing.contacts_rows_per_second", rows, *fresh),
        _against_copy("importing.half_matching_rows_per_second", rows, *matched),
        _row("importing.undone_rows_per_second", undone, None, None),
        _row("importing.against_django_import_export", ours, others, None),
        _row("exporting.contacts_rows_per_second", exported, None, None),
    ]


@contextmanager
def _database(contacts: int) -> Iterator[str]:
    """An empty database, or the one of an installation with so many people; yields the superuser's URL."""
    if not contacts:
        with bench_database() as superuser:
            yield superuser
        return
    with installation(contacts) as environment:
        os.environ |= environment
        held = read_instance(Path(environment["CRM_DATA"]))
        if held is None:
            raise RuntimeError("the installation has not told its servers")
        yield held.superuser_database_url


def _admin(contacts: int) -> Any:
    from core.models import User
    from core.tests.factories import make_user

    return User.objects.get(email="admin@demo.example") if contacts else make_user("admin")


def _against_copy(name: str, rows: int, seconds: float, reference: float) -> dict[str, Any]:
    return _row(name, rows / seconds, rows / reference, GOAL_RATIO)


def _row(name: str, ours: float, reference: float | None, goal: float | None) -> dict[str, Any]:
    ratio = None if reference is None else round(ours / reference, 3)
    return {
        "name": name,
        "value": round(ours),
        "unit": "rows/s",
        "reference": None if reference is None else round(reference),
        "ratio": ratio,
        "goal": goal,
        "met": None if goal is None or ratio is None else ratio >= goal,
    }


def _again_by_copy(superuser: str, tables: list[str], before: dict[str, int]) -> float:
    """Seconds that raw COPY takes for the rows that came of an import, after they were deleted."""
    finished = _copy_out(tables, before)
    _delete(tables, before)
    _vacuum(superuser)
    return _copy_in(finished)


def _below(external_id: str) -> dict[str, int]:
    """The highest ids below those of the person and of all people who came after."""
    from contacts.models import Address, Affiliation, Company, Contact, ContactPoint

    first = Contact.objects.get(external_id=external_id).pk
    found = {Contact._meta.db_table: first - 1, Company._meta.db_table: _highest()[Company._meta.db_table]}
    for model in (Affiliation, ContactPoint, Address):
        theirs: Any = model._base_manager.filter(contact_id__gte=first).order_by("pk")
        found[model._meta.db_table] = (theirs.values_list("pk", flat=True).first() or 1) - 1
    return found


def _export() -> float:
    """Rows a second of `EXPORTED` people with every column as CSV, read page by page as all of them would be."""
    from core.exporting.records import RecordExport
    from core.exporting.writing import write_csv
    from core.jobs.memory import seldom_collected

    export = RecordExport("contact", None)
    before = time.perf_counter()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, seldom_collected():
        write_csv(nowhere, export.header, islice(export.lines(), EXPORTED))
    return export.written / (time.perf_counter() - before)


def _django_import_export(admin: Any, rows: int) -> float:
    """Rows a second of what most Django projects import with, on a sample: the people's own table alone,
    without addresses, numbers, companies, matching by name or a ledger."""
    import tablib
    from import_export.resources import ModelResource

    from contacts.models import Contact

    columns = ("external_id", "first_name", "last_name", "job_title", "city", "source", "description")

    class People(ModelResource):
        class Meta:
            model = Contact
            fields = columns
            import_id_fields = ("external_id",)

        def after_import(self, *args: Any, **kwargs: Any) -> None:
            """Sequences are not set anew: the application's login may not."""

    data = tablib.Dataset(headers=columns)
    for number in range(rows):
        data.append((f"X{number}", "Ada", f"Person {number}", "Buyer", "Berlin", "fair", f"no. {number}"))
    before = time.perf_counter()
    result = People().import_data(data, raise_errors=True)
    if result.has_errors():
        raise RuntimeError("django-import-export failed")
    return rows / (time.perf_counter() - before)


def _word(source: random.Random, least: int, most: int) -> str:
    return "".join(source.choice(SYLLABLES) for _ in range(source.randint(least, most))).title()


def _file(rows: int, *, start: int, title: str = "Buyer") -> bytes:
    """A file of people; one in five works for a company of the first thousand."""
    lines = [HEADER]
    for number in range(start, start + rows):
        source = random.Random(number)  # the same person whichever file it is in
        first, last = _word(source, 1, 3), _word(source, 2, 4)
        company = (
            f"{_word(random.Random(number % 1000), 2, 3)} {number % 1000} Ltd" if number % 5 == 0 else ""
        )
        lines.append(
            f"B{number},{first},{last},{first}.{last}{number}@mail{number % 300}.example,"
            f"+49 30 {10_000_000 + number},+49 151 {20_000_000 + number},{company},{title},"
            f"{last}straße {number % 90},{10_000 + number % 80_000},Berlin,Germany,"
            f"19{50 + number % 50}-0{1 + number % 9}-1{number % 10},fair,met at the fair no. {number}\n"
        )
    return "".join(lines).encode()


def _import(admin: Any, data: bytes, known: int = 0) -> float:
    """Wall seconds of the job alone; taking in the file is left out, as COPY gets its rows ready-made. `known` of
    the people have to be found and changed, or nothing was measured."""
    from core.jobs.running import run
    from core.services.imports import create_import, start_import

    batch = create_import(
        actor=admin, target="contacts", stream=io.BytesIO(data), name="bench.csv", size=len(data)
    )
    job = start_import(actor=admin, batch=batch, wake=False)
    before = time.perf_counter()
    done = run(job.pk)
    seconds = time.perf_counter() - before
    if done is None or done.state != "done" or done.result["failed"]:
        raise RuntimeError(f"the import failed: {done and (done.error or done.result)}")
    if done.result["updated"] != known or done.result["created"] != done.result["rows"] - known:
        raise RuntimeError(f"{known} people were to be known: {done.result}")
    return seconds


def _undo(admin: Any, rows: int, *, after: int) -> float:
    """Rows per second of undoing a file of `rows` people, half of whom (those numbered last before `after`) were
    known and are given back what they had."""
    from core.jobs.running import run
    from core.models import ImportBatch
    from core.services.imports import start_undo

    known = rows - rows // 2
    _import(admin, _file(rows, start=after - known, title="Director"), known=known)
    job = start_undo(actor=admin, batch=ImportBatch.objects.latest("pk"), wake=False)
    before = time.perf_counter()
    done = run(job.pk)
    seconds = time.perf_counter() - before
    if done is None or done.state != "done" or (done.result["restored"], done.result["kept"]) != (known, 0):
        raise RuntimeError(f"undoing failed: {done and (done.error or done.result)}")
    return rows / seconds


def _tables() -> list[str]:
    from contacts.models import Address, Affiliation, Company, Contact, ContactPoint

    return [model._meta.db_table for model in (Company, Contact, Affiliation, ContactPoint, Address)]


def _highest() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in _tables():
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def _copy_out(tables: list[str], before: dict[str, int]) -> list[tuple[str, str]]:
    from django.db import connection

    finished = []
    with connection.cursor() as cursor:
        for table in tables:
            buffer = io.StringIO()
            query = f"SELECT * FROM {table} WHERE id > {before[table]} ORDER BY id"
            cursor.copy_expert(f"COPY ({query}) TO STDOUT", buffer)
            finished.append((table, buffer.getvalue()))
    return finished


def _delete(tables: list[str], before: dict[str, int]) -> None:
    from django.db import connection, transaction
    from django.db.models import Q

    from contacts.models import Contact, ContactDuplicate

    people = before[Contact._meta.db_table]
    with transaction.atomic(), connection.cursor() as cursor:
        # the import notes who may be somebody else
        ContactDuplicate.objects.filter(Q(a__gt=people) | Q(b__gt=people)).delete()
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {table} WHERE id > {before[table]}")


def _copy_in(finished: list[tuple[str, str]]) -> float:
    from django.db import connection, transaction

    before = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in finished:
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))
    return time.perf_counter() - before


def _vacuum(superuser: str) -> None:
    """As the superuser: reclaim what was deleted and renew the statistics, in the bench's own database."""
    name = os.environ["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    connection = psycopg2.connect(superuser, dbname=name)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--contacts", type=int, default=0, help="beside the people of such an installation")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.rows, arguments.contacts), indent=1))
