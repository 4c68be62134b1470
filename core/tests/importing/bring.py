"""Bringing a file into the tests: taken in, mapped as guessed, run as its job would run."""

import io
from pathlib import Path
from typing import Any

from core.jobs.running import run
from core.models import ImportBatch, Job, User
from core.services.imports import create_import, map_import, start_import


def take_in(actor: User, target: str, content: str | bytes | Path, name: str = "file.csv") -> ImportBatch:
    """A batch of the content, with the mapping that was guessed."""
    if isinstance(content, Path):
        name, content = content.name, content.read_bytes()
    data = content.encode() if isinstance(content, str) else content
    return create_import(actor=actor, target=target, stream=io.BytesIO(data), name=name, size=len(data))


def bring(
    actor: User,
    target: str,
    content: str | bytes | Path,
    *,
    name: str = "file.csv",
    mapping: dict[str, Any] | None = None,
    dry_run: bool = False,
) -> tuple[ImportBatch, Job]:
    """Import the content to its end; returns the batch and the finished job."""
    batch = map_import(actor=actor, batch=take_in(actor, target, content, name), mapping=mapping or {})
    job = start_import(actor=actor, batch=batch, dry_run=dry_run, wake=False)
    done = run(job.pk)
    assert done is not None
    batch.refresh_from_db()
    return batch, done


def fates(batch: ImportBatch) -> list[tuple[int, str]]:
    """(line, fate) of every line, in order."""
    return list(batch.rows.order_by("line").values_list("line", "fate"))
