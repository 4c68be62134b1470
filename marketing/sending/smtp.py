"""A pipelined SMTP client for one connection: the end of one message travels with the envelope of the next.

Reusing a connection and waiting once per message instead of four times is what makes a sender fast. Where the
server does not offer PIPELINING the same code waits for each answer. At most one message per connection can be in
doubt: the one whose final dot went out without an answer.
"""

from __future__ import annotations

import base64
import enum
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from core.mail.server import MailServer

_MAX_REPLY = 64_000


class OutcomeKind(enum.StrEnum):
    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    """4xx: the server may take it later."""
    PERMANENT = "permanent"
    """5xx: the server will not take it."""
    WITHHELD = "withheld"
    """Not handed over: `may_go` said no at the last moment."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient. `build` makes its bytes (CRLF lines) when its turn has come; `may_go` is
    asked after that, with nothing left to do but to write them."""

    recipient_id: int
    token: int
    sender: str
    address: str
    build: Callable[[], bytes]
    may_go: Callable[[], bool] = _always


@dataclass(frozen=True, slots=True)
class Outcome:
    message: Outgoing
    kind: OutcomeKind
    code: int
    reply: str


class SendJournal(Protocol):
    def begin(self, recipient_id: int, token: int) -> None: ...
    def accepted(self, recipient_id: int, token: int) -> None: ...
    def rejected(self, recipient_id: int, token: int, reply: str) -> None: ...


class SmtpError(Exception):
    """The server can't be used: the text says why, for the person who looks after it."""


class ConnectionLost(SmtpError):
    """The connection ended. `in_doubt` is the message that was begun and not answered, if there was one."""

    def __init__(self, reason: str, in_doubt: Outgoing | None) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt


