"""`make run` as a person has it: real processes, killed and started again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg2
import pytest
import redis

from local.instance import PROJECT_ROOT, parse_database_url, read_instance, read_secrets
from local.processes import free_port
from local.tests.running import OWN_SERVERS, Run, processes_of, remove_servers_of

# one process runs them all, so that they migrate once
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("runner")]


def connect(data: Path, owner: bool = False) -> Any:
    instance = read_instance(data)
    assert instance is not None
    address = parse_database_url(instance.migration_database_url if owner else instance.database_url)
    connection = psycopg2.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        dbname=address.name,
    )
    connection.autocommit = True
    return connection


def secret_key(data: Path) -> str:
    secrets = read_secrets(data)
    assert secrets is not None
    return secrets.secret_key


def is_worker(pid: int) -> bool:
    try:
        return b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False  # ended in between


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.1)


def kept_rows(data: Path) -> list[int]:
    connection = connect(data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept ORDER BY n")
        rows = [n for (n,) in cursor.fetchall()]
    connection.close()
    return rows


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance that was started once and stopped; each test gets copies, as migrating takes its time."""
    home = tmp_path_factory.mktemp("home")
    run = Run(home / "data", free_port())
    run.wait_until_ready()
    assert run.interrupt() == 0
    yield home / "data"
    remove_servers_of(home)


@pytest.fixture
def folder(tmp_path: Path, migrated: Path) -> Iterator[Path]:
    """A data folder in a home of mode 0700; whatever still runs on it is killed afterwards."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    copy_instance(migrated, home / "data")
    yield home / "data"
    remove_servers_of(home)


def copy_instance(source: Path, target: Path) -> None:
    """A second instance with the same content, owners and modes kept."""
    subprocess.run(["cp", "-a", source, target], check=True)
    (target / "instance.json").unlink(missing_ok=True)  # a copy of a copy has none
    link = target / "postgres"
    if link.is_symlink():  # root's, which others must be able to enter
        elsewhere = link.resolve().with_name(f"instance-{token_hex(8)}")
        subprocess.run(["cp", "-a", link.resolve(), elsewhere], check=True)
        link.unlink()
        link.symlink_to(elsewhere)


def test_run_keeps_every_committed_row_over_kill_9_and_ends_without_leftovers(folder: Path) -> None:
    first = Run(folder, free_port())
    first.wait_until_ready()
    owner = connect(folder, owner=True)
    with owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n int)")
    owner.close()
    connection = connect(folder)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (1), (2)")
    instance = read_instance(folder)
    assert instance is not None
    redis.Redis.from_url(instance.redis_url).rpush("queue", "task")
    time.sleep(1.1)  # the log of the queue is written to disk every second
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (3)")
    first.kill_everything()

    second = Run(folder, first.port)
    seconds = second.wait_until_ready()
    assert kept_rows(folder) == [1, 2, 3]
    again = read_instance(folder)
    assert again is not None
    assert redis.Redis.from_url(again.redis_url).lrange("queue", 0, -1) == [b"task"]
    assert seconds < 60  # a limit for what hangs; the measured time is in docs/operations.md

    assert second.interrupt() == 0
    assert processes_of(folder) == []
    stopped = read_instance(folder)
    assert stopped is not None
    assert stopped.pid == 0


PLANT = """
from django.core.files.base import ContentFile
from contacts.services.parties import create_contact, update_contact
from core.models import User
from core.services.files import attach_file
User.objects.create_superuser("admin@example.org", name="Admin")
kept = create_contact(actor=None, first_name="Stays", last_name="Here", email="stays@example.org")
gone = create_contact(actor=None, first_name="Zenobia", last_name="Quimby", email="zenobia@quimby.example")
update_contact(actor=None, contact=gone, changes={"job_title": "Beekeeper"})
update_contact(actor=None, contact=gone, changes={"job_title": "Beekeeper Zenobia Quimby"})
for record in (kept, gone):
    attach_file(actor=None, record=record, name=f"{record}.txt", content=ContentFile(f"Dear {record}".encode()))
