"""The API keeps its own description: another program reads the OpenAPI document and calls every operation with
values that it allows and with some that it does not.

`.venv/bin/pytest tests/api -q` runs the bounded, seeded round of the suite; `CONTRACT_EXAMPLES=100` a long one.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.api.throttling import TokenRateThrottle
from core.models import User
from core.services.tokens import create_token
from tests.access.world import make_world

pytestmark = [pytest.mark.slow]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "2")
LIMIT = 900
"""Seconds for what hangs, not a measure."""


@pytest.fixture
def token(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """An administrator's, without a limit of calls, in an installation with a record of every type."""
    monkeypatch.setattr(TokenRateThrottle, "allow_request", lambda *args: True)
    admin: Any = make_world().people["admin"]
    assert isinstance(admin, User)
    return create_token(actor=admin, user=admin, name="contract")


def test_every_operation_answers_as_described(live_server: Any, token: str, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{live_server.url}/api/v1/schema/?format=json",
        "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", "examples,fuzzing",
        "--max-examples", EXAMPLES, "--seed", "7", "--generation-deterministic", "--no-color", "--workers", "1",
        "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=LIMIT,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip
    (tmp_path / "report.txt").write_text(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-2000:]}"
