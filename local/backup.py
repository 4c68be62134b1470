"""Backup and restore of the instance of `CRM_DATA`.

`python -m local.backup create FILE.tar` while it runs; `python -m local.backup restore FILE.tar` into a folder
that has no data yet. The file holds a consistent dump of the database, the uploads and the secret key (links in
mails that were sent stay valid), and no passwords of servers.
"""

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from local import postgres, roles
from local.application import REPLAY
from local.errors import StartError, explain_os_error
from local.instance import (
    DatabaseAddress,
    data_dir,
    ensure_secrets,
    parse_database_url,
    postgres_url,
    read_instance,
    read_secrets,
    write_secrets,
)
from local.processes import free_port, stop_in_order
from local.runner import DATABASE


def create(directory: Path, target: Path) -> None:
    """Write the backup of the running instance; the file appears whole or not at all. Raises StartError."""
    instance, secrets = read_instance(directory), read_secrets(directory)
    if instance is None or secrets is None or not instance.is_running():
        raise StartError(
            f"The instance in {directory} is not running: start it with make run, then back it up."
        )
    if not instance.superuser_database_url:
        raise StartError(
            "This instance uses a server of your own: back that up with pg_dump (docs/operations.md)."
        )
    partial = target.with_name(f".{target.name}.partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        server = replace(parse_database_url(instance.superuser_database_url), name=DATABASE)
        _client("pg_dump", server, ["--format=custom", f"--file={folder / 'database.dump'}"])
        (folder / "backup.json").write_text(json.dumps({"format": 1, "secret_key": secrets.secret_key}))
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            for part in ("backup.json", "database.dump"):
                archive.add(folder / part, part)
            archive.add(directory / "media", "media")
    partial.replace(target)


ERASURES = Path("erasures") / "erasures.jsonl"
REFUSALS = "refusals.jsonl"
"""The log of those who said no, in the folder of the other one."""


def restore(source: Path, directory: Path, erasures: Path | None = None) -> None:
    """Make an instance out of a backup, in a folder that holds none. Raises StartError; start it afterwards.

    `erasures` is the log of erasures, which lies apart from the database, with the log of refusals beside it:
    the next start erases again whoever the one names, and leaves alone again whoever the other does.
    """
    if (directory / "postgres").exists():
        raise StartError(f"{directory} holds an instance already: restore into another folder with CRM_DATA.")
    # read first: an instance without its erasures would hold people who are not to be in it
    logs = _read_logs(erasures) if erasures is not None else {}
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with tarfile.open(source) as archive, tempfile.TemporaryDirectory(dir=directory) as name:
        names = archive.getnames()
        if not {"backup.json", "database.dump"} <= set(names):
            raise StartError(f"{source} is not a backup of this program.")
        if any(part.startswith("/") or ".." in Path(part).parts for part in names):
            raise StartError(f"{source} names files outside of itself: it is not a backup of this program.")
        archive.extractall(name)  # noqa: S202 - every name was looked at
        folder = Path(name)
        content = json.loads((folder / "backup.json").read_text())
        write_secrets(directory, replace(ensure_secrets(directory), secret_key=content["secret_key"]))
        _restore_database(directory, folder / "database.dump")
        if (folder / "media").exists():
            (folder / "media").rename(directory / "media")
    for place, kept in logs.items():
        (directory / place).parent.mkdir(exist_ok=True)
        (directory / place).write_bytes(kept)
    (directory / REPLAY).write_text("")


def _read_logs(erasures: Path) -> dict[Path, bytes]:
    """What is to lie in the restored folder. There may be one of the two logs alone; raises OSError for neither."""
    refusals = erasures.with_name(REFUSALS)
    logs: dict[Path, bytes] = {}
    if refusals.exists():
        logs[ERASURES.with_name(REFUSALS)] = refusals.read_bytes()
    if erasures.exists() or not logs:
        logs[ERASURES] = erasures.read_bytes()
    return logs


def _restore_database(directory: Path, dump: Path) -> None:
    secrets = ensure_secrets(directory)
    port = free_port()
    server = postgres.start(
        directory / "postgres", port, secrets.superuser_password, directory / "restore.log"
    )
    try:
        url = postgres_url(postgres.SUPERUSER, secrets.superuser_password, port, "postgres")
        roles.ensure_roles(url, secrets.owner_password, secrets.app_password)
        roles.ensure_database(url, DATABASE)
        _client(
            "pg_restore",
            replace(parse_database_url(url), name=DATABASE),
            [
                "--exit-on-error",
                "--clean",
                "--if-exists",
                "--single-transaction",
                f"--dbname={DATABASE}",
                str(dump),
            ],
        )
        roles.ensure_database(url, DATABASE)
    finally:
        server.ask_to_stop()
        stop_in_order([[server]])


def _client(program: str, server: DatabaseAddress, arguments: list[str]) -> None:
    result = subprocess.run(
        [postgres.client(program), *arguments],
        env={
            **os.environ,
            "PGHOST": server.host,
            "PGPORT": str(server.port),
            "PGUSER": server.user,
            "PGPASSWORD": server.password,
            "PGDATABASE": server.name,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise StartError(f"{program} failed: {result.stderr.strip()[-1500:]}")


def main() -> int:
    """Returns 0 when it is done, 1 with a sentence when it is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["create", "restore"])
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--erasures",
        type=Path,
        default=os.environ.get("ERASURE_LOG"),
        help="the log of erasures, on restoring",
    )
    arguments = parser.parse_args()
    try:
        if arguments.action == "create":
            create(data_dir(), arguments.file.absolute())
        else:
            restore(arguments.file.absolute(), data_dir(), arguments.erasures)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except tarfile.TarError:
        print(f"{arguments.file} is not a backup of this program.", file=sys.stderr)
        return 1
    except OSError as error:
        print(explain_os_error(error, data_dir()), file=sys.stderr)
        return 1
    if arguments.action == "restore" and arguments.erasures is None:
        print(
            "No log of erasures was given (--erasures): whoever was erased since the backup is back, and whoever"
            " said no since is written to again.",
            file=sys.stderr,
        )
    print(f"{arguments.action}d {arguments.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
