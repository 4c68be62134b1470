from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.mail.server import MailServer
from marketing.sending.smtp import ConnectionLost, Outcome, OutcomeKind, Outgoing, SmtpConnection, SmtpError
from marketing.sending.tests.fake_server import FakeServer


class _Record:
    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []

    def begin(self, recipient_id: int, token: int) -> None:
        self.lines.append(("begin", recipient_id))

    def accepted(self, recipient_id: int, token: int) -> None:
        self.lines.append(("accepted", recipient_id))

    def rejected(self, recipient_id: int, token: int, reply: str) -> None:
        self.lines.append(("rejected", recipient_id))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    yield fake
    fake.stop()


def _message(number: int, body: bytes = b"Subject: x\r\n\r\nhi\r\n") -> Outgoing:
    return Outgoing(number, 1, f"bounce+{number}@a.test", f"p{number}@x.org", lambda: body)


def _send(server: FakeServer, count: int, record: _Record) -> list[Outcome]:
    with SmtpConnection(MailServer("smtp", "127.0.0.1", server.port), timeout=5) as connection:
        return list(connection.send((_message(number) for number in range(count)), record))


def test_messages_are_pipelined_over_one_connection(server: FakeServer) -> None:
    record = _Record()
    outcomes = _send(server, 5, record)
    assert [(one.message.recipient_id, one.kind) for one in outcomes] == [
        (number, OutcomeKind.ACCEPTED) for number in range(5)
    ]
    assert [(one.sender, one.recipient) for one in server.received] == [
        (f"bounce+{number}@a.test", f"p{number}@x.org") for number in range(5)
    ]
    assert record.lines == [(word, number) for number in range(5) for word in ("begin", "accepted")]
    assert server.connections == 1
    assert server.largest_batch >= 3


@pytest.mark.parametrize("hello", [b"250-t\r\n250 PIPELINING\r\n", b"250 plain\r\n"])
def test_withheld_message_is_not_handed_over_and_ends_the_session(server: FakeServer, hello: bytes) -> None:
    server.hello = hello
    said: list[str] = []

    def no() -> bool:
        said.append("asked")
        return False

    withheld = Outgoing(1, 1, "bounce@a.test", "p1@x.org", lambda: b"Subject: x\r\n\r\nhi\r\n", no)
    record = _Record()
    with SmtpConnection(MailServer("smtp", "127.0.0.1", server.port), timeout=5) as connection:
        outcomes = list(connection.send(iter([_message(0), withheld, _message(2)]), record))
    assert [(one.message.recipient_id, one.kind) for one in outcomes] == [
        (0, OutcomeKind.ACCEPTED),
        (1, OutcomeKind.WITHHELD),
    ]
    assert said == ["asked"]
    assert record.lines == [("begin", 0), ("accepted", 0)]
    assert [one.recipient for one in server.received] == ["p0@x.org"]


def test_server_without_pipelining_is_asked_step_by_step(server: FakeServer) -> None:
    server.hello = b"250 plain\r\n"
    outcomes = _send(server, 3, _Record())
    assert [one.kind for one in outcomes] == [OutcomeKind.ACCEPTED] * 3
    assert len(server.received) == 3


@pytest.mark.parametrize("hello", [b"250-t\r\n250 PIPELINING\r\n", b"250 plain\r\n"])
@pytest.mark.parametrize("obedient", [True, False])
def test_refused_recipient_leaves_the_others_alone(server: FakeServer, hello: bytes, obedient: bool) -> None:
    """Some servers answer 354 to DATA although no recipient was taken: an empty message must close that."""
    refused: list[bool] = []

    def rcpt(argument: str) -> bytes:
        bad = "p1@" in argument
        refused.append(bad)
        return b"550 5.1.1 no such user\r\n" if bad else b"250 ok\r\n"

    def data(argument: str) -> bytes:
        return b"503 no recipients\r\n" if obedient and refused[-1] else b"354 go\r\n"

    server.hello = hello
    server.answers = {"RCPT": rcpt, "DATA": data, ".": lambda to: b"250 ok\r\n" if to else b"554 nobody\r\n"}
    record = _Record()
    outcomes = _send(server, 3, record)
    assert [(one.kind, one.code) for one in outcomes] == [
        (OutcomeKind.ACCEPTED, 250),
        (OutcomeKind.PERMANENT, 550),
        (OutcomeKind.ACCEPTED, 250),
    ]
    assert [one.recipient for one in server.received] == ["p0@x.org", "p2@x.org"]
    assert ("begin", 1) not in record.lines


