"""Which rows of a file of orders are taken where only new orders are wanted, or only those here."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.enums import ImportRowFate
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Mode, Row
from sales.importing.order_heads import SOURCE
from sales.models import Order


def obey_mode(context: ImportContext, rows: Sequence[Row]) -> list[Row]:
    """The rows that the mode of the run takes; the others are passed over. An order that this run has brought goes
    on being new, so that all its lines come."""
    if context.mode == Mode.UPSERT or not rows:
        return list(rows)
    begun = context.memory["dealt"]
    numbers = {row.values["number"] for row in rows if row.object_id is None}
    known = set(
        Order.objects.filter(source=SOURCE, external_id__in=numbers).values_list("external_id", flat=True)
    )
    taken = []
    for row in rows:
        number = row.values.get("number", "")
        is_here = row.object_id is not None or number in known
        if context.mode == Mode.CREATE and is_here and not (row.object_id is None and begun[number]):
            _pass_over(row, _("it is here already; only new ones are created."))
        elif context.mode == Mode.UPDATE and not is_here:
            _pass_over(row, _("nothing like it is here; only what is here is updated."))
        else:
            taken.append(row)
    return taken


def _pass_over(row: Row, why: str) -> None:
    row.fate, row.object_id = ImportRowFate.SKIPPED, None
    row.problems.append(Problem("mode", why))
