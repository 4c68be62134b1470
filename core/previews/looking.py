"""What can be shown of a file, and showing it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from charset_normalizer import from_bytes

from core.models import File

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
TEXT_BYTES = 100_000
MOST_PAGES = 500
TIMEOUT_SECONDS = 20
ROOT = Path(__file__).resolve().parents[2]


class CannotShow(Exception):
    """The file can't be looked into: broken, locked, or too much work."""


def kind_of(file: File) -> str:
    """`picture`, `pdf`, `text`, or an empty string for what is only downloaded."""
    if file.media_type in PICTURES:
        return "picture"
    if file.media_type == "application/pdf":
        return "pdf"
    return "text" if file.media_type == "text/plain" else ""


def text_of(file: File) -> tuple[str, bool]:
    """The beginning of a text file, and whether that is all of it."""
    with file.content.open("rb") as stream:
        head = stream.read(TEXT_BYTES + 1)
    guess = from_bytes(head[:TEXT_BYTES]).best()
    text = str(guess) if guess is not None else head[:TEXT_BYTES].decode("utf-8", errors="replace")
    return text.replace("\x00", ""), len(head) <= TEXT_BYTES


def page_count(file: File) -> int:
    """How many pages a PDF has. Raises CannotShow."""
    text = _pdfium(file, 0).decode(errors="replace")
    if not text.isascii() or not text.isdigit():
        raise CannotShow
    return min(int(text), MOST_PAGES)


def page_picture(file: File, number: int) -> bytes:
    """A page of a PDF as a PNG. Raises CannotShow."""
    picture = _pdfium(file, number)
    if not picture.startswith(b"\x89PNG"):
        raise CannotShow
    return picture


def _pdfium(file: File, number: int) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy, file.content.open("rb") as stream:
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            copy.write(chunk)
        copy.flush()
        command = [sys.executable, "-m", "core.previews.pdf_page", copy.name, str(number)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise CannotShow from error
    if done.returncode != 0:
        raise CannotShow
    return done.stdout
