from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.sending.journal import (
    Journal,
    JournalEntry,
    JournalState,
    dead_journals,
    disk_id,
    living_workers,
    read_entries,
)


def test_last_record_of_each_recipient_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin(1, 10)
    journal.accepted(1, 10)
    journal.begin(2, 10)
    journal.rejected(3, 10, "550 no\r\nsuch user")
    journal.close(keep=True)
    (dead,) = dead_journals(tmp_path)
    assert dead.worker == journal.worker
    assert dead.complete
    assert dead.entries == {
        1: JournalEntry(1, 10, JournalState.ACCEPTED),
        2: JournalEntry(2, 10, JournalState.BEGUN),
        3: JournalEntry(3, 10, JournalState.REJECTED, "550 no such user"),
    }
    assert list(dead_journals(tmp_path)) == []


def test_living_writer_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert list(dead_journals(tmp_path)) == []
    assert living_workers(tmp_path) == {journal.worker}
    journal.close(keep=False)
    assert living_workers(tmp_path) == set()
    assert list(tmp_path.glob("*.journal")) == []


def test_failed_recovery_is_tried_again(tmp_path: Path) -> None:
    Journal(tmp_path).close(keep=True)
    with pytest.raises(RuntimeError):
        for _ in dead_journals(tmp_path):
            raise RuntimeError
    assert len(list(dead_journals(tmp_path))) == 1


def test_journal_of_an_earlier_boot_is_not_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Journal(tmp_path).close(keep=True)
    monkeypatch.setattr("marketing.sending.journal._BOOT_ID", tmp_path / "disk-id")
    (dead,) = dead_journals(tmp_path)
    assert not dead.complete


def test_disk_keeps_its_name(tmp_path: Path) -> None:
    assert disk_id(tmp_path) == disk_id(tmp_path)
    assert Journal(tmp_path).worker.startswith(disk_id(tmp_path) + ".")


@given(st.integers(min_value=0))
def test_torn_end_is_passed_over(cut: int) -> None:
    data = _bytes_of_three_records()
    cut %= len(data) + 1
    entries, _ = read_entries(data[:cut])
    whole = data[:cut].count(b"\n")
    expected = {0: {}, 1: {}, 2: {1: JournalState.BEGUN}, 3: {1: JournalState.ACCEPTED}}.get(
        whole, {1: JournalState.ACCEPTED, 2: JournalState.BEGUN}
    )
    assert {key: entry.state for key, entry in entries.items()} == expected


@given(st.binary(max_size=300))
def test_damaged_bytes_are_passed_over(noise: bytes) -> None:
    entries, _ = read_entries(_bytes_of_three_records() + noise)
    assert entries[1].state is JournalState.ACCEPTED


@cache
def _bytes_of_three_records() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        journal = Journal(Path(directory))
        journal.begin(1, 5)
        journal.accepted(1, 5)
        journal.begin(2, 5)
        journal.close(keep=True)
        return journal.path.read_bytes()


def test_killed_writer_loses_no_record(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from marketing.sending.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1])); number = 0\n"
        "while True:\n number += 1; journal.begin(number, 1); print(number, flush=True)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    last = 0
    while last < 1000:
        last = int(worker.stdout.readline())
    os.kill(worker.pid, signal.SIGKILL)
    for line in worker.stdout:
        last = int(line) if line.endswith("\n") else last
    worker.wait()
    (dead,) = dead_journals(tmp_path)
    assert set(range(1, last + 1)) <= set(dead.entries)
    assert dead.complete
