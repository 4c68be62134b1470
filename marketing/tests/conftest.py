"""Each test has its own journal folder and mail catcher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.mail_catcher import MailCatcher


@pytest.fixture(autouse=True)
def journal_dir(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_JOURNAL_DIR = tmp_path / "journal"
    return tmp_path / "journal"


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Iterator[MailCatcher]:
    """A real mail server that keeps what it gets; EMAIL_URL points at it."""
    with MailCatcher(tmp_path / "maildir") as running:
        settings.EMAIL_URL = running.url
        yield running
