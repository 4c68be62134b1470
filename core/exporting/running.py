"""An export as a job: the rows of a list, or of a type, as a file to download."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Action
from core.exporting.records import NoCards, RecordExport
from core.exporting.writing import ENDINGS, TooManyRows, write_csv, write_xlsx
from core.jobs.kinds import job_kind
from core.jobs.running import JobFailed, JobRun
from core.models import Job, User
from core.registries import records
from core.scope.access import profile_for
from core.services.exports import finish_record


def download_url(job: Job) -> str:
    return reverse("core:export_download", args=[job.pk])


def _called(params: Mapping[str, Any]) -> str:
    return _("Exporting %(what)s") % {"what": records.get(params["record_type"]).plural}


@job_kind("core.export", title=_called, url_for=download_url)
def run_export(run: JobRun) -> None:
    """Write the rows that the owner may export now; a killed run starts over and leaves no half file."""
    owner = run.job.owner
    record_type, kind = run.params["record_type"], run.params["format"]
    if owner is not None and not profile_for(owner).allows(record_type, Action.EXPORT):
        raise JobFailed(gettext_lazy("Your role does not allow this export."))
    export = listed(owner, record_type, run.params.get("query", "")) or RecordExport(record_type, owner)
    total = export.rows.count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{kind}"
        try:
            write_file(path, kind, export, run, total)
        except (TooManyRows, NoCards) as error:
            raise JobFailed(str(error)) from error
        name = f"exports/{timezone.localdate():%Y/%m}/{record_type}-{run.job.pk}.{ENDINGS.get(kind, kind)}"
        with path.open("rb") as stream:
            stored = default_storage.save(name, File(stream))
    if run.params.get("entry"):
        finish_record(actor=owner, entry_id=run.params["entry"], rows=export.written, columns=export.header)
    run.progress(export.written, export.written)
    run.finish_with(file=stored, rows=export.written)


def write_file(
    path: Path, kind: str, export: RecordExport, run: JobRun | None = None, total: int = 0
) -> None:
    """Write an export to `path` as `csv`, `xlsx` or `vcard`. Raises TooManyRows, NoCards."""

    def reported(source: Iterator[Any]) -> Iterator[Any]:
        for line in source:
            if run is not None:
                run.progress(export.written, max(total, export.written))
            yield line

    if kind == "xlsx":
        write_xlsx(str(path), export.header, reported(export.lines()))
        return
    if kind == "vcard":
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(reported(export.cards()))
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, export.header, reported(export.lines()))


def listed(user: User | None, record_type: str, query: str) -> RecordExport | None:
    """The export of a list as its query string shows it: filters, search and chosen columns."""
    from core.ui.list_query import ListQuery
    from core.ui.lists import page_for

    page = page_for(record_type)
    if page is None or user is None:
        return None
    shown = ListQuery(page, user, QueryDict(query.lstrip("?")))
    return RecordExport(record_type, user, rows=shown.filtered(Action.EXPORT), chosen=shown.chosen)
