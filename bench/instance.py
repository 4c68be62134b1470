"""Installations for measuring: embedded servers and demo data of a given size, kept for the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import postgres, roles, valkey
from local.fingerprints import data_fingerprint
from local.instance import PROJECT_ROOT, Instance, data_dir, ensure_secrets, postgres_url, write_instance
from local.processes import Child, free_port, stop_in_order

DATABASE = "crm"
# The whole cost of a query falls on the backend that is measured.
_SERIAL = "?options=-c%20max_parallel_workers_per_gather%3D0"


@contextmanager
def installation(contacts: int) -> Iterator[dict[str, str]]:
    """Servers with the demo data of so many contacts; yields the environment of processes that use them.

    The folder is `CRM_DATA/bench/<contacts>`. It is migrated each time, and seeded again when the migrations or the
    demo data have changed.
    """
    folder = data_dir() / "bench" / str(contacts)
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for path in (folder.parent.parent, folder.parent, folder):
            path.chmod(0o711)  # PostgreSQL runs as nobody there
    for name in ("logs", "mail", "media", "beat"):
        (folder / name).mkdir(exist_ok=True)
    children: list[list[Child]] = []
    try:
        environment = _start(folder, children)
        _manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        _manage(environment, "migrate", "--verbosity", "0")
        _seed(contacts, folder, environment)
        yield environment
    finally:
        stop_in_order(list(reversed(children)))


def _start(folder: Path, children: list[list[Child]]) -> dict[str, str]:
    secrets = ensure_secrets(folder)
    port, redis_port = free_port(0), free_port(0)
    log = folder / "logs" / "postgres.log"
    children.append([postgres.start(folder / "postgres", port, secrets.superuser_password, log)])
    children.append([valkey.start(folder / "redis", redis_port, folder / "logs" / "valkey.log")])
    superuser = postgres_url(postgres.SUPERUSER, secrets.superuser_password, port, "postgres")
    roles.ensure_roles(superuser, secrets.owner_password, secrets.app_password)
    if not _is_seeded(folder):
        _drop(superuser)
    roles.ensure_database(superuser, DATABASE)
    application = postgres_url(roles.APP, secrets.app_password, port, DATABASE)
    owner = postgres_url(roles.OWNER, secrets.owner_password, port, DATABASE)
    redis_url = f"redis://127.0.0.1:{redis_port}/0"
    write_instance(
        folder,
        Instance(
            pid=os.getpid(),
            port=1,
            postgres_port=port,
            redis_port=redis_port,
            mail_port=0,
            database_url=application,
            migration_database_url=owner,
            superuser_database_url=superuser,
            redis_url=redis_url,
            email_url="smtp://127.0.0.1:1",
        ),
    )
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm_project.settings",
        "CRM_DATA": str(folder),
        "DATABASE_URL": application + _SERIAL,
        "MIGRATION_DATABASE_URL": owner,
        "REDIS_URL": redis_url,
        "PYTHONWARNINGS": "ignore",
        # one connection for the whole run: its backend's CPU time is read
        "CONN_MAX_AGE": "86400",
    }


def _seed(contacts: int, folder: Path, environment: dict[str, str]) -> None:
    if _is_seeded(folder):
        return
    print(f"seeding {contacts:,} contacts", file=sys.stderr, flush=True)
    _manage(environment, "seed_demo", "--contacts", str(contacts), "--seed", "1", "--progress")
    _manage(environment, "build_custom_indexes")
    connection = roles.connect(environment["MIGRATION_DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connection.close()
    (folder / "seeded").write_text(data_fingerprint(), encoding="ascii")


def _is_seeded(folder: Path) -> bool:
    """Whether the data is there whole, and what would be made today."""
    stamp = folder / "seeded"
    return stamp.exists() and stamp.read_text(encoding="ascii") == data_fingerprint()


def _drop(superuser_url: str) -> None:
    connection = roles.connect(superuser_url)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    connection.close()


def _manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=True, stdout=sys.stderr)