def test_refused_data_is_an_outcome(server: FakeServer) -> None:
    server.answers = {".": lambda to: b"452 later\r\n" if to.startswith("p0") else b"250 ok\r\n"}
    outcomes = _send(server, 2, _Record())
    assert [(one.kind, one.reply) for one in outcomes] == [
        (OutcomeKind.TEMPORARY, "452 later"),
        (OutcomeKind.ACCEPTED, "250 ok"),
    ]


def test_connection_lost_after_the_dot_leaves_one_in_doubt(server: FakeServer) -> None:
    def hang_up(recipient: str) -> bytes:
        if recipient.startswith("p2"):
            raise EOFError
        return b"250 ok\r\n"

    server.answers = {".": hang_up}
    record = _Record()
    with pytest.raises(ConnectionLost) as caught:
        _send(server, 5, record)
    assert caught.value.in_doubt is not None
    assert caught.value.in_doubt.recipient_id == 2
    assert record.lines[-1] == ("begin", 2)


def test_connection_lost_before_the_dot_leaves_none_in_doubt(server: FakeServer) -> None:
    def hang_up(argument: str) -> bytes:
        raise EOFError

    server.answers = {"MAIL": hang_up}
    with pytest.raises(ConnectionLost) as caught:
        _send(server, 2, _Record())
    assert caught.value.in_doubt is None


@pytest.mark.parametrize(
    "body",
    [b".\r\n", b".a\r\n..\r\n.\r\nb\r\n", b"a\r\n.\r\nMAIL FROM:<eve@x.org>\r\n", b"no line end", b""],
)
def test_dots_are_stuffed(server: FakeServer, body: bytes) -> None:
    with SmtpConnection(MailServer("smtp", "127.0.0.1", server.port), timeout=5) as connection:
        outcomes = list(connection.send([_message(1, body)], _Record()))
    assert [one.kind for one in outcomes] == [OutcomeKind.ACCEPTED]
    assert [one.data for one in server.received] == [body if body.endswith(b"\r\n") else body + b"\r\n"]


def test_address_that_ends_a_command_is_refused(server: FakeServer) -> None:
    evil = Outgoing(1, 1, "a@b.c", "x@y.z>\r\nRCPT TO:<eve@x.org", lambda: b"")
    with (
        SmtpConnection(MailServer("smtp", "127.0.0.1", server.port), timeout=5) as connection,
        pytest.raises(ValueError, match="plain ASCII"),
    ):
        list(connection.send([evil], _Record()))
    assert server.received == []


def test_sign_in_uses_the_urls_name(server: FakeServer) -> None:
    seen: list[str] = []

    def auth(argument: str) -> bytes:
        seen.append(argument)
        return b"535 no\r\n" if len(seen) > 1 else b"235 ok\r\n"

    server.answers = {"AUTH": auth}
    url = MailServer("smtp", "127.0.0.1", server.port, "ann", "secret")
    SmtpConnection(url, timeout=5).close()
    assert seen == ["PLAIN AGFubgBzZWNyZXQ="]
    with pytest.raises(SmtpError, match="refused the sign-in: 535 no"):
        SmtpConnection(url, timeout=5)


def test_server_that_is_not_there_is_named() -> None:
    with pytest.raises(SmtpError, match=r"127\.0\.0\.1:1 can't be reached"):
        SmtpConnection(MailServer("smtp", "127.0.0.1", 1), timeout=5)
