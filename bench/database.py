"""A migrated database of the test servers for a bench, named in the environment of this process and its children."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def bench_database() -> Iterator[str]:
    """Yields the URL of the superuser, who may VACUUM; Django's own logins are the usual restricted ones."""
    from local.instance import data_dir
    from local.template_database import make_test_database
    from local.testing import lease

    directory = data_dir() / "test"
    held = lease(directory)
    make_test_database(held, directory)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings",
        "CRM_DATA": str(directory / "instances" / str(held.slot)),
        "DATABASE_URL": held.database_url,
        "MIGRATION_DATABASE_URL": held.migration_database_url,
        "REDIS_URL": held.redis_url,
    }
    yield held.superuser_url
