"""The application's own processes: what must be done before them, web, worker and beat, and their watch."""

import hashlib
import http.client
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from local import roles
from local.errors import explain_log
from local.instance import PROJECT_ROOT, connection_settings
from local.processes import Child, spawn

DEMO_LOGINS = ("admin", "manager", "sales", "service", "marketing", "readonly")
_DEMO_COMMAND = PROJECT_ROOT / "demo/management/commands/seed_demo.py"
_READY_SECONDS = 90.0
_RESTARTS = 5
_RESTART_WINDOW = 60.0


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
    _running: list[Child] = field(default_factory=list)
    _ended: list[float] = field(default_factory=list)

    def prepare(self, stop: Event) -> None:
        """Migrate, and collect the static files when they changed, both at once. Raises StartError."""
        tasks = [self._manage("migrate", "migrate", "--verbosity", "1")]
        static = _static_fingerprint()
        stamp = PROJECT_ROOT / "staticfiles" / ".fingerprint"
        if not stamp.exists() or stamp.read_text() != static:
            tasks.append(self._manage("static", "collectstatic", "--noinput", "--clear", "--verbosity", "0"))
        for task in tasks:
            self._finish(task, stop)
        if len(tasks) > 1 and not stop.is_set():
            stamp.write_text(static)
        self.say("the database is migrated")

    def load_demo(self, stop: Event, wanted: bool) -> None:
        """Load the demonstration data into an empty database, with its progress on the terminal."""
        if not wanted or not self._is_empty():
            return
        if not _DEMO_COMMAND.exists():
            self.say("there is no demonstration data to load in this version")
            return
        self.say("loading the demonstration data (about 3,000 contacts)")
        command = [
            sys.executable,
            "manage.py",
            "seed_demo",
            "--contacts",
            "3000",
            "--seed",
            "1",
            "--progress",
        ]
        seeding = spawn("seed_demo", command, environ=self._environment(), cwd=PROJECT_ROOT)
        self._finish(seeding, stop)

    def start(self) -> list[Child]:
        """Start web, worker and beat; the list stays current when one of them is started again."""
        self._running[:] = [self._spawn(program) for program in self._programs()]
        return self._running

    def wait_until_ready(self, stop: Event, demo: bool) -> None:
        """Wait until `/livez` and `/` answer, then print the logins and the ready line. Raises StartError."""
        end = time.monotonic() + _READY_SECONDS
        while not stop.is_set():
            if self._answers("/livez") and self._answers("/"):
                self._print_ready(demo)
                return
            web = self._running[0]
            if not web.is_alive() or time.monotonic() > end:
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
        with self.log(name).open("wb") as output:
            return spawn(
                name,
                [sys.executable, "manage.py", *arguments],
                output=output,
                environ=self._environment(),
                cwd=PROJECT_ROOT,
            )

    def _finish(self, task: Child, stop: Event) -> None:
        while task.is_alive():
            if stop.wait(0.02):
                task.ask_to_stop()
                task.wait()
                return
        if task.process.returncode != 0 and not stop.is_set():
            raise explain_log(f"manage.py {task.name}", self.log(task.name), self.data)

    def _is_empty(self) -> bool:
        return not self._found("contacts_contact") and not self._found("core_user")

    def _found(self, table: str, condition: str = "TRUE") -> bool:
        connection = roles.connect(connection_settings().migration_database_url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
            exists = bool(cursor.fetchone()[0])
            if exists:
                cursor.execute(f"SELECT EXISTS (SELECT FROM public.{table} WHERE {condition})")  # noqa: S608 - our words
                exists = bool(cursor.fetchone()[0])
        connection.close()
        return exists

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _print_ready(self, demo: bool) -> None:
        if demo and self._found("core_user", "email = 'admin@demo.example'"):
            names = "|".join(DEMO_LOGINS)
            print(f"\nlogins: {names}@demo.example, password: demo\n")
        self.say("pages answer; Ctrl-C stops everything")
        print(f"ready: http://127.0.0.1:{self.port}", flush=True)


def _static_fingerprint() -> str:
    """Changes whenever a file that `collectstatic` would take may have changed."""
    digest = hashlib.sha256((PROJECT_ROOT / "requirements.txt").read_bytes())
    folders = [PROJECT_ROOT / "static", *PROJECT_ROOT.glob("*/static")]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        status = path.stat()
        digest.update(f"{path.relative_to(PROJECT_ROOT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
