"""Kinds of jobs: an app registers a function under a name; `enqueue` makes the row and wakes a worker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from core.jobs.running import JobRun


Title = str | Promise | Callable[[Mapping[str, Any]], str | Promise]


@dataclass(frozen=True)
class JobKind:
    """What a kind runs, what its jobs are called, where a finished one leads (`url_for(job)`), whether people may
    pause it, and the kind of the job that takes back what it wrote (`params["job"]`), which is given the parameters
    named in `undo_knows` besides: its title is told from them.

    `title` is lazy words whose placeholders are parameters of the job, or makes them from the parameters.
    """

    name: str
    run: Callable[["JobRun"], None]
    title: Title = ""
    url_for: Callable[[Any], str] | None = None
    pausable: bool = False
    undone_by: str = ""
    undo_knows: tuple[str, ...] = ()


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    title: Title = "",
    url_for: Callable[[Any], str] | None = None,
    pausable: bool = False,
    undone_by: str = "",
    undo_knows: tuple[str, ...] = (),
) -> Callable[[Callable[["JobRun"], None]], Callable[["JobRun"], None]]:
    """Decorator: register `function(run: JobRun)` as the work of the kind.

    The function may be called again after a crash: it goes on from `run.checkpoint`.
    """

    def register(function: Callable[["JobRun"], None]) -> Callable[["JobRun"], None]:
        _kinds[name] = JobKind(name, function, title, url_for, pausable, undone_by, undo_knows)
        return function

    return register


def kind_named(name: str) -> JobKind | None:
    return _kinds.get(name)


def titled(kind: str, params: Mapping[str, Any]) -> str:
    """What a job is called, in the reader's language; "" where its kind has no words or the parameters lack what
    they speak of: a job that was started before they were kept has words of its own."""
    known = _kinds.get(kind)
    if known is None:
        return ""
    try:
        if callable(known.title):
            return str(known.title(params))
        return str(known.title) % params
    except KeyError:
        return ""
