"""A worker in a process of its own, to be measured and killed: carries out the job of the given number."""

import json
import os
import subprocess
import sys
from typing import Any

import django


def begin(lease: Any, job_id: int) -> subprocess.Popen[str]:
    """Start the worker on this test's database (`pytestconfig.stash[LEASE]`); its last line tells its peak."""
    environment = {
        **os.environ,
        "DATABASE_URL": lease.database_url,
        "MIGRATION_DATABASE_URL": lease.migration_database_url,
        "REDIS_URL": lease.redis_url,
    }
    command = [sys.executable, "-W", "ignore", "-m", "contacts.tests.importing.worker", str(job_id)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def main(job_id: int) -> None:
    """Prints the process's peak of memory in bytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings")
    django.setup()
    from core.jobs.memory import peak_bytes
    from core.jobs.running import run

    run(job_id)
    print(json.dumps({"peak": peak_bytes()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
