"""What every test can use: its own database as the application's login, its own Redis, real files if there."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from local.errors import StartError
from local.pytest_plugin import LEASE, suite_data_dir
from local.skips import NO_SAMPLE_DATA
from local.template_database import Wiper, make_test_database
from local.testing import Lease


def pytest_configure(config: pytest.Config) -> None:
    # a slow hash is right for people and only slow for tests
    # a test is slow when the machine is busy; limits are for what hangs
    hypothesis.settings.register_profile("suite", deadline=None)
    hypothesis.settings.load_profile("suite")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_lease(pytestconfig: pytest.Config) -> Lease:
    """The servers of this test process: URLs of each login, and of its Redis database."""
    return pytestconfig.stash[LEASE]


_WIPER = pytest.StashKey[Wiper]()


@pytest.fixture(scope="session")
def django_db_setup(
    pytestconfig: pytest.Config, database_lease: Lease, django_db_blocker: Any
) -> Iterator[None]:
    """A migrated database, owned by `crm_owner`; the tests themselves are connected as `crm_app`."""
    try:
        make_test_database(database_lease, suite_data_dir())
    except StartError as error:
        pytest.exit(str(error), returncode=3)
    wiper = pytestconfig.stash[_WIPER] = Wiper(database_lease.superuser_url, database_lease.database)

    def wipe(case: TransactionTestCase) -> None:
        wiper.wipe()

    # Django's own teardown truncates, which the application's login may not
    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = wipe  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = before  # type: ignore[method-assign]
    del pytestconfig.stash[_WIPER]
    wiper.close()
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="module", autouse=True)
def _tidy_database(pytestconfig: pytest.Config) -> Iterator[None]:
    """The last file of a session finds as few dead rows in the tables as the first."""
    yield
    if _WIPER in pytestconfig.stash:
        pytestconfig.stash[_WIPER].tidy()


@pytest.fixture(scope="session")
def redis_server(database_lease: Lease) -> Iterator["redis.Redis"]:
    """A client of this process's own Redis database."""
    client = redis.Redis.from_url(database_lease.redis_url)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def _empty_redis(redis_server: "redis.Redis") -> None:
    """No queue, cache entry or lockout of one test reaches the next."""
    redis_server.flushdb()


@pytest.fixture(autouse=True)
def _no_dashboard_is_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a dashboard is kept depends on how long it took, which on a busy machine is anybody's guess."""
    monkeypatch.setattr("analytics.dashboard.kept.DEAR", float("inf"))


@pytest.fixture
def run_on_commit(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Callable[[], Any]]]],
) -> Callable[[], AbstractContextManager[list[Callable[[], Any]]]]:
    """`with run_on_commit():` runs what was put off until commit when the block ends, as a commit would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of real input files; a test that needs them is skipped where it is not known."""
    folder = os.environ.get("SAMPLE_DATA")
    if not folder:
        pytest.skip(NO_SAMPLE_DATA)
    return Path(folder)