"""
REFUSE = """
from contacts.models import Contact
from contacts.services.preferences import stop_all
stop_all(actor=None, contact=Contact.objects.get(last_name="Here"), source="their own page")
"""
LETTER = (
    b"X-Envelope-To: zenobia@quimby.example\r\nTo: Zenobia Quimby <zenobia@quimby.example>\r\n\r\nhello\r\n"
)
WHO = ("zenobia@quimby.example", "Zenobia Quimby")
COMES_BACK = (
    "First name,Last name,E-mail\nZenobia,Quimby,Zenobia@Quimby.example\nNew,Person,new@example.org\n"
)


def manage(data: Path, *arguments: str, module: bool = False) -> tuple[int, dict[str, Any]]:
    """A command as an operator types it: its exit code, and the JSON in its last line if there is one."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SERVERS}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *(("-m",) if module else ("manage.py",)), *arguments],
        cwd=PROJECT_ROOT,
        env={**kept, "CRM_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    last = (done.stdout.strip().splitlines() or [""])[-1]
    return done.returncode, json.loads(last) if last.startswith("{") else {}


def test_restored_backup_has_every_row_but_nobody_who_was_erased_since(folder: Path) -> None:
    """By the commands of docs/operations.md: back up, erase, refuse, restore with both logs, start; then the
    decoding scan of database, history, uploads, logs, queue and mail store, and the same address imported again."""
    first = Run(folder, free_port())
    first.wait_until_ready()
    assert manage(folder, "shell", "-v", "0", "-c", PLANT) == (0, {})
    (folder / "mail" / "new").mkdir(parents=True, exist_ok=True)
    (folder / "mail" / "new" / "1.letter").write_bytes(LETTER)
    saved, restored = folder.with_name("saved.tar"), folder.with_name("restored")
    assert manage(folder, "local.backup", "create", str(saved), module=True)[0] == 0
    code, erased = manage(folder, "erase_person", WHO[0])
    assert (code, erased["files"]) == (0, 1)
    log = folder / "erasures" / "erasures.jsonl"
    assert manage(folder, "shell", "-v", "0", "-c", REFUSE) == (0, {})
    refusals = log.with_name("refusals.jsonl")
    wait_for(lambda: refusals.exists() and len(refusals.read_text().splitlines()) == 2)
    assert first.interrupt() == 0

    assert (
        manage(restored, "local.backup", "restore", str(saved), "--erasures", str(log), module=True)[0] == 0
    )
    second = Run(restored, first.port)
    second.wait_until_ready()
    code, left = manage(restored, "scan_for_person", *WHO)
    assert (code, left["found"]) == (0, 0)
    with connect(restored).cursor() as cursor:
        cursor.execute("SELECT name, deleted_at IS NOT NULL FROM contacts_contact ORDER BY id")
        assert cursor.fetchall() == [("Stays Here", False), ("", True)]
        cursor.execute("SELECT subject, reason FROM history.erasure")
        assert cursor.fetchall() == [(f"contact:{erased['contact']}", "restore")], (
            "the backup held the person"
        )
        cursor.execute("SELECT address, reach FROM contacts_suppression WHERE cause = 'unsubscribed'")
        assert cursor.fetchall() == [("stays@example.org", "marketing")], "the backup knew of no refusal"
        cursor.execute("SELECT purpose, state, source FROM contacts_consent")
        assert cursor.fetchall() == [("marketing", "withdrawn", "restore")]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), connect(restored).cursor() as cursor:
        cursor.execute("TRUNCATE contacts_contact")
    uploads = [path.read_text() for path in (restored / "media").rglob("*") if path.is_file()]
    assert uploads == ["Dear Stays Here"]
    assert secret_key(restored) == secret_key(folder)

    letters = folder.with_name("people.csv")
    letters.write_text(COMES_BACK)
    arguments = ("import_records", str(letters), "--target", "contacts", "--as", "admin@example.org")
    code, imported = manage(restored, *arguments)
    assert (code, imported["created"], imported["failed"]) == (0, 1, 1), "the tombstone refuses the address"
    assert second.interrupt() == 0


