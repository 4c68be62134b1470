"""A small SMTP server under the test's control: it answers as told, can be slow, hang up or go silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

HELLO = b"250-test\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


@dataclass
class Received:
    sender: str
    recipient: str
    data: bytes


@dataclass
class FakeServer:
    """`answers` maps a command (or `.` for the end of data) to a function of its argument giving reply bytes."""

    hello: bytes = HELLO
    answers: dict[str, Callable[[str], bytes]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    largest_batch: int = 0
    """Most commands that arrived in one read: more than one shows pipelining."""
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                try:
                    self._session(connection)
                except (OSError, EOFError):
                    continue

    def _session(self, connection: socket.socket) -> None:
        connection.sendall(b"220 test\r\n")
        buffer, sender, recipient = b"", "", ""
        while True:
            chunk = connection.recv(65536)
            if not chunk:
                return
            buffer += chunk
            self.largest_batch = max(self.largest_batch, chunk.count(b"\r\n"))
            while b"\r\n" in buffer:
                line, _, buffer = buffer.partition(b"\r\n")
                verb, _, argument = line.decode().partition(" ")
                verb = verb.upper()
                if verb == "QUIT":
                    return
                reply = self._answer(verb, argument)
                connection.sendall(reply)
                if verb == "MAIL":
                    sender = argument[6:-1]
                elif verb == "RCPT":
                    recipient = argument[4:-1] if reply.startswith(b"250") else ""
                elif verb == "DATA" and reply.startswith(b"354"):
                    while b"\r\n.\r\n" not in b"\r\n" + buffer:
                        chunk = connection.recv(65536)
                        if not chunk:
                            return
                        buffer += chunk
                    data, _, buffer = (b"\r\n" + buffer).partition(b"\r\n.\r\n")
                    reply = self._answer(".", recipient)
                    if reply.startswith(b"250"):
                        body = data[2:].replace(b"\r\n..", b"\r\n.") + b"\r\n"
                        self.received.append(Received(sender, recipient, body.removeprefix(b".")))
                    connection.sendall(reply)

    def _answer(self, verb: str, argument: str) -> bytes:
        if verb in self.answers:
            return self.answers[verb](argument)
        return {"EHLO": self.hello, "DATA": b"354 go\r\n", "AUTH": b"235 ok\r\n"}.get(verb, b"250 ok\r\n")
