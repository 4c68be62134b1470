"""What a process of the application loads before it can answer."""

import os
import subprocess
import sys

from local.instance import PROJECT_ROOT


def test_web_process_does_not_import_the_numeric_libraries() -> None:
    program = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(*sorted({'scipy', 'pandas', 'sklearn', 'matplotlib'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "crm_project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == ""
