"""A mail server that keeps what it is sent and passes nothing on, for one machine and for tests.

Every message is stored once per recipient in a Maildir, its envelope in `X-Envelope-From` and `X-Envelope-To`.
A message is acknowledged when its files are on disk, so what a sender was told is accepted is never lost.
"""

import argparse
import asyncio
import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"
_LOOK_AGAIN = 0.005  # seconds
_MAX_BYTES = 50 * 1024 * 1024


class Maildir:
    """The Maildir format's writing side: a file appears in `new/` whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._numbers = itertools.count()
        self._host = socket.gethostname().replace("/", "_").replace(":", "_")
        for folder in ("tmp", "new", "cur"):
            (path / folder).mkdir(parents=True, exist_ok=True)

    def store(self, content: bytes) -> Path:
        """Write one message and return where it is."""
        name = f"{time.time_ns()}.{os.getpid()}_{next(self._numbers)}.{self._host}"
        temporary = self.path / "tmp" / name
        temporary.write_bytes(content)
        return temporary.rename(self.path / "new" / name)

    def messages(self) -> list[Path]:
        """The stored messages' files, oldest first."""
        found = [*(self.path / "new").iterdir(), *(self.path / "cur").iterdir()]
        return sorted(found, key=lambda path: path.name)


class _Handler:
    def __init__(self, maildir: Maildir, delay: float) -> None:
        self.maildir = maildir
        self.delay = delay
        self.storing = threading.Lock()
        self.is_held = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        while not self._stored(envelope):
            await asyncio.sleep(_LOOK_AGAIN)
        return "250 2.0.0 kept"

    def _stored(self, envelope: Envelope) -> bool:
        """Store it, unless the server is held: between looking and writing nobody can begin to hold it."""
        with self.storing:
            if self.is_held:
                return False
            content = envelope.original_content or b""
            for recipient in envelope.rcpt_tos:
                head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipient}\r\n"
                self.maildir.store(head.encode("utf-8", "surrogateescape") + content)
            return True


class MailCatcher:
    """The server in a thread of this process. `port` 0 picks a free one; `delay` is seconds per message.

    Use it as a context manager, or call `start` and `stop`. `delay` may be changed while it runs.
    """

    def __init__(self, maildir: Path, port: int = 0, delay: float = 0.0) -> None:
        self.maildir = Maildir(maildir)
        self._handler = _Handler(self.maildir, delay)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((_HOST, port))
        self.port: int = self._socket.getsockname()[1]
        self._controller = _SocketController(self._handler, self._socket)

    @property
    def url(self) -> str:
        """What EMAIL_URL is set to for its mail to come here."""
        return f"smtp://{_HOST}:{self.port}"

    @property
    def delay(self) -> float:
        return self._handler.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._handler.delay = seconds

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, nothing is stored and nothing acknowledged: a sender has at most one message of a connection in the
        server's hands, and waits."""
        with self._handler.storing:
            self._handler.is_held = True
        try:
            yield
        finally:
            self._handler.is_held = False

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> "MailCatcher":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _SocketController(Controller):
    """aiosmtpd's thread on a socket that is bound already, so that no port is lost between asking and using."""

    def __init__(self, handler: _Handler, listening: socket.socket) -> None:
        host, port = listening.getsockname()
        super().__init__(handler, hostname=host, port=port, ready_timeout=20.0)
        self._listening = listening

    def factory(self) -> SMTP:
        return SMTP(
            self.handler,
            data_size_limit=_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Meridian",
        )

    def _create_server(self) -> Coroutine[Any, Any, asyncio.Server]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


def main() -> None:
    """`python -m local.mail_catcher --port N --maildir FOLDER`: run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--maildir", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each message takes")
    arguments = parser.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with MailCatcher(arguments.maildir, arguments.port, arguments.delay):
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
