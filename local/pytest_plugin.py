"""Gives each pytest process its servers before Django's settings are read (loaded by `-p` in pytest.ini)."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from local.errors import StartError
from local.instance import data_dir
from local.testing import Lease, lease

# Set by the controller for its xdist workers: the servers in the environment are the suite's own.
_EMBEDDED = "CRM_TEST_SERVERS"
# Python's search for cycles goes through all that is held, and a session holds Django and all of us to its end:
# of 225 tests of services and API it took a ninth of the processor's time, so it looks more seldom (a fortieth).
_GC_THRESHOLD = (50_000, 20, 10)
LEASE = pytest.StashKey[Lease]()


def suite_data_dir() -> Path:
    """Where the suite's servers keep their data, apart from the instance of `make run`."""
    return Path(os.environ.get(_EMBEDDED) or data_dir() / "test")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper runs before pytest-django reads the settings, which read these variables."""
    gc.set_threshold(*_GC_THRESHOLD)
    directory = suite_data_dir()
    try:
        held = lease(directory)
    except StartError as error:
        raise pytest.UsageError(str(error)) from error
    early_config.stash[LEASE] = held
    os.environ[_EMBEDDED] = str(directory)
    os.environ["CRM_DATA"] = str(directory / "instances" / str(held.slot))
    os.environ["DATABASE_URL"] = held.database_url
    os.environ["MIGRATION_DATABASE_URL"] = held.migration_database_url
    os.environ["REDIS_URL"] = held.redis_url
    os.environ["EMAIL_URL"] = "smtp://127.0.0.1:1"  # nothing listens: a test names its own mail catcher
    return (yield)