class SmtpConnection:
    """An open session. Use as a context manager; after an exception it can't be used again."""

    def __init__(self, server: MailServer, *, local_name: str = "localhost", timeout: float = 60.0) -> None:
        self._server = server
        self._local_name = local_name
        self._buffer = b""
        self._in_doubt: Outgoing | None = None
        self._extensions: frozenset[str] = frozenset()
        try:
            self._socket = socket.create_connection((server.host, server.port), timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.implicit_tls:
                self._start_tls()
            self._expect(self._reply(), 220, "greeting")
            self._hello()
            self._secure_and_log_in()
        except OSError as error:
            self.close()
            raise SmtpError(
                f"the mail server {server.host}:{server.port} can't be reached: {error}"
            ) from error
        except SmtpError:
            self.close()
            raise

    def __enter__(self) -> SmtpConnection:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Says goodbye where that is possible, and closes. Never raises."""
        connection = getattr(self, "_socket", None)
        if connection is None:
            return
        try:
            connection.settimeout(2)
            connection.sendall(b"QUIT\r\n")
        except OSError:
            pass  # the other side is gone already
        connection.close()
        del self._socket

    def _break_off(self) -> None:
        """End the session in the middle of a message: without its final dot no server delivers it (RFC 5321,
        4.1.1.4). A QUIT would be read as a part of it."""
        self._socket.close()
        del self._socket

    @property
    def pipelining(self) -> bool:
        return "PIPELINING" in self._extensions

    def send(self, messages: Iterable[Outgoing], journal: SendJournal) -> Iterator[Outcome]:
        """Sends in order and yields each outcome once the server has answered and the journal has it.

        The message after the current one is taken from `messages` early; it is not begun by that, and where the
        iterator is left in the middle its envelope is dropped by the server. A message whose `may_go` says no is
        yielded as withheld, and nothing after it: its envelope is open, so the session ends there. Raises
        ConnectionLost.
        """
        queue = iter(messages)
        current = next(queue, None)
        if current is not None:
            self._open_envelope(current)
        while current is not None:
            refusal = self._read_envelope(current)
            if refusal is not None:
                journal.rejected(current.recipient_id, current.token, refusal.reply)
                yield refusal
                current = next(queue, None)
                if current is not None:
                    self._open_envelope(current)
                continue
            data = _with_final_dot(current.build())
            following = next(queue, None)
            if not current.may_go():
                self._break_off()
                yield Outcome(current, OutcomeKind.WITHHELD, 0, "")
                return
            journal.begin(current.recipient_id, current.token)
            self._in_doubt = current
            if following is not None and self.pipelining:
                data += _envelope(following)
            self._write(data)
            outcome = _outcome(current, self._reply())
            if outcome.kind is OutcomeKind.ACCEPTED:
                journal.accepted(current.recipient_id, current.token)
            else:
                journal.rejected(current.recipient_id, current.token, outcome.reply)
            self._in_doubt = None
            yield outcome
            current = following

    def _open_envelope(self, message: Outgoing) -> None:
        if self.pipelining:
            self._write(_envelope(message))

    def _read_envelope(self, message: Outgoing) -> Outcome | None:
        """None where the server waits for the data; else its refusal, with the session clean again."""
        refusal: tuple[int, str] | None = None
        ready = False
        for command in _COMMANDS if self.pipelining else _envelope(message).splitlines(keepends=True):
            if not self.pipelining:
                if refusal is not None:
                    break
                self._write(command)
            code, text = self._reply()
            ready = code == 354
            if code not in (250, 251, 252, 354) and refusal is None:
                refusal = (code, text)
        if refusal is None:
            return None
        if ready:
            self._write(b".\r\n")
            self._reply()
        self._write(b"RSET\r\n")
        self._reply()
        return _outcome(message, refusal)

    def _write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ConnectionLost(f"the mail server closed the connection: {error}", self._in_doubt) from error

    def _reply(self) -> tuple[int, str]:
        """One reply, its lines joined. A 421 is the server's goodbye; it counts as the answer it stands for."""
        text = self._line()
        if text[3:4] != "-":
            return int(text[:3]), text
        lines = [text[4:]]
        while text[3:4] == "-":
            text = self._line()
            lines.append(text[4:])
        return int(text[:3]), f"{text[:3]} " + " ".join(lines)

    def _line(self) -> str:
        """One line that begins with a code."""
        while (end := self._buffer.find(b"\r\n")) < 0:
            self._fill()
        text = self._buffer[:end].decode("utf-8", "replace")
        self._buffer = self._buffer[end + 2 :]
        if not text[:3].isdigit():
            raise ConnectionLost(f"the mail server answered what is no SMTP: {text[:80]!r}", self._in_doubt)
        return text

    def _fill(self) -> None:
        try:
            chunk = self._socket.recv(65_536)
        except OSError as error:
            raise ConnectionLost(f"the mail server did not answer: {error}", self._in_doubt) from error
        if not chunk:
            raise ConnectionLost("the mail server closed the connection", self._in_doubt)
        self._buffer += chunk
        if len(self._buffer) > _MAX_REPLY:
            raise ConnectionLost("the mail server's answer does not end", self._in_doubt)

    def _hello(self) -> None:
        self._write(f"EHLO {self._local_name}\r\n".encode("ascii"))
        code, text = self._reply()
        if code != 250:
            raise SmtpError(f"the mail server refused EHLO: {text}")
        self._extensions = frozenset(text.upper().split())

    def _secure_and_log_in(self) -> None:
        if self._server.starttls:
            self._write(b"STARTTLS\r\n")
            self._expect(self._reply(), 220, "STARTTLS")
            self._buffer = b""  # nothing said in the clear may be taken for an answer after it
            self._start_tls()
            self._hello()
        if self._server.username:
            self._log_in()

    def _start_tls(self) -> None:
        context = ssl.create_default_context()
        self._socket = context.wrap_socket(self._socket, server_hostname=self._server.host)

    def _log_in(self) -> None:
        user, password = self._server.username.encode(), self._server.password.encode()
        if "PLAIN" in self._extensions or "LOGIN" not in self._extensions:
            token = base64.b64encode(b"\0" + user + b"\0" + password)
            self._write(b"AUTH PLAIN " + token + b"\r\n")
        else:
            self._write(b"AUTH LOGIN\r\n")
            self._expect(self._reply(), 334, "AUTH LOGIN")
            self._write(base64.b64encode(user) + b"\r\n")
            self._expect(self._reply(), 334, "AUTH LOGIN")
            self._write(base64.b64encode(password) + b"\r\n")
        self._expect(self._reply(), 235, "sign-in")

    @staticmethod
    def _expect(reply: tuple[int, str], code: int, step: str) -> None:
        if reply[0] != code:
            raise SmtpError(f"the mail server refused the {step}: {reply[1]}")


_PLAIN = re.compile(r"[^\r\n<> \x80-\U0010ffff]*")
_COMMANDS = (b"MAIL", b"RCPT", b"DATA")
"""What is answered, in order, where all three were written at once."""


def _envelope(message: Outgoing) -> bytes:
    """The three commands of one message. Addresses with anything that ends a command are a caller's error."""
    for address in (message.sender, message.address):
        if not _PLAIN.fullmatch(address):
            raise ValueError("an address in an SMTP envelope must be plain ASCII without spaces or brackets")
    return f"MAIL FROM:<{message.sender}>\r\nRCPT TO:<{message.address}>\r\nDATA\r\n".encode("ascii")


def _with_final_dot(data: bytes) -> bytes:
    """The message dot-stuffed and closed (RFC 5321 §4.5.2)."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _outcome(message: Outgoing, reply: tuple[int, str]) -> Outcome:
    code, text = reply
    if 200 <= code < 300:
        kind = OutcomeKind.ACCEPTED
    else:
        kind = OutcomeKind.TEMPORARY if 400 <= code < 500 else OutcomeKind.PERMANENT
    return Outcome(message, kind, code, text)
