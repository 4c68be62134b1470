"""Production refuses every process that would run without a secret key, with demo logins or with debug."""

import os
import subprocess
import sys

import pytest

from local.instance import PROJECT_ROOT

PRODUCTION = {
    "CRM_ENV": "production",
    "SECRET_KEY": "s" * 60,
    "ALLOWED_HOSTS": "crm.example",
    "PUBLIC_URL": "https://crm.example",
    "DATABASE_URL": "postgresql://crm_app@127.0.0.1:1/crm",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}
PROCESSES = {
    "web": "import crm_project.wsgi",
    "worker": "from crm_project.celery import app; app.loader.init_worker(); import django; django.setup()",
}


def begin(program: str, **more: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{program}\nprint('started')"],
        cwd=PROJECT_ROOT, env={**inherited, **PRODUCTION, **more}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "development-only-" + "0" * 50}, "Set SECRET_KEY to a long random value."),
        ({"DEMO": "1"}, "Unset DEMO"),
        ({"DEBUG": "1"}, "Unset DEBUG"),
    ],
)
def test_web_server_refuses_to_start(fault: dict[str, str], words: str) -> None:
    done = begin(PROCESSES["web"], **fault)
    assert done.returncode != 0
    assert words in done.stderr
    assert "started" not in done.stdout


def test_worker_refuses_demo_logins_and_both_start_without_faults() -> None:
    assert "Unset DEMO" in begin(PROCESSES["worker"], DEMO="1").stderr
    for program in PROCESSES.values():
        assert begin(program).stdout.strip() == "started"
