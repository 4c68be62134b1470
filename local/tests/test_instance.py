"""Which servers the settings use."""

import os
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from local.instance import (
    NO_DATABASE_URL,
    PROJECT_ROOT,
    Instance,
    connection_settings,
    data_dir,
    ensure_secrets,
    parse_database_url,
    read_instance,
    write_instance,
)

RUNNING = Instance(
    pid=os.getpid(),
    port=8000,
    postgres_port=5433,
    redis_port=6380,
    mail_port=1026,
    database_url="postgresql://crm_app:a@127.0.0.1:5433/crm",
    migration_database_url="postgresql://crm_owner:o@127.0.0.1:5433/crm",
    superuser_database_url="postgresql://postgres:s@127.0.0.1:5433/postgres",
    redis_url="redis://127.0.0.1:6380/0",
    email_url="smtp://127.0.0.1:1026",
)


def test_connection_settings_come_from_the_running_instance(tmp_path: Path) -> None:
    write_instance(tmp_path, RUNNING)
    found = connection_settings({"CRM_DATA": str(tmp_path)})
    assert found.database_url == RUNNING.database_url
    assert found.migration_database_url == RUNNING.migration_database_url
    assert found.redis_url == RUNNING.redis_url
    assert found.email_url == RUNNING.email_url


def test_connection_settings_prefer_the_environment_and_never_mix_servers(tmp_path: Path) -> None:
    write_instance(tmp_path, RUNNING)
    found = connection_settings({"CRM_DATA": str(tmp_path), "DATABASE_URL": "postgresql://u@db/x"})
    assert found.database_url == "postgresql://u@db/x"
    assert found.migration_database_url == "postgresql://u@db/x"
    assert found.redis_url == RUNNING.redis_url


def test_connection_settings_ignore_an_instance_that_stopped(tmp_path: Path) -> None:
    write_instance(tmp_path, replace(RUNNING, pid=0))
    assert connection_settings({"CRM_DATA": str(tmp_path)}).database_url == NO_DATABASE_URL


def test_connection_settings_without_any_server_fail_with_what_to_do(tmp_path: Path) -> None:
    address = parse_database_url(connection_settings({"CRM_DATA": str(tmp_path)}).database_url)
    with pytest.raises(psycopg2.OperationalError, match="no database: run `make run` or set DATABASE_URL"):
        psycopg2.connect(host=address.host, user=address.user, dbname=address.name)


def test_data_dir_is_in_the_checkout_unless_named(tmp_path: Path) -> None:
    assert data_dir({}) == PROJECT_ROOT / ".data"
    assert data_dir({"CRM_DATA": str(tmp_path)}) == tmp_path


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_read_instance_takes_a_broken_file_for_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "instance.json").write_text(content)
    assert read_instance(tmp_path) is None


def test_files_with_passwords_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    write_instance(tmp_path, RUNNING)
    secrets = ensure_secrets(tmp_path)
    assert ensure_secrets(tmp_path) == secrets
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "instance.json": 0o600,
        "secrets.json": 0o600,
    }


def test_parse_database_url_decodes_what_a_url_escapes() -> None:
    address = parse_database_url("postgres://us%40er:p%2Fw@[::1]:5432/na%20me")
    assert (address.host, address.port, address.name) == ("::1", 5432, "na me")
    assert (address.user, address.password) == ("us@er", "p/w")


def test_parse_database_url_names_the_fault() -> None:
    with pytest.raises(ValueError, match="begins with postgresql://, not mysql://"):
        parse_database_url("mysql://u@h/x")
