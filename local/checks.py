"""`make check`: what is looked at without running the product. Every check runs; each failure is shown."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from secrets import token_urlsafe

from local.instance import PROJECT_ROOT

_PRODUCTION = {
    "CRM_ENV": "production",
    "SECRET_KEY": token_urlsafe(60),
    "ALLOWED_HOSTS": "crm.example",
    "PUBLIC_URL": "https://crm.example",
    "DATABASE_URL": "postgresql://crm_app@db.example/crm",
    "REDIS_URL": "redis://redis.example/0",
    "EMAIL_URL": "smtp://mail.example",
}


@dataclass(frozen=True)
class Check:
    """A program whose exit code says whether all is well."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> str:
        """Its output where it failed, else nothing."""
        result = subprocess.run(
            [sys.executable, "-W", "ignore", *self.command],
            cwd=PROJECT_ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return "" if result.returncode == 0 else result.stdout.strip() or f"exit code {result.returncode}"


CHECKS = (
    Check("ruff check", ("-m", "ruff", "check", "--quiet", ".")),
    Check("ruff format", ("-m", "ruff", "format", "--check", "--quiet", "--diff", ".")),
    Check("import contracts", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("deployment", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), _PRODUCTION),
    Check("script budget", ("-m", "frontend.budget")),
    Check("mypy", ("-m", "mypy", ".")),
)


def main() -> int:
    """Returns 0 when nothing was found, else 1."""
    failed = [check.name for check in CHECKS if not _passes(check)]
    print("all checks passed" if not failed else f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _passes(check: Check) -> bool:
    begun = time.monotonic()
    fault = check.run()
    print(f"{'FAILED' if fault else 'ok':6} {check.name} ({time.monotonic() - begun:.1f} s)", flush=True)
    if fault:
        print(fault, flush=True)
    return not fault


if __name__ == "__main__":
    sys.exit(main())
