"""`python -m local`, which is `make run`: start everything, stay, and stop everything in order.

Variables: `PORT` (8000), `CRM_DATA` (`.data/`), `DEMO=0` for an empty installation, and `DATABASE_URL`,
`MIGRATION_DATABASE_URL`, `REDIS_URL`, `EMAIL_URL` to use servers of your own.
"""

import signal
import sys

from local.errors import StartError
from local.runner import Options, Runner


def main() -> int:
    """Returns the exit code: 0 after a stop that was asked for, 1 with one sentence otherwise."""
    try:
        runner = Runner(Options.from_environment())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: runner.stop.set())
        return runner.run()
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
