"""What the system checks say of the database's logins."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from core.checks import history_cannot_be_edited
from local.testing import Lease

pytestmark = pytest.mark.django_db


def test_the_applications_login_cannot_edit_the_history() -> None:
    assert history_cannot_be_edited(None, databases=["default"]) == []


def test_a_login_that_owns_the_tables_is_warned_of(database_lease: Lease) -> None:
    owner = {
        **os.environ,
        "DATABASE_URL": database_lease.migration_database_url,
        "MIGRATION_DATABASE_URL": database_lease.migration_database_url,
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--database", "default"],
        cwd=settings.BASE_DIR,
        env=owner,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "(core.W001) The login of the database may edit the change history." in done.stderr
