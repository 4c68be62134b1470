"""Starting `make run` in tests: who starts it, what it says, and which processes it has."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.instance import PROJECT_ROOT

OWN_SERVERS = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PYTEST_VERSION")


@dataclass(frozen=True)
class Person:
    """Who starts a run: by which interpreter, in which checkout, with what around them. `uid` None is oneself."""

    uid: int | None = None
    python: str = sys.executable
    checkout: Path = PROJECT_ROOT
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def begin(self, arguments: Sequence[str], environment: Mapping[str, str], **more: Any) -> Any:
        """A process of theirs."""
        kept = {name: value for name, value in self.environment.items() if name not in OWN_SERVERS}
        changed = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(
            [self.python, *arguments], cwd=self.checkout, env={**kept, **environment}, **changed, **more
        )


class Run:
    """One `python -m local` on a folder, its words collected."""

    def __init__(self, data: Path, port: int, person: Person | None = None, **environment: str) -> None:
        self.data = data
        self.port = port
        self._process: subprocess.Popen[str] = (person or Person()).begin(
            ["-W", "ignore", "-m", "local"],
            {"CRM_DATA": str(data), "PORT": str(port), "DEMO": "0", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def wait_until_ready(self) -> float:
        """Seconds until the ready line; fails with what was said when the run ends before."""
        begun = time.monotonic()
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output += line
            if line.startswith("ready: "):
                assert line == f"ready: http://127.0.0.1:{self.port}\n"
                return time.monotonic() - begun
        raise AssertionError(self.output)

    @property
    def pid(self) -> int:
        return self._process.pid

    def interrupt(self) -> int:
        self._process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        self.output += self._process.communicate(timeout=120)[0]
        return self._process.returncode

    def kill_everything(self) -> None:
        """kill -9 of the runner and all that it started, at once."""
        for pid in [self._process.pid, *processes_of(self.data)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # its parent's end was quicker
        self._process.communicate(timeout=20)


def processes_of(data: Path) -> list[int]:
    """Every process that names the folder in its command or its environment, this one apart."""
    needle = str(data).encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            except OSError:
                continue  # ended, or another user's
            if needle in words:
                found.append(int(folder.name))
    return found


def remove_servers_of(home: Path) -> None:
    for pid in processes_of(home):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # ended by itself
    for elsewhere in home.glob("*/postgres"):
        if elsewhere.is_symlink():
            shutil.rmtree(elsewhere.resolve())
