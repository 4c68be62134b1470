"""A worker in a process of its own, to be measured and killed: carries out the job of the given number."""

import json
import os
import sys

import django


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
