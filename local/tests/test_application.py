"""The steps before the web server."""

import sys
import time
from pathlib import Path
from threading import Event

import pytest

from local.application import Application
from local.errors import StartError
from local.processes import spawn


def test_a_front_end_that_cannot_be_built_ends_the_other_steps_at_once_and_says_why(tmp_path: Path) -> None:
    log = tmp_path / "static.log"
    log.write_text("Installing the npm packages failed:\nnetwork unreachable\n")
    application = Application(tmp_path, 1, print, lambda name: tmp_path / f"{name}.log")
    application._static = spawn("static", [sys.executable, "-c", "raise SystemExit(1)"])
    seeding = spawn("seed_demo", [sys.executable, "-c", "import time; time.sleep(60)"])
    begun = time.monotonic()
    with pytest.raises(StartError, match=r"The step “static” did not start \(network unreachable\)"):
        application._finish(seeding, Event())
    assert not seeding.is_alive()
    assert time.monotonic() - begun < 20
