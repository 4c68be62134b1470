"""`make run`: the servers and the application on one machine, started in order and stopped in reverse."""

import fcntl
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import IO

from local import postgres, roles, valkey
from local.application import Application
from local.errors import StartError, explain_os_error, require_space
from local.instance import (
    PROJECT_ROOT,
    Instance,
    Secrets,
    data_dir,
    ensure_secrets,
    postgres_url,
    read_instance,
    write_instance,
)
from local.own_servers import require_database, require_mail, require_redis
from local.processes import Child, free_port, require_port, spawn, stop_in_order

DATABASE = "crm"
_NEVER_RAN = Instance(
    pid=0,
    port=0,
    postgres_port=0,
    redis_port=0,
    mail_port=0,
    database_url="",
    migration_database_url="",
    superuser_database_url="",
    redis_url="",
    email_url="",
)
_LOG_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """What the environment asks for."""

    data: Path
    port: int
    demo: bool
    database_url: str
    migration_database_url: str
    redis_url: str
    email_url: str

    @classmethod
    def from_environment(cls) -> "Options":
        """Read the variables; StartError names one that makes no sense."""
        port = os.environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise StartError(f"PORT={port} is not a port: give a number from 1 to 65535.")
        database_url = os.environ.get("DATABASE_URL", "")
        return cls(
            data=data_dir(),
            port=int(port),
            demo=os.environ.get("DEMO", "1").lower() not in ("0", "false", "no", "off"),
            database_url=database_url,
            migration_database_url=os.environ.get("MIGRATION_DATABASE_URL") or database_url,
            redis_url=os.environ.get("REDIS_URL", ""),
            email_url=os.environ.get("EMAIL_URL", ""),
        )


@dataclass
class Runner:
    """One run. `stop` may be set at any time, by a signal: what was started then ends in order."""

    options: Options
    stop: Event = field(default_factory=Event)
    _children: list[list[Child]] = field(default_factory=list)  # in groups, as they were started
    _begun: float = field(default_factory=time.monotonic)
    _lock: IO[str] | None = None

    def run(self) -> int:
        """Start everything, stay until stopped, stop everything; returns the exit code."""
        try:
            application = self._start()
            return 0 if self.stop.is_set() else application.supervise(self.stop, self._dead_server)
        except OSError as error:
            raise explain_os_error(error, self.options.data) from error
        finally:
            self._stop_all()

    def say(self, words: str) -> None:
        """One line of progress, with the seconds since the start."""
        print(f"[{time.monotonic() - self._begun:5.1f} s] {words}", flush=True)

    def log(self, name: str) -> Path:
        """The log file of a child; the previous one is kept beside it when it grew large."""
        path = self.options.data / "logs" / f"{name}.log"
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    def _start(self) -> Application:
        options = self.options
        if options.email_url:
            require_mail(options.email_url)
        self._prepare_folder()
        self._take_lock()
        before = read_instance(options.data)
        was_killed = before is not None and before.pid > 0
        require_space(options.data)
        require_port(options.port, patience=10.0 if was_killed else 0.0)
        instance = self._start_servers(before or _NEVER_RAN, ensure_secrets(options.data))
        write_instance(options.data, instance)
        application = Application(options.data, options.port, self.say, self.log)
        self._children.append([application.begin_static()])
        steps: list[Callable[[], None]] = [
            lambda: application.prepare(self.stop),
            lambda: application.load_demo(self.stop, options.demo),
            lambda: self._children.append(application.start(self.stop)),
            lambda: application.announce(options.demo),
        ]
        for step in steps:
            if not self.stop.is_set():
                step()
        return application

    def _prepare_folder(self) -> None:
        data = self.options.data
        if not data.exists():
            # as root, PostgreSQL's user must be able to pass through; the files inside keep their own modes
            data.mkdir(parents=True)
            data.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("logs", "mail", "media", "beat"):
            (data / name).mkdir(mode=0o700, exist_ok=True)

    def _take_lock(self) -> None:
        self._lock = (self.options.data / "run.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = read_instance(self.options.data)
            where = f" at http://127.0.0.1:{running.port} (process {running.pid})" if running else ""
            raise StartError(
                f"The instance in {self.options.data} is running already{where}: use that one, "
                "or give this one a folder and a port of its own with CRM_DATA and PORT."
            ) from None

    def _start_servers(self, before: Instance, secrets: Secrets) -> Instance:
        options = self.options
        instance = replace(before, pid=os.getpid(), port=options.port)
        if options.database_url:
            require_database(options.migration_database_url)
            instance = replace(
                instance,
                database_url=options.database_url,
                migration_database_url=options.migration_database_url,
                superuser_database_url="",
            )
        else:
            instance = self._start_postgres(instance, secrets)
        if options.redis_url:
            require_redis(options.redis_url)
            instance = replace(instance, redis_url=options.redis_url)
        else:
            instance = self._start_valkey(instance)
        if options.email_url:
            return replace(instance, email_url=options.email_url)
        return self._start_mail_catcher(instance)

    def _start_postgres(self, instance: Instance, secrets: Secrets) -> Instance:
        port = free_port(instance.postgres_port)
        folder = self.options.data / "postgres"
        server = postgres.start(folder, port, secrets.superuser_password, self.log("postgres"))
        self._children.append([server])
        superuser_url = postgres_url(postgres.SUPERUSER, secrets.superuser_password, port, "postgres")
        roles.ensure_roles(superuser_url, secrets.owner_password, secrets.app_password)
        roles.ensure_database(superuser_url, DATABASE)
        self.say("PostgreSQL is up")
        return replace(
            instance,
            postgres_port=port,
            database_url=postgres_url(roles.APP, secrets.app_password, port, DATABASE),
            migration_database_url=postgres_url(roles.OWNER, secrets.owner_password, port, DATABASE),
            superuser_database_url=superuser_url,
        )

    def _start_valkey(self, instance: Instance) -> Instance:
        port = free_port(instance.redis_port)
        self._children.append([valkey.start(self.options.data / "redis", port, self.log("valkey"))])
        self.say("Redis (Valkey) is up")
        return replace(instance, redis_port=port, redis_url=f"redis://127.0.0.1:{port}/0")

    def _start_mail_catcher(self, instance: Instance) -> Instance:
        port = free_port(instance.mail_port)
        command = [sys.executable, "-m", "local.mail_catcher", "--port", str(port)]
        with self.log("mail").open("ab") as output:
            catcher = spawn(
                "mail",
                [*command, "--maildir", self.options.data / "mail"],
                output=output,
                environ=os.environ,
                cwd=PROJECT_ROOT,
            )
        self._children.append([catcher])
        return replace(instance, mail_port=port, email_url=f"smtp://127.0.0.1:{port}")

    def _dead_server(self) -> str:
        """The name of a server that ended by itself, else nothing."""
        servers = [
            child for group in self._children for child in group if child.name in ("postgres", "valkey")
        ]
        return next((server.name for server in servers if not server.is_alive()), "")

    def _stop_all(self) -> None:
        if self._children:
            self.say("stopping")
            stop_in_order(list(reversed(self._children)))
            instance = read_instance(self.options.data)
            if instance is not None:
                write_instance(self.options.data, replace(instance, pid=0))
            self.say("stopped; the data is kept in " + str(self.options.data))
