"""An import as a job: chunk by chunk, each one transaction of rows, ledger and checkpoint.

A killed worker's successor goes on behind the last committed chunk, so each line is written exactly once,
whatever the chunk's size. A dry run does the same work, rolls each chunk back and keeps what would have become
of each line.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.importing.converting import Converter
from core.importing.ledger import counts_of, forget_trial, write_error_file, write_fates, write_trial
from core.importing.mapping import check_mapping
from core.importing.mended import Mended
from core.importing.problems import FileProblem, Problem
from core.importing.reading import Line, read_table
from core.importing.review import look_up_again
from core.importing.rows import ImportContext, Row, context_of
from core.importing.source import Layout
from core.importing.tally import Tally
from core.importing.targets import ImportTarget
from core.jobs.kinds import job_kind
from core.jobs.running import Cancelled, JobFailed, JobRun
from core.models import ImportBatch, Job
from core.registries import imports
from core.scope.access import profile_for

MAX_LETTERS = 8_000_000  # of a chunk: memory stays small however long the lines are


def page_of(job: Job) -> str:
    from django.urls import reverse

    return reverse("core:import_detail", args=[job.params["batch"]])


def _called(params: Mapping[str, Any]) -> str:
    words = _("Trying %(file)s") if params["dry_run"] else _("Importing %(file)s")
    return words % params


@job_kind("core.import", title=_called, url_for=page_of, pausable=True)
def run_import(run: JobRun) -> None:
    """Import the batch `params["batch"]`, or only try to (`params["dry_run"]`)."""
    batch = ImportBatch.objects.select_related("owner").get(pk=run.params["batch"])
    target = imports.get(batch.target)
    if target is None:
        raise JobFailed(gettext_lazy("Nothing called “%(name)s” can be imported."), name=batch.target)
    if batch.owner is not None and not target.allowed(profile_for(batch.owner)):
        raise JobFailed(gettext_lazy("Your role does not allow this import."))
    work = _Import(run, batch, target, dry_run=bool(run.params.get("dry_run")))
    # what is told of a line is kept as it was told, and an import is its owner's alone
    language = batch.owner.language if batch.owner is not None else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            work.carry_out()
        except FileProblem as problem:
            raise JobFailed(problem) from problem
        except Cancelled:
            work.close()
            raise


class _Import:
    """One run over one file."""

    def __init__(self, run: JobRun, batch: ImportBatch, target: ImportTarget, *, dry_run: bool) -> None:
        self.run, self.batch, self.target, self.dry_run = run, batch, target, dry_run
        self.context: ImportContext = context_of(batch, dry_run=dry_run)
        self.layout = Layout(**batch.options["layout"])
        self.header: list[str] = []
        self.done = int(run.checkpoint.get("rows", 0))
        self.tally = Tally(run.checkpoint.get("tally"))

    def carry_out(self) -> None:
        self.run.obey()
        with self.batch.file.open("rb") as stream:
            table = read_table(stream, self.layout)
            self.header = table.header
            self._check()
            if not self.run.checkpoint:
                forget_trial(self.batch)
            converter = Converter(self.context, self.target, table.header)
            self.target.resume(self.context)
            after = int(self.run.checkpoint.get("line", 0))
            size = int(self.run.params.get("chunk") or self.target.chunk)
            column = converter.by_key.get(self.target.group)
            rest: Iterator[Line] = (line for line in table.lines if line.number > after)
            if self.batch.corrects_id is not None:
                rest = Mended(self.batch, self.header).marked(rest)
            for lines in chunks(rest, size, column.index if column else None):
                self._chunk(converter, lines)
        self.run.progress(self.done, self.done)
        if not self.dry_run:
            look_up_again(self.batch, self.context, self.target, self.header)
        self.close()

    def _check(self) -> None:
        wrong = check_mapping(self.target, self.context.profile, self.header, self.batch.mapping)
        if wrong:
            raise JobFailed(" ".join(wrong))

    def _chunk(self, converter: Converter, lines: list[Line]) -> None:
        with transaction.atomic():
            rows = converter.convert(lines)
            apply_rows(self.target, self.context, rows)
            self.done += len(rows)
            self.run.job.done = self.done
            if self.dry_run:
                transaction.set_rollback(True)
            else:
                write_fates(self.batch, rows)
                self._save(lines[-1])
        converter.forget_unknown()
        if self.dry_run:
            self.tally.add(rows, self.target)
            with transaction.atomic():
                write_trial(self.batch, rows)
                self._save(lines[-1], tally=self.tally.as_json())
        self.run.progress(self.done, self.run.job.total)

    def _save(self, last: Line, **values: Any) -> None:
        """The checkpoint behind `last`, with the pace and the number of rows there will be: counted by the
        lines of the file that are behind us, as a value may hold several."""
        self.run.job.total = max(self._expected(last.number), self.done)
        self.run.save_checkpoint(line=last.number, rows=self.done, rate=round(self.run.rate, 1), **values)

    def _expected(self, line: int) -> int:
        if self.layout.kind == "vcard":
            return self.layout.rows
        return round(self.done * self.layout.rows / max(1, line - 1))

    def close(self) -> None:
        """Write the outcome on the batch and the job: also of a cancelled import."""
        if self.dry_run:
            self.batch.options = {**self.batch.options, "preview": self.tally.as_json()}
            self.batch.save(update_fields=["options", "updated_at"])
            self.run.finish_with(**self.tally.counts())
            return
        counts = counts_of(self.batch)
        self.batch.counts, self.batch.finished_at = counts, timezone.now()
        write_error_file(self.batch, self.header)
        self.batch.save(update_fields=["counts", "finished_at", "error_file", "updated_at"])
        self.run.finish_with(**counts, error_file=self.batch.error_file.name or None)


def chunks(lines: Iterable[Line], size: int, group: int | None = None) -> Iterator[list[Line]]:
    """The lines in lists of `size`: fewer where they are long, more where the cell `group` goes on being the
    same (up to double)."""
    source = iter(lines)
    chunk: list[Line] = []
    letters = 0
    for line in source:
        full = len(chunk) >= size or letters > MAX_LETTERS
        too_much = len(chunk) >= 2 * size or letters > 2 * MAX_LETTERS
        if full and (group is None or too_much or _cell(chunk[-1], group) != _cell(line, group)):
            yield chunk
            chunk, letters = [], 0
        chunk.append(line)
        letters += sum(map(len, line.cells))
    if chunk:
        yield chunk


def _cell(line: Line, index: int) -> str:
    return line.cells[index] if index < len(line.cells) else ""


def apply_rows(target: ImportTarget, context: ImportContext, rows: list[Row]) -> None:
    """Apply rows; when the database refuses some, find them by halving and fail only those."""
    waiting = [row for row in rows if row.fate is None]
    if not waiting:
        return
    before: list[tuple[Row, int, int | None]] = [(row, len(row.problems), row.object_id) for row in waiting]
    try:
        with transaction.atomic():
            target.apply(context, waiting)
    except (DataError, IntegrityError) as error:
        for row, problems, object_id in before:
            row.fate, row.object_id = None, object_id
            del row.problems[problems:]
        if len(waiting) == 1:
            waiting[0].fail(Problem("database", _refusal(error)))
            return
        half = len(waiting) // 2
        apply_rows(target, context, waiting[:half])
        apply_rows(target, context, waiting[half:])


def _refusal(error: Exception) -> str:
    cause: Any = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    what = getattr(diagnosis, "message_primary", None) or _("a value does not fit")
    return _("the database refused the line: %(what)s.") % {"what": what}
