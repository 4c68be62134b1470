"""Why something did not start, in a sentence for the person at the terminal."""

import errno
import shutil
from pathlib import Path

NEEDED_BYTES = 300 * 1024 * 1024


class StartError(Exception):
    """Its text is one sentence that says what is wrong and what to do; it is shown without a traceback."""


def full_disk(path: Path) -> StartError:
    """The sentence for a disk without room, naming the folder whose disk it is."""
    return StartError(f"The disk that holds {path} is full: free some space, or put CRM_DATA elsewhere.")


def require_space(path: Path, needed: int = NEEDED_BYTES) -> None:
    """Raise StartError unless the disk under `path` has `needed` bytes free: servers fail later and worse."""
    if shutil.disk_usage(path).free < needed:
        raise full_disk(path)


def explain_os_error(error: OSError, path: Path) -> StartError:
    """The sentence for a failed file operation on the instance's folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_disk(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        where = error.filename or path
        return StartError(f"{where} is not yours to write: start as its owner, or put CRM_DATA elsewhere.")
    return StartError(f"{error.filename or path}: {error.strerror or error}.")


def explain_log(name: str, log: Path, path: Path) -> StartError:
    """The sentence for a server that ended while starting, from the last words of its log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4000))
            tail = file.read().decode(errors="replace")
    except OSError:
        tail = ""
    if "No space left on device" in tail or "Disk quota exceeded" in tail:
        return full_disk(path)
    last = next((line.strip() for line in reversed(tail.splitlines()) if line.strip()), "it said nothing")
    return StartError(f"{name} did not start ({last}); see {log}.")
