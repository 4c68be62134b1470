"""Erasing a person takes their mail out of the tables and out of the store of files."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from core.models import File
from core.privacy.erase import erase_person
from service.models import Message, RawMail, Ticket
from service.tests.factories import receive

pytestmark = pytest.mark.django_db

RAW = (
    b"From: Ann <ann@example.org>\nTo: s@x.org\nSubject: My secret\nContent-Type: multipart/mixed; boundary=B\n\n"
    b"--B\nContent-Type: text/plain\n\nsecret words\n"
    b'--B\nContent-Type: application/pdf; name="secret.pdf"\nContent-Disposition: attachment\n\nsecret\n--B--\n'
)


def test_mail_messages_and_files_of_a_person_go(
    media: Path, run_on_commit: Callable[[], AbstractContextManager[object]]
) -> None:
    receive(RAW)
    receive(b"From: Ann <ann@example.org>\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nsecret\n")
    ticket = Ticket.objects.get()
    assert RawMail.objects.count() == 2
    with run_on_commit():
        erase_person(ticket.contact_id, reason="asked for")
    ticket.refresh_from_db()
    message = Message.objects.get()
    assert (ticket.subject, ticket.requester_address, ticket.search_text) == ("", "", "")
    assert (message.text, message.html, message.from_address, message.subject) == ("", "", "", "")
    assert RawMail.objects.count() == File.all_objects.count() == 0
    assert [path for path in media.rglob("*") if path.is_file()] == []
