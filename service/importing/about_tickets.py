"""Activities that are about a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.references import RecordResolver
from core.importing.rows import ImportContext, Row
from core.importing.targets import ImportField
from core.registries.imports import FieldSource
from service.models import Ticket

TICKETS = RecordResolver(Ticket, name_field="subject", id_fields=("external_id",), label_field="subject")


def fields() -> Sequence[ImportField]:
    return (
        ImportField(
            "link_ticket", _("Ticket"), "reference", resolver=TICKETS, field="contact",
            synonyms=("ticket", "case", "ticket id", "case id", "case title"),
        ),
    )  # fmt: skip


def columns(context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
    """None: the target writes links beside the record."""
    return {}


ABOUT_TICKETS = FieldSource(fields, columns)
