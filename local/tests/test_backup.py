"""What backup and restore refuse; that they work is seen in test_runner.py."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from local.backup import create, restore
from local.errors import StartError
from local.instance import PROJECT_ROOT


def test_create_needs_a_running_instance(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is not running: start it with make run, then back it up"):
        create(tmp_path, tmp_path / "saved.tar")
    assert list(tmp_path.iterdir()) == []


def test_restore_never_overwrites_an_instance(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(StartError, match="holds an instance already"):
        restore(tmp_path / "saved.tar", tmp_path)


def test_restore_refuses_an_archive_of_something_else(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        archive.add(__file__, "photo.jpg")
    with pytest.raises(StartError, match=r"other\.tar is not a backup of this program"):
        restore(tmp_path / "other.tar", tmp_path / "data")


def test_restore_refuses_names_that_leave_the_folder(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        for name in ("backup.json", "database.dump", "../../escaped"):
            archive.add(__file__, name)
    with pytest.raises(StartError, match="names files outside of itself"):
        restore(tmp_path / "evil.tar", tmp_path / "data")
    assert not (tmp_path.parent / "escaped").exists()


def test_restore_program_tells_a_broken_file_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.tar").write_bytes(b"no archive")
    result = subprocess.run(
        [sys.executable, "-m", "local.backup", "restore", str(tmp_path / "broken.tar")],
        cwd=PROJECT_ROOT,
        env={**os.environ, "CRM_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == f"{tmp_path}/broken.tar is not a backup of this program.\n"
