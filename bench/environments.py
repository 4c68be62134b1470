"""Python environments of their own for what we compare ourselves with, kept in `CRM_DATA/bench` for the next run."""

import subprocess
import sys
from pathlib import Path

from local.instance import data_dir


def interpreter_with(name: str, packages: tuple[str, ...]) -> Path:
    """The interpreter of the environment `name`, which has the packages; made on first use.

    Raises CalledProcessError or TimeoutExpired where they could not be had.
    """
    home = data_dir() / "bench" / name
    python, uv = home / "bin" / "python", [sys.executable, "-m", "uv"]
    if not (home / "ready").exists():
        subprocess.run(
            [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, home], check=True, timeout=120
        )
        subprocess.run(
            [*uv, "pip", "install", "--quiet", "--python", python, *packages], check=True, timeout=600
        )
        (home / "ready").touch()
    return python
