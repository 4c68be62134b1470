"""What browsers load, built and collected where something is new: `python -m local.static`, beside the migration."""

import fcntl
import os
import signal
import sys
from pathlib import Path

from frontend.build import BuildError, build
from local.fingerprints import static_fingerprint
from local.instance import PROJECT_ROOT

STAMP = PROJECT_ROOT / "staticfiles" / ".fingerprint"
_LOCK = PROJECT_ROOT / ".static.lock"


def bring_up_to_date() -> None:
    """Build the front end and collect the static files, where there is something new. Raises BuildError.

    One process of a checkout does so at a time: two instances may share it.
    """
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build()
        wanted = static_fingerprint()
        if _read(STAMP) == wanted:
            return
        _collect()
        STAMP.write_text(wanted, encoding="utf-8")


def _collect() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", "--noinput", "--clear", "--verbosity", "0")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _end_with_children(_number: int, _frame: object) -> None:
    """npm and esbuild are children of this process: they end with it."""
    os.killpg(0, signal.SIGKILL)


def main() -> int:
    signal.signal(signal.SIGTERM, _end_with_children)
    try:
        bring_up_to_date()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
