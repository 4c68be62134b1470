"""The application's own processes: what must be done before them, web, worker and beat, and their watch."""

import http.client
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from local.database_state import has_rows, migrated_stamp
from local.errors import explain_log
from local.instance import PROJECT_ROOT, connection_settings
from local.processes import Child, spawn

DEMO_LOGINS = ("admin", "manager", "sales", "service", "marketing", "readonly")
_READY_SECONDS = 300.0  # only for what hangs: a loaded machine takes its time
_RESTARTS = 5
_RESTART_WINDOW = 60.0

REPLAY = "replay-erasures"
"""A file of this name in an instance's folder: its next start erases again whom a restore brought back."""


@dataclass(frozen=True)
class Program:
    """A process that runs as long as the instance does, and is started again when it ends by itself."""

    name: str
    command: tuple[str, ...]
    grace: float = 15.0


@dataclass
class Application:
    """The product on this machine, once its servers are up and recorded in the instance file."""

    data: Path
    port: int
    say: Callable[[str], None]
    log: Callable[[str], Path]
    _static: Child | None = None
    _running: list[Child] = field(default_factory=list)
    _ended: list[float] = field(default_factory=list)

    def begin_static(self) -> Child:
        """Start building what browsers load: it takes what the database leaves of the machine. `start` awaits it."""
        self._static = self._python("static", "-m", "local.static")
        return self._static

    def prepare(self, stop: Event) -> None:
        """Migrate, where there is something new. Raises StartError."""
        migrated = migrated_stamp(self._database_url)
        if not migrated or _read(self.data / "migrated") != migrated:
            self._finish(self._manage("migrate", "migrate", "--verbosity", "1"), stop)
            if not stop.is_set():
                (self.data / "migrated").write_text(migrated_stamp(self._database_url))
                self.say("the database is migrated")
        if (self.data / REPLAY).exists() and not stop.is_set():
            self._finish(self._manage("erasures", "replay_erasures"), stop)
            (self.data / REPLAY).unlink()
            self.say("whoever was erased since the backup is erased again")

    def load_demo(self, stop: Event, wanted: bool) -> None:
        """Load the demonstration data into an empty database, with its progress on the terminal."""
        if not wanted or has_rows(self._database_url, "core_user"):
            return
        self.say("loading the demonstration data (about 3,000 contacts)")
        command = (
            sys.executable,
            *["manage.py", "seed_demo", "--contacts", "3000", "--seed", "1", "--progress"],
        )
        seeding = spawn("seed_demo", command, environ=self._environment(), cwd=PROJECT_ROOT)
        self._finish(seeding, stop)

    def start(self, stop: Event) -> list[Child]:
        """Start the web server, and when its pages answer worker and beat. Raises StartError when they don't.

        The list stays current when one of them is started again.
        """
        if self._static is not None:
            self._finish(self._static, stop)
        web, *others = self._programs()
        self._running.append(self._spawn(web))
        # one after the other: the processors of a small machine serve the first page first
        self._wait_for_pages(stop)
        if not stop.is_set():
            self._running += [self._spawn(program) for program in others]
        return self._running

    def announce(self, demo: bool) -> None:
        """Print the logins, where there are such, and the ready line."""
        if demo and has_rows(self._database_url, "core_user", email="admin@demo.example"):
            print(f"\nlogins: {'|'.join(DEMO_LOGINS)}@demo.example, password: demo\n")
        self.say("pages answer; Ctrl-C stops everything")
        print(f"ready: http://127.0.0.1:{self.port}", flush=True)

    def _wait_for_pages(self, stop: Event) -> None:
        web = self._running[0]
        end = time.monotonic() + _READY_SECONDS
        while not stop.is_set() and not (self._answers("/livez") and self._answers("/")):
            if not web.is_alive() or time.monotonic() > end:
                web.ask_to_stop()
                web.wait()
                raise explain_log("The web server", self.log("web"), self.data)
            stop.wait(0.05)

    def supervise(self, stop: Event, dead_server: Callable[[], str]) -> int:
        """Stay until `stop`, starting again what ends; returns 1 when that is of no use, else 0."""
        while not stop.wait(0.5):
            name = dead_server()
            if name:
                self.say(f"{name} ended by itself: stopping; see {self.log(name)}")
                return 1
            for position, child in enumerate(self._running):
                if not child.is_alive() and not self._start_again(position, child):
                    return 1
        return 0

    def _start_again(self, position: int, child: Child) -> bool:
        now = time.monotonic()
        self._ended = [at for at in self._ended if now - at < _RESTART_WINDOW] + [now]
        if len(self._ended) > _RESTARTS:
            self.say(f"{child.name} keeps ending: stopping; see {self.log(child.name)}")
            return False
        self.say(f"{child.name} ended by itself (code {child.process.returncode}): started again")
        self._running[position] = self._spawn(self._programs()[position])
        return True

    def _programs(self) -> list[Program]:
        python = sys.executable
        celery = (python, "-m", "celery", "-A", "crm_project", "--workdir", str(PROJECT_ROOT))
        return [
            Program(
                "web",
                (
                    *(python, "-m", "gunicorn", "crm_project.wsgi:application", "--preload"),
                    *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
                    *("--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "8"),
                    "--no-control-socket",  # it would be one for all checkouts, in the home folder
                ),
            ),
            Program(
                "worker",
                (
                    *(*celery, "worker", "--queues", "default,mail,batch", "--concurrency", "2"),
                    *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
                ),
            ),
            Program(
                "beat",
                (
                    *(*celery, "beat", "--loglevel", "INFO", "--pidfile="),
                    *("--schedule", str(self.data / "beat" / "schedule")),
                ),
            ),
        ]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CRM_DATA": str(self.data),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def _spawn(self, program: Program) -> Child:
        with self.log(program.name).open("ab") as output:
            return spawn(
                program.name,
                program.command,
                grace=program.grace,
                output=output,
                environ=self._environment(),
                cwd=PROJECT_ROOT,
            )

    def _manage(self, name: str, *arguments: str) -> Child:
        return self._python(name, "manage.py", *arguments)

    def _python(self, name: str, *arguments: str) -> Child:
        with self.log(name).open("wb") as output:
            return spawn(
                name,
                [sys.executable, *arguments],
                output=output,
                environ=self._environment(),
                cwd=PROJECT_ROOT,
            )

    def _finish(self, task: Child, stop: Event) -> None:
        """Wait for a step's end, or for a sign that it is of no use. Raises StartError when a step failed."""
        while task.is_alive():
            if stop.wait(0.02) or _has_failed(self._static):
                task.ask_to_stop()
                task.wait()
        for step in (self._static, task):
            if step is not None and _has_failed(step) and not stop.is_set():
                raise explain_log(f"The step “{step.name}”", self.log(step.name), self.data)

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def _database_url(self) -> str:
        return connection_settings().migration_database_url


def _has_failed(step: Child | None) -> bool:
    return step is not None and not step.is_alive() and step.process.returncode != 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