def test_first_run_loads_the_demo_with_a_bar_and_names_its_logins(folder: Path) -> None:
    run = Run(folder, free_port(), DEMO="1")
    run.wait_until_ready()
    bar = [line for line in run.output.splitlines() if line.startswith("demo data [")]
    assert len(bar) > 10
    assert f"[{'#' * 30}] done" in bar[-1]
    logins = "admin|manager|sales|service|marketing|readonly@demo.example, password: demo"
    assert f"\nlogins: {logins}\n" in run.output
    with connect(folder).cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_contact WHERE deleted_at IS NULL")
        people = cursor.fetchone()[0]
    assert 2900 < people < 3300
    assert run.interrupt() == 0


def test_run_beside_another_says_what_is_taken(folder: Path) -> None:
    neighbour = folder.with_name("neighbour")
    copy_instance(folder, neighbour)
    run, beside = Run(folder, free_port()), Run(neighbour, free_port())
    run.wait_until_ready()
    beside.wait_until_ready()
    first, second = read_instance(folder), read_instance(neighbour)
    assert first is not None
    assert second is not None
    assert first.database_url != second.database_url
    assert first.redis_url != second.redis_url

    same = Run(folder, free_port())
    assert same.ended() == 1
    assert same.output == (
        f"\nThe instance in {folder} is running already at http://127.0.0.1:{run.port} (process {run.pid}): "
        "use that one, or give this one a folder and a port of its own with CRM_DATA and PORT.\n"
    )
    third = Run(folder.with_name("third"), run.port)
    assert third.ended() == 1
    assert third.output == (
        f"\nPort {run.port} is taken by another program: stop that one, "
        f"or choose another port: PORT={run.port + 1} make run.\n"
    )


def test_run_starts_a_killed_worker_again_and_never_outlives_its_own_end(folder: Path) -> None:
    run = Run(folder, free_port())
    run.wait_until_ready()
    worker = next(pid for pid in processes_of(folder) if is_worker(pid))
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: any(is_worker(pid) for pid in set(processes_of(folder)) - {worker}))
    assert worker not in processes_of(folder)
    assert run.pid in processes_of(folder), "the program itself went on"
    os.kill(run.pid, signal.SIGKILL)
    wait_for(lambda: not processes_of(folder))


def test_run_with_a_senseless_port_says_so(tmp_path: Path) -> None:
    run = Run(tmp_path / "data", 99999)
    assert run.ended() == 1
    assert run.output == "\nPORT=99999 is not a port: give a number from 1 to 65535.\n"


def test_run_with_servers_that_do_not_answer_says_which(folder: Path) -> None:
    port = free_port()
    run = Run(folder, free_port(), DATABASE_URL=f"postgresql://crm_app:secret@127.0.0.1:{port}/crm")
    assert run.ended() == 1
    assert run.output.startswith(
        "\nThe server of DATABASE_URL (or MIGRATION_DATABASE_URL) refused: connection to "
    )
    assert "secret" not in run.output
    assert "Traceback" not in run.output
    run = Run(folder, free_port(), REDIS_URL="http://127.0.0.1")
    assert run.ended() == 1
    assert "\nREDIS_URL is not usable: Redis URL must specify one of the following schemes" in run.output
    assert "Traceback" not in run.output
    run = Run(folder, free_port(), EMAIL_URL="mail.example:25")
    assert run.ended() == 1
    assert run.output == "\nEMAIL_URL begins with smtp://, smtp+tls:// or smtps://, not mail.example://.\n"


def test_run_in_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = Run(tmp_path / "file" / "data", free_port())
    assert run.ended() == 1
    assert run.output == f"\n{tmp_path / 'file' / 'data'}: Not a directory.\n"
