"""Kinds of jobs: an app registers a function under a name; `enqueue` makes the row and wakes a worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.running import JobRun


@dataclass(frozen=True)
class JobKind:
    """What a kind runs, where its finished job leads (`url_for(job)`), whether people may pause it, and the kind
    of the job that takes back what it wrote (`params["job"]`)."""

    name: str
    run: Callable[["JobRun"], None]
    url_for: Callable[[Any], str] | None = None
    pausable: bool = False
    undone_by: str = ""


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, url_for: Callable[[Any], str] | None = None, pausable: bool = False, undone_by: str = ""
) -> Callable[[Callable[["JobRun"], None]], Callable[["JobRun"], None]]:
    """Decorator: register `function(run: JobRun)` as the work of the kind.

    The function may be called again after a crash: it goes on from `run.checkpoint`.
    """

    def register(function: Callable[["JobRun"], None]) -> Callable[["JobRun"], None]:
        _kinds[name] = JobKind(name, function, url_for, pausable, undone_by)
        return function

    return register


def kind_named(name: str) -> JobKind | None:
    return _kinds.get(name)
