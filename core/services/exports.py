"""Exports: who took which rows out of the house, and files to download."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from core.enums import Action
from core.exporting.cards import card_type
from core.exporting.writing import FORMATS
from core.history.context import acting
from core.models import ExportEntry, Job
from core.registries import records
from core.services.base import require, service
from core.services.jobs import enqueue_job


@service
def record_export(
    *, actor: Any, record_type: str, file_format: str, query: str = "", columns: Sequence[str] = ()
) -> ExportEntry:
    """Put the export into the audit before a row has left: a change set of its own, of cause `export:<type>`, that
    nobody can edit, and beside it which columns and filters. `finish_record` adds how many rows there were."""
    with acting(actor, cause=f"export:{record_type}"), connection.cursor() as cursor:
        cursor.execute("SELECT history.current_changeset()")
        changeset = int(cursor.fetchone()[0])
    return ExportEntry.objects.create(
        changeset=changeset,
        actor=actor,
        record_type=record_type,
        file_format=file_format,
        columns=list(columns),
        query=query[:4000],
    )


@service
def finish_record(*, actor: Any, entry_id: int, rows: int, columns: Sequence[str]) -> None:
    """Write down what an export came to."""
    ExportEntry.objects.filter(pk=entry_id).update(rows=rows, columns=list(columns))


@service
def start_export(*, actor: Any, record_type: str, file_format: str = "csv", query: str = "") -> Job:
    """Start an export as a job. Raises ValidationError for an unknown type or format, NotAllowed."""
    if not records.known(record_type):
        raise ValidationError(_("There is nothing called “%(type)s”.") % {"type": record_type[:40]})
    if file_format not in FORMATS:
        raise ValidationError(_("Choose CSV, XLSX or vCard."))
    if file_format == "vcard" and card_type(record_type) is None:
        raise ValidationError(_("Only people can be exported as vCards."))
    require(actor, record_type, Action.EXPORT)
    entry = record_export(actor=actor, record_type=record_type, file_format=file_format, query=query)
    return enqueue_job(
        actor=actor,
        kind="core.export",
        params={"record_type": record_type, "format": file_format, "query": query[:4000], "entry": entry.pk},
    )
