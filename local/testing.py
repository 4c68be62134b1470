"""The servers behind the test suite: one embedded PostgreSQL and one Valkey per checkout.

A keeper process (`python -m local.testing FOLDER`) holds them while any test session lives, and for a while
after, so that the next session starts at once. Sessions are counted by a shared file lock, which the kernel
releases however a session ends. Each pytest process (each xdist worker) leases a slot: a number that names its
own database `test_crm_<slot>` and its own Redis database.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from local import postgres, roles, valkey
from local.errors import StartError, explain_log
from local.instance import (
    PROJECT_ROOT,
    Instance,
    ensure_secrets,
    postgres_url,
    read_instance,
    read_secrets,
    write_instance,
)
from local.processes import free_port, stop_in_order

_SLOTS = 100
_IDLE_SECONDS = 60.0
_START_SECONDS = 90.0


@dataclass
class Lease:
    """A pytest process's share of the servers, held until the process ends."""

    slot: int
    superuser_url: str
    owner_password: str
    app_password: str
    postgres_port: int
    redis_port: int
    _locks: list[IO[bytes]] = field(default_factory=list, repr=False)

    @property
    def database(self) -> str:
        return f"test_crm_{self.slot}"

    @property
    def database_url(self) -> str:
        return self.app_url(self.database)

    @property
    def migration_database_url(self) -> str:
        return self.owner_url(self.database)

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/{self.slot}"

    def owner_url(self, database: str) -> str:
        """The login that migrates, on one database of the server."""
        return postgres_url(roles.OWNER, self.owner_password, self.postgres_port, database)

    def app_url(self, database: str) -> str:
        """The application's login, on one database of the server."""
        return postgres_url(roles.APP, self.app_password, self.postgres_port, database)


def lease(directory: Path) -> Lease:
    """Start the servers of `directory` unless they run, and take the first free slot. Raises StartError."""
    directory.mkdir(mode=0o711, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        directory.chmod(0o711)
    directory = directory.absolute()
    user_lock = (directory / "users.lock").open("wb")
    fcntl.flock(user_lock, fcntl.LOCK_SH)
    with locked(directory / "keeper.lock"):
        instance = read_instance(directory)
        if instance is None or not instance.is_running():
            instance = _start_keeper(directory)
    secrets = read_secrets(directory)
    if secrets is None:
        raise StartError(f"{directory}/secrets.json is gone: remove {directory} and start again.")
    slot, slot_lock = _take_slot(directory)
    return Lease(
        slot=slot,
        superuser_url=instance.superuser_database_url,
        owner_password=secrets.owner_password,
        app_password=secrets.app_password,
        postgres_port=instance.postgres_port,
        redis_port=instance.redis_port,
        _locks=[user_lock, slot_lock],
    )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _take_slot(directory: Path) -> tuple[int, IO[bytes]]:
    folder = directory / "slots"
    folder.mkdir(exist_ok=True)
    for slot in range(1, _SLOTS + 1):
        file = (folder / f"{slot}.lock").open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        return slot, file
    raise StartError(f"All {_SLOTS} test slots of {directory} are taken: end some of the test runs.")


def _start_keeper(directory: Path) -> Instance:
    log = directory / "keeper.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "local.testing", str(directory)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT_ROOT,
            start_new_session=True,  # it outlives the session that happened to be first
        )
    end = time.monotonic() + _START_SECONDS
    while keeper.poll() is None and time.monotonic() < end:
        instance = read_instance(directory)
        if instance is not None and instance.pid == keeper.pid:
            return instance
        time.sleep(0.05)
    raise explain_log("The servers for tests", log, directory)


def keep(directory: Path) -> None:
    """Run the servers until no session has used them for a minute."""
    secrets = ensure_secrets(directory)
    before = read_instance(directory)
    postgres_port = free_port(before.postgres_port if before else 0)
    database = postgres.start(
        directory / "postgres",
        postgres_port,
        secrets.superuser_password,
        directory / "postgres.log",
        postgres.TEST_OPTIONS,
    )
    redis_port = free_port(before.redis_port if before else 0)
    redis = valkey.start(directory / "redis", redis_port, directory / "redis.log", valkey.TEST_OPTIONS)
    superuser_url = postgres_url(postgres.SUPERUSER, secrets.superuser_password, postgres_port, "postgres")
    roles.ensure_roles(superuser_url, secrets.owner_password, secrets.app_password)

    def record(pid: int) -> None:
        write_instance(
            directory,
            Instance(
                pid=pid,
                port=0,
                postgres_port=postgres_port,
                redis_port=redis_port,
                mail_port=0,
                database_url="",
                migration_database_url="",
                superuser_database_url=superuser_url,
                redis_url="",
                email_url="",
            ),
        )

    record(os.getpid())
    with (directory / "users.lock").open("wb") as users, (directory / "keeper.lock").open("wb") as door:
        _wait_until_unused(users, door, lambda: database.is_alive() and redis.is_alive())
        record(0)
        stop_in_order([[redis], [database]])


def _wait_until_unused(users: IO[bytes], door: IO[bytes], servers_live: Callable[[], bool]) -> None:
    """Return holding `door`, so that a session that comes while the servers stop waits and starts new ones."""
    idle_since = time.monotonic()
    while servers_live():
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            idle_since = time.monotonic()
        else:
            fcntl.flock(users, fcntl.LOCK_UN)
            if time.monotonic() - idle_since > _IDLE_SECONDS and _is_shut(users, door):
                return
        time.sleep(1)


def _is_shut(users: IO[bytes], door: IO[bytes]) -> bool:
    fcntl.flock(door, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(door, fcntl.LOCK_UN)
        return False
    fcntl.flock(users, fcntl.LOCK_UN)  # the next session takes it shared, then waits at the door
    return True


if __name__ == "__main__":
    try:
        keep(Path(sys.argv[1]))
    except StartError as error:
        sys.exit(str(error))
