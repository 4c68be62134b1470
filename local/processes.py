"""Child processes that never outlive their parent, and ports."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from local.errors import StartError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A started process with the signal that ends it in order."""

    name: str
    process: "subprocess.Popen[bytes]"
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 15.0
    stopping_since: float = field(default=0.0, init=False)

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal once; `wait` then collects the process."""
        if self.is_alive() and not self.stopping_since:
            self.stopping_since = time.monotonic()
            self.process.send_signal(self.stop_signal)

    def wait(self) -> int:
        """Wait for the end, at most `grace` seconds since it was asked; then kill its whole session."""
        if not self.is_alive():
            return int(self.process.returncode)
        try:
            return self.process.wait(max(0.1, self.stopping_since + self.grace - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill_group(self.process.pid)
            return self.process.wait()


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace: float = 15.0,
    output: IO[bytes] | int | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    as_user: Mapping[str, Any] | None = None,
) -> Child:
    """Start `command` in a session of its own, so that a Ctrl-C at the terminal reaches the runner alone.

    On Linux the kernel sends `stop_signal` to it when the runner dies, however it dies.
    """
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environ) if environ is not None else None,
        cwd=cwd,
        start_new_session=True,
        # runs after the change of user, which would clear the setting; the runner has no threads yet that
        # hold locks here
        preexec_fn=_die_with_parent(stop_signal, os.getpid()),  # noqa: PLW1509 - for the reason above
        **(as_user or {}),
    )
    return Child(name, process, stop_signal, grace)


def _die_with_parent(stop_signal: signal.Signals, parent: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None

    def set_death_signal() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return set_death_signal


def kill_group(pid: int) -> None:
    """SIGKILL to the session that `pid` leads; no error where it is gone."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # ended in between


def stop_in_order(groups: Sequence[Sequence[Child]]) -> None:
    """End each group wholly before the next: what uses a server ends before the server does."""
    for group in groups:
        for child in group:
            child.ask_to_stop()
        for child in group:
            child.wait()


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int = 0) -> int:
    """`preferred` where it is free, else a port the kernel picks."""
    if preferred and port_is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def require_port(port: int, patience: float = 0.0) -> None:
    """Raise StartError when `port` stays taken for `patience` seconds: a killed run may still be ending."""
    end = time.monotonic() + patience
    while not port_is_free(port):
        if time.monotonic() >= end:
            raise StartError(
                f"Port {port} is taken by another program: stop that one, "
                f"or choose another port: PORT={port + 1} make run."
            )
        time.sleep(0.1)
