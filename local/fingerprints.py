"""Short hashes over files: whether what was made from them is still what would be made."""

import hashlib
from pathlib import Path

from local.instance import PROJECT_ROOT

# What decides how a migrated, empty database looks: migrations, and what apps do after them.
_SCHEMA = (
    "*/migrations/*.py",
    "*/apps.py",
    "*/registrations.py",
    "*/rules.py",
    "*/models.py",
    "*/models/*.py",
    "core/history/*",
    "contacts/segmentation/triggers.py",
    "crm_project/settings.py",
    "local/roles.py",
    "local/template_database.py",
    "requirements.txt",
)


# What decides which demo data a migrated database is filled with.
_DATA = ("*/migrations/*.py", "demo/*.py")


def schema_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Changes with everything that `manage.py migrate` could do to a database."""
    return _fingerprint(_SCHEMA, root)


def data_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Changes when demo data would be other data, or be in other tables."""
    return _fingerprint(_DATA, root)


def _fingerprint(patterns: tuple[str, ...], root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        relative = path.relative_to(root)
        if "tests" not in relative.parts and path.is_file():
            digest.update(f"{relative}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def static_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Changes whenever a file that `collectstatic` would take may have changed."""
    digest = hashlib.sha256((root / "requirements.txt").read_bytes())
    for folder in sorted([root / "static", *root.glob("*/static")]):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            status = path.stat()
            digest.update(f"{path.relative_to(root)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
