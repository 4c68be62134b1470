"""EMAIL_URL is read in one way by campaigns and by whatever else the house sends."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from core.mail.server import EmailUrlError, MailServer, parse_email_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("smtp", "mail.example", 25)),
        ("smtp://u%40x:p%2F1@mail.example:2525", MailServer("smtp", "mail.example", 2525, "u@x", "p/1")),
        ("smtp+tls://mail.example", MailServer("smtp", "mail.example", 587, starttls=True)),
        ("smtp://mail.example:25?tls=starttls", MailServer("smtp", "mail.example", 25, starttls=True)),
        ("smtps://mail.example", MailServer("smtps", "mail.example", 465)),
    ],
)
def test_parse_email_url_reads_every_form(url: str, server: MailServer) -> None:
    assert parse_email_url(url) == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example", "begins with smtp://, smtp+tls:// or smtps://, not nothing://"),
        ("http://mail.example", "not http://"),
        ("smtp://", "names no host"),
        ("smtp://mail.example:abc", "a port that is no number"),
    ],
)
def test_parse_email_url_names_the_fault(url: str, words: str) -> None:
    with pytest.raises(EmailUrlError, match=re.escape(words)):
        parse_email_url(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://u:p@mail.example:587?tls=starttls", "mail.example 587 u p False True"),
        ("smtp+tls://mail.example", "mail.example 587   False True"),
        ("smtps://mail.example", "mail.example 465   True False"),
    ],
)
def test_resets_and_answers_go_where_campaigns_go(url: str, told: str) -> None:
    show = (
        "from crm_project import settings as s;"
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD,"
        " s.EMAIL_USE_SSL, s.EMAIL_USE_TLS)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", show],
        cwd=settings.BASE_DIR, env={**os.environ, "EMAIL_URL": url}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.rstrip("\n") == told
