"""The database each test gets."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, transaction

from core.models import Team
from local.fingerprints import data_fingerprint, schema_fingerprint, static_fingerprint
from local.template_database import Wiper
from local.testing import Lease


@pytest.mark.django_db
def test_tests_are_connected_as_the_application_which_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, database = cursor.fetchone()
        assert user == "crm_app"
        assert database.startswith("test_crm_")
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'"
        )
        assert cursor.fetchone() == (0,)
    for statement in ("TRUNCATE core_team", "DROP TABLE core_team", "ALTER TABLE core_team ADD x int"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_wiper_brings_back_the_state_after_migrations(database_lease: Lease) -> None:
    types = set(ContentType.objects.values_list("pk", "app_label", "model"))
    permissions = set(Permission.objects.values_list("pk", "codename"))
    Team.objects.create(name="North")
    Permission.objects.all().delete()
    ContentType.objects.filter(model="session").update(model="other")
    wiper = Wiper(database_lease.superuser_url, database_lease.database)
    wiper.wipe()
    wiper.close()
    assert set(ContentType.objects.values_list("pk", "app_label", "model")) == types
    assert set(Permission.objects.values_list("pk", "codename")) == permissions
    assert not Team.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM history.change")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_tidying_gives_back_the_room_of_rows_that_are_gone(database_lease: Lease) -> None:
    def pages() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('core_team') / 8192")
            return int(cursor.fetchone()[0])

    wiper = Wiper(database_lease.superuser_url, database_lease.database)
    wiper.tidy()
    before = pages()
    Team.objects.bulk_create(Team(name=f"{number:0120}") for number in range(4_000))
    Team.objects.all().delete()
    assert pages() > before + 50
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")  # counts go out once a second, else
    wiper.tidy()
    wiper.close()
    assert pages() <= before


def test_schema_fingerprint_follows_what_shapes_a_database_and_nothing_else(tmp_path: Path) -> None:
    migrations = tmp_path / "core" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("a = 1")
    first = schema_fingerprint(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("x")
    assert schema_fingerprint(tmp_path) == first
    (migrations / "0001_initial.py").write_text("a = 2")
    second = schema_fingerprint(tmp_path)
    (migrations / "0002_more.py").write_text("")
    assert len({first, second, schema_fingerprint(tmp_path)}) == 3


def test_data_fingerprint_follows_migrations_and_the_makers_of_demo_data(tmp_path: Path) -> None:
    for name in ("core/migrations/0001_initial.py", "core/models.py", "demo/names.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a = 1")
    first = data_fingerprint(tmp_path)
    (tmp_path / "core/models.py").write_text("a = 1  # said better")
    assert data_fingerprint(tmp_path) == first
    (tmp_path / "demo/names.py").write_text("a = 2")
    second = data_fingerprint(tmp_path)
    (tmp_path / "core/migrations/0001_initial.py").write_text("a = 2")
    assert len({first, second, data_fingerprint(tmp_path)}) == 3


def test_static_fingerprint_follows_files_of_every_static_folder(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "sales" / "static").mkdir(parents=True)
    first = static_fingerprint(tmp_path)
    (tmp_path / "sales" / "static" / "a.css").write_text("x")
    assert static_fingerprint(tmp_path) != first
