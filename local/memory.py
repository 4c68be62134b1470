"""How much memory the machine has for us."""

import os
from pathlib import Path

CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def machine_bytes(limit: Path = CGROUP_LIMIT) -> int:
    """The machine's memory, or what the control group of a container leaves of it (cgroup v2, `memory.max`)."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    allowed = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    return physical if allowed == "max" else min(physical, int(allowed))
