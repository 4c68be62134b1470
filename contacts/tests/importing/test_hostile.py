"""Ten thousand lines that mean harm or were made by accident: each has a fate, none is lost, memory stays small."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from contacts.models import Contact
from contacts.tests.importing.worker import begin
from core.enums import JobState
from core.jobs.running import run
from core.models import ImportRow, Job, User
from core.services.imports import create_import, start_import
from core.tests.factories import make_user
from local.pytest_plugin import LEASE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
COLUMNS = ["First name", "Last name", "E-mail", "Phone", "About", "Name", "Last name", ""]
WIDTH = 300
ROWS = 10_000
LIMIT = 512 * 2**20


@pytest.fixture
def admin() -> User:
    return make_user("admin")


KINDS: tuple[Callable[[str], bytes], ...] = (
    lambda name: f'=HYPERLINK("http://evil"),{name},,,\n'.encode(),
    lambda name: f"{name},\x00{name},a@b.example,\n".encode(),
    lambda name: f"Zo\u00eb,{name},z{name}@example.com,\n".encode("cp1252"),
    lambda name: f"Zo\u00eb \u202e\u200f,{name}\u200e,y{name}@example.com,\n".encode(),
    lambda name: f'"{name}" x,y,,\n'.encode(),
    lambda name: (f"{name}," * (WIDTH + 40) + "end\n").encode(),
    lambda name: f"{name},,not an address,\n".encode(),
    lambda name: f'{name},"open quote,,,\n'.encode(),
    lambda name: b"\xff\xfe\xfa," + f"{name},,12\n".encode(),
    lambda name: f"+cmd|' /C calc'!A0,{name},,\n".encode(),
    lambda name: f"{name},{'y' * 5000},,,\n".encode(),
    lambda name: f",,,,,,,,,{name}\n".encode(),
    lambda name: f"{name},Fine,f{name}@example.com,030 {name[1:]:0>7},ok\n".encode(),
    lambda name: f"{name},Fine,g{name}@example.com,,\n".encode(),
)


def hostile_lines() -> Iterator[bytes]:
    """Lines of every bad kind, each a line of its own to an editor."""
    source = random.Random(7)
    yield (",".join(COLUMNS + [f"c{n}" for n in range(len(COLUMNS), WIDTH)]) + "\n").encode()
    big = "x" * 2**20
    for number in range(ROWS):
        name = f"N{number}"
        if number % 200 == 199:
            yield f'{name},"{big}",,,,\n'.encode()  # a cell of 1 MB
        else:
            yield source.choice(KINDS)(name)


def test_ten_thousand_hostile_lines_each_have_a_fate_in_little_memory(
    admin: User, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    path = tmp_path / "hostile.csv"
    with path.open("wb") as stream:
        stream.writelines(hostile_lines())
    with path.open("rb") as stream:
        batch = create_import(
            actor=admin, target="contacts", stream=stream, name="h.csv", size=path.stat().st_size
        )
    job = start_import(actor=admin, batch=batch, wake=False)
    process = begin(pytestconfig.stash[LEASE], job.pk)
    told = json.loads(process.communicate(timeout=300)[0])
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")
    lines = list(ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", flat=True))
    assert lines == list(range(2, ROWS + 2))
    assert job.result["rows"] == ROWS
    assert job.result["created"] > 1000 and job.result["failed"] > 5000
    assert Contact.objects.count() == job.result["created"]
    batch.refresh_from_db()
    assert batch.error_file.size > 40 * 2**20  # the 1 MB cells are in it as they were
    assert told["peak"] < LIMIT, f"{told['peak'] / 2**20:.0f} MB"


def test_a_worker_killed_at_ten_moments_is_succeeded_and_each_line_is_written_once(
    admin: User, tmp_path: Path
) -> None:
    rows = 3000
    path = tmp_path / "people.csv"
    path.write_text(
        "first name,last name,email,phone,company,tags\n"
        + "".join(
            f"A{n},B{n % 2500},p{n % 2500}@example.com,030 {n % 2500 + 1000000},Firm {n % 40},t{n % 7}\n"
            for n in range(rows)
        )
    )
    with path.open("rb") as stream:
        batch = create_import(actor=admin, target="contacts", stream=stream, name="p.csv", size=1)
    job = start_import(actor=admin, batch=batch, wake=False)
    kills = 0
    for chunk in (90, 130, 70, 110, 150, 60, 100, 80, 140, 120, 1000):
        Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": chunk}, lease_until=None)
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.QUEUED)
        before = Job.objects.get(pk=job.pk).done
        child = forked_worker(job.pk)
        if chunk != 1000:
            child = wait_for_progress(job.pk, before, child)
            os.kill(child, signal.SIGKILL)
            kills += 1
            os.waitpid(child, 0)
        else:
            wait_for_end(job.pk, child)
    job.refresh_from_db()
    assert (kills, job.state, job.result["rows"]) == (10, JobState.DONE, rows)
    lines = list(ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", flat=True))
    assert lines == list(range(2, rows + 2))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT normalised) FROM contacts_contactpoint WHERE kind = 'email'"
        )
        assert cursor.fetchone() == (Contact.objects.count(), 2500)
    assert job.result["created"] == Contact.objects.count()


def forked_worker(job_id: int) -> int:
    """A worker as a child of this process, with a connection of its own; its process id."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            run(job_id)
        finally:
            os._exit(0)
    return child


def wait_for_end(pk: int, child: int) -> None:
    """Until the job is done, by this worker or by the one after it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        os.waitpid(child, 0)
        if Job.objects.get(pk=pk).state == JobState.DONE:
            return
        Job.objects.filter(pk=pk, state=JobState.RUNNING).update(state=JobState.QUEUED, lease_until=None)
        child = forked_worker(pk)
    raise AssertionError("the job did not end")


def wait_for_progress(pk: int, before: int, child: int) -> int:
    """Until the worker has committed something: only then does killing it prove anything. A worker that found the
    job held by the server's end of a killed one goes away; the next one is its successor, whom this returns."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            Job.objects.filter(pk=pk, state=JobState.RUNNING).update(state=JobState.QUEUED, lease_until=None)
            child = forked_worker(pk)
        if Job.objects.get(pk=pk).done > before:
            return child
        time.sleep(0.01)
    raise AssertionError("no progress was seen")
