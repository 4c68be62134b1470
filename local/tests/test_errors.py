"""The sentences for what keeps a start from succeeding."""

import errno
from pathlib import Path

import pytest

from local.errors import StartError, explain_log, explain_os_error, require_space


def test_require_space_says_which_disk_is_full(tmp_path: Path) -> None:
    require_space(tmp_path, needed=1)
    with pytest.raises(StartError) as raised:
        require_space(tmp_path, needed=10**18)
    assert str(raised.value) == (
        f"The disk that holds {tmp_path} is full: free some space, or put CRM_DATA elsewhere."
    )


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_explain_os_error_knows_a_full_disk(code: int) -> None:
    assert "/data is full" in str(explain_os_error(OSError(code, "x"), Path("/data")))


def test_explain_os_error_names_what_is_not_ours() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/data/secrets.json")
    assert str(explain_os_error(error, Path("/data"))) == (
        "/data/secrets.json is not yours to write: start as its owner, or put CRM_DATA elsewhere."
    )


def test_explain_log_tells_the_last_words(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("starting\nFATAL: it is broken\n\n")
    assert str(explain_log("It", log, tmp_path)) == f"It did not start (FATAL: it is broken); see {log}."


def test_explain_log_knows_a_full_disk(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text('FATAL: could not write "x": No space left on device\nshut down\n')
    assert "is full: free some space" in str(explain_log("It", log, tmp_path))
