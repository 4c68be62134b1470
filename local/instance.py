"""The instance of `CRM_DATA`: where its servers listen, and which of them the settings shall use.

`CRM_DATA/instance.json` (mode 0600, as it holds passwords) is written by the runner while it starts.
Settings and management commands read it through `connection_settings`, so that a command given in another
terminal acts on the instance that is running.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote, unquote, urlsplit

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA_DIR = ".data"

# Nothing listens behind these. libpq takes a host that begins with a slash as a folder and quotes it in its
# error, so a command that needs a database says in one line what is missing, and one that needs none runs.
_NO_DATABASE = "/no database: run `make run` or set DATABASE_URL"
NO_DATABASE_URL = f"postgresql://crm_app@{quote(_NO_DATABASE, safe='')}/crm"
NO_REDIS_URL = "redis://127.0.0.1:6379/0"
NO_EMAIL_URL = "smtp://127.0.0.1:1025"


@dataclass(frozen=True)
class ConnectionSettings:
    """The URLs of the servers in use. `migration_database_url` is the login that owns the tables."""

    database_url: str
    migration_database_url: str
    redis_url: str
    email_url: str


@dataclass(frozen=True)
class Instance:
    """What `instance.json` records. `pid` is the runner's, 0 after it stopped; the URLs hold while it lives.

    The ports of the embedded servers are kept over restarts (0: that server is not the embedded one).
    """

    pid: int
    port: int
    postgres_port: int
    redis_port: int
    mail_port: int
    database_url: str
    migration_database_url: str
    superuser_database_url: str
    redis_url: str
    email_url: str

    def is_running(self) -> bool:
        """Whether the runner that wrote this is alive."""
        if self.pid <= 0:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True  # another user's process
        return True


@dataclass(frozen=True)
class Secrets:
    """What one instance made up for itself on its first start, in `CRM_DATA/secrets.json` (mode 0600)."""

    secret_key: str
    superuser_password: str
    owner_password: str
    app_password: str


@dataclass(frozen=True)
class DatabaseAddress:
    """The parts of a PostgreSQL URL, decoded."""

    host: str
    port: int | None
    name: str
    user: str
    password: str


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """`CRM_DATA` as an absolute path: `.data/` in the checkout unless it is set."""
    chosen = environ.get("CRM_DATA", "").strip()
    return Path(chosen).expanduser().absolute() if chosen else PROJECT_ROOT / DEFAULT_DATA_DIR


def connection_settings(environ: Mapping[str, str] = os.environ) -> ConnectionSettings:
    """The servers to use: each URL from the environment first, else from the instance of `CRM_DATA`.

    Never raises and never connects. Where there is neither, the database URL is one whose first connection
    fails with what to do. `MIGRATION_DATABASE_URL` falls back to a `DATABASE_URL` that was set, not to the
    embedded instance, so that migrations never land on another server than the application.
    """
    instance = read_instance(data_dir(environ))
    if instance and not instance.is_running():
        instance = None
    database_url = environ.get("DATABASE_URL") or ""
    if database_url:
        migration_url = environ.get("MIGRATION_DATABASE_URL") or database_url
    else:
        database_url = instance.database_url if instance else NO_DATABASE_URL
        migration_url = environ.get("MIGRATION_DATABASE_URL") or (
            instance.migration_database_url if instance else NO_DATABASE_URL
        )
    return ConnectionSettings(
        database_url=database_url,
        migration_database_url=migration_url,
        redis_url=environ.get("REDIS_URL") or (instance.redis_url if instance else NO_REDIS_URL),
        email_url=environ.get("EMAIL_URL") or (instance.email_url if instance else NO_EMAIL_URL),
    )


def parse_database_url(url: str) -> DatabaseAddress:
    """Split a `postgresql://user:password@host:port/name` URL; a host may be a percent-encoded folder.

    Raises ValueError naming the fault when it is not a PostgreSQL URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"a database URL begins with postgresql://, not {parts.scheme or 'nothing'}://")
    # urlsplit().hostname lowers the case, which a folder does not survive
    address = parts.netloc.rpartition("@")[2]
    host = address if parts.port is None else address.rpartition(":")[0]
    return DatabaseAddress(
        host=unquote(host.strip("[]")),
        port=parts.port,
        name=unquote(parts.path.removeprefix("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def postgres_url(user: str, password: str, port: int, database: str) -> str:
    """The URL of a login on the embedded PostgreSQL."""
    return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def read_instance(directory: Path) -> Instance | None:
    """What the file says, or None where there is none or it is not an instance's record."""
    try:
        record = json.loads((directory / "instance.json").read_text(encoding="utf-8"))
        return Instance(**{field.name: record[field.name] for field in fields(Instance)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_instance(directory: Path, instance: Instance) -> None:
    """Replace the file in one step, readable by its owner alone."""
    _write_privately(directory / "instance.json", asdict(instance))


def read_secrets(directory: Path) -> Secrets | None:
    """The instance's secrets, or None before its first start (or for who may not read them)."""
    try:
        record = json.loads((directory / "secrets.json").read_text(encoding="utf-8"))
        return Secrets(**{field.name: record[field.name] for field in fields(Secrets)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ensure_secrets(directory: Path) -> Secrets:
    """The instance's secrets, made up where there are none yet."""
    known = read_secrets(directory)
    if known is None:
        known = Secrets(**{field.name: token_urlsafe(36) for field in fields(Secrets)})
        write_secrets(directory, known)
    return known


def write_secrets(directory: Path, secrets: Secrets) -> None:
    """Replace the file in one step, readable by its owner alone."""
    _write_privately(directory / "secrets.json", asdict(secrets))


def _write_privately(path: Path, record: dict[str, object]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
