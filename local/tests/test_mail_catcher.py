"""The mail catcher, over real SMTP."""

import email
import signal
import smtplib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from local.instance import PROJECT_ROOT
from local.mail_catcher import MailCatcher
from local.processes import free_port

MESSAGE = (
    b"From: a@demo.example\r\nTo: list@demo.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n"
    b"first\r\n.dot\r\n"
)


def test_mail_catcher_keeps_one_file_per_recipient_with_envelope(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher, smtplib.SMTP("127.0.0.1", catcher.port) as client:
        client.sendmail("bounce+7@demo.example", ["x@demo.example", "y@demo.example"], MESSAGE)
        stored = [email.message_from_bytes(path.read_bytes()) for path in catcher.maildir.messages()]
    assert [(m["X-Envelope-From"], m["X-Envelope-To"]) for m in stored] == [
        ("bounce+7@demo.example", "x@demo.example"),
        ("bounce+7@demo.example", "y@demo.example"),
    ]
    assert stored[0]["Subject"] == "=?utf-8?q?Gr=C3=BC=C3=9Fe?="
    assert stored[0].get_payload() == "first\r\n.dot\r\n"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_mail_catcher_delay_slows_each_message_and_can_change(tmp_path: Path) -> None:
    with MailCatcher(tmp_path, delay=0.3) as catcher, smtplib.SMTP("127.0.0.1", catcher.port) as client:
        begun = time.monotonic()
        client.sendmail("a@demo.example", ["x@demo.example"], MESSAGE)
        slow = time.monotonic() - begun
        catcher.delay = 0.0
        begun = time.monotonic()
        client.sendmail("a@demo.example", ["x@demo.example"], MESSAGE)
        quick = time.monotonic() - begun
    assert slow >= 0.3
    assert quick < 0.3
    assert len(catcher.maildir.messages()) == 2


def test_mail_catcher_that_is_held_keeps_the_sender_waiting(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher, smtplib.SMTP("127.0.0.1", catcher.port) as client:
        sender = threading.Thread(
            target=client.sendmail, args=("a@demo.example", ["x@demo.example"], MESSAGE), daemon=True
        )
        with catcher.held():
            sender.start()
            sender.join(0.2)
            assert sender.is_alive()
            assert catcher.maildir.messages() == []
        sender.join(20)
        assert not sender.is_alive()
        assert len(catcher.maildir.messages()) == 1


@pytest.mark.slow
def test_mail_catcher_program_stops_on_sigterm_with_its_mail_kept(tmp_path: Path) -> None:
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "local.mail_catcher", "--port", str(port), "--maildir", str(tmp_path)],
        cwd=PROJECT_ROOT,
    )
    try:
        client = _connected(port)
        client.sendmail("a@demo.example", ["x@demo.example"], MESSAGE)
        client.quit()
    finally:
        program.send_signal(signal.SIGTERM)
        code = program.wait(10)
    assert code == 0
    assert len(list((tmp_path / "new").iterdir())) == 1


def _connected(port: int) -> smtplib.SMTP:
    end = time.monotonic() + 15
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
