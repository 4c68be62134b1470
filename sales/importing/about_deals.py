"""Activities that are about a deal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.references import RecordResolver
from core.importing.rows import ImportContext, Row
from core.importing.targets import ImportField
from core.registries.imports import FieldSource
from sales.models import Deal

DEALS = RecordResolver(Deal, name_field="sort_name", sorted_names=True, id_fields=("external_id",))


def fields() -> Sequence[ImportField]:
    return (
        ImportField(
            "link_deal", _("Deal"), "reference", resolver=DEALS, field="contact",
            synonyms=("deal", "opportunity", "deal id", "deal name", "opportunity name", "related deal"),
        ),
    )  # fmt: skip


def columns(context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
    """None: the target writes links beside the record."""
    return {}


ABOUT_DEALS = FieldSource(fields, columns)
