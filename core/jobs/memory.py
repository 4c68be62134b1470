"""How much memory a process has held, and how seldom it is searched for what nobody holds any more."""

import gc
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATUS = Path("/proc/self/status")
NEW_OBJECTS = 100_000


def peak_bytes() -> int:
    """The most that this process has held resident.

    Linux tells it as VmHWM; `ru_maxrss` would count what the process that started this one held before exec.
    """
    if STATUS.exists():
        fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For work that makes many objects and keeps them for a while, as an import keeps the rows of a chunk: Python's
    search for cycles, which runs whenever a few hundred objects have been made and goes through all that are kept,
    took a third of the time of imports. It still runs, once in `NEW_OBJECTS`, and passes over what was there before.
    What is in no cycle is freed at once as ever."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
