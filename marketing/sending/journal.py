"""What a worker did between two commits, on its own disk: an append-only file per worker.

"begun" is written before the final dot of a message, "accepted" or "rejected" after the server's answer. After a
crash the file says which leased recipients were sent (accepted), which may have been (begun only: unknown) and
which were not (no record: back to the queue).

A record is in the page cache when `begin` returns, so a killed process loses nothing and no fsync is paid per
message. A machine that loses power may lose records: the file's first line names the boot it was written in, and
recovery in a later boot takes a missing record for "unknown" instead of "not sent". Nothing is sent twice.

The living hold a lock on their file; recovery takes only files whose lock is free.
"""

from __future__ import annotations

import enum
import fcntl
import os
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SUFFIX = ".journal"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class JournalState(enum.StrEnum):
    BEGUN = "B"
    ACCEPTED = "A"
    REJECTED = "R"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The last thing known about one recipient under one lease; `reply` is the server's refusal."""

    recipient_id: int
    token: int
    state: JournalState
    reply: str = ""


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return "unknown-boot"


def disk_id(directory: Path) -> str:
    """The name of this disk in leases, made once: who shares the directory can read its journals."""
    path = directory / "disk-id"
    directory.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        name = path.read_text().strip()
        if name:
            return name
        path.unlink(missing_ok=True)  # a crash between creating and writing it
        return disk_id(directory)
    with os.fdopen(descriptor, "w") as file:
        name = secrets.token_hex(6)
        file.write(name)
    return name


class Journal:
    """The open journal of a living worker. `worker` is the name that its leases carry."""

    def __init__(self, directory: Path) -> None:
        self.worker = f"{disk_id(directory)}.{secrets.token_hex(8)}"
        self.path = directory / f"{self.worker}{_SUFFIX}"
        draft = self.path.with_suffix(".new")
        self._fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        self._write(f"J {_boot_id()}")
        draft.rename(self.path)

    def begin(self, recipient_id: int, token: int) -> None:
        self._write(f"B {recipient_id} {token}")

    def accepted(self, recipient_id: int, token: int) -> None:
        self._write(f"A {recipient_id} {token}")

    def rejected(self, recipient_id: int, token: int, reply: str) -> None:
        self._write(f"R {recipient_id} {token} {' '.join(reply.split())[:300]}")

    def _write(self, record: str) -> None:
        data = record.encode("utf-8", "replace")
        line = b"%08x %s\n" % (zlib.crc32(data), data)
        if os.write(self._fd, line) != len(line):
            raise OSError("the journal's disk is full: nothing more may be sent")

    def close(self, *, keep: bool) -> None:
        """Ends the journal; `keep` leaves the file for recovery where leases are still unsettled."""
        if self._fd < 0:
            return
        if not keep:
            self.path.unlink(missing_ok=True)
        os.close(self._fd)
        self._fd = -1


@dataclass(frozen=True, slots=True)
class DeadJournal:
    """A journal whose writer is gone. `complete` is false where the machine went down in between."""

    worker: str
    path: Path
    entries: dict[int, JournalEntry]
    complete: bool


def read_entries(data: bytes) -> tuple[dict[int, JournalEntry], str]:
    """The last record of each recipient, and the boot that wrote them. Torn or damaged lines are passed over.

    Passing over is safe: a torn "begun" was never followed by its final dot, a torn "accepted" leaves "begun".
    """
    entries: dict[int, JournalEntry] = {}
    boot = ""
    for line in data.split(b"\n")[:-1]:
        checksum, _, record = line.partition(b" ")
        if checksum != b"%08x" % zlib.crc32(record):
            continue
        fields = record.decode("utf-8", "replace").split(" ", 3)
        if fields[0] == "J":
            boot = fields[1]
            continue
        recipient_id, token = int(fields[1]), int(fields[2])
        reply = fields[3] if len(fields) > 3 else ""
        entries[recipient_id] = JournalEntry(recipient_id, token, JournalState(fields[0]), reply)
    return entries, boot


def dead_journals(directory: Path) -> Iterator[DeadJournal]:
    """Each journal of this disk whose writer is gone, locked while it is being dealt with.

    The caller settles the entries in the database and commits inside the loop; when it asks for the next one,
    the file is removed. An exception in the caller leaves it for the next recovery.
    """
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        with os.fdopen(descriptor, "rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if os.fstat(file.fileno()).st_nlink == 0:
                continue
            entries, boot = read_entries(file.read())
            yield DeadJournal(path.name.removesuffix(_SUFFIX), path, entries, boot == _boot_id())
            path.unlink(missing_ok=True)


def living_workers(directory: Path) -> set[str]:
    """Names of the workers of this disk that still hold their journal."""
    living = set()
    for path in directory.glob(f"*{_SUFFIX}"):
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            living.add(path.name.removesuffix(_SUFFIX))
        except FileNotFoundError:
            continue
    return living
