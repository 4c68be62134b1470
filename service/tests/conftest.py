"""Each test keeps its files in a folder of its own; `catcher` is a real mail server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.mail_catcher import MailCatcher


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Iterator[MailCatcher]:
    """Mail goes over real SMTP to a server that keeps what it gets."""
    with MailCatcher(tmp_path / "maildir") as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running
