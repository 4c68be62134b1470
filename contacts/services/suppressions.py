"""The list of addresses that are left alone, as colleagues keep it: lifted with a reason, brought in from a file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.models import Suppression
from contacts.normalise import normalise_email
from contacts.selectors.privacy import contacts_at
from contacts.services.consents import lift_suppression
from contacts.services.refusals import tell_refused
from contacts.services.timeline import Happening, record_timeline
from core.enums import Action
from core.services.base import require, service

MAX_LINES = 20_000
"""Of one list; longer ones are brought in piece by piece, or by `import_suppressions`."""
_SLICE = 2_000
_CELLS = re.compile(r"[,;\t]")


@dataclass
class Imported:
    """How many addresses were `added`, were `known` already, and the lines (number, words) that hold none."""

    added: int = 0
    known: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)


@service
def lift_with_reason(*, actor: Any, suppression: Suppression, reason: str) -> None:
    """Write to an address again. The reason stays in the history, and on the timeline of whoever has the address.

    An erased one is let in by a privacy officer instead. Raises ValidationError, NotAllowed.
    """
    require(actor, "suppression", Action.DELETE)
    if suppression.cause == SuppressionCause.ERASED:
        raise ValidationError(_("Whoever this belonged to was erased: a privacy officer lets them in again."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the person's no is overruled by it.")})
    suppression.note = reason.strip()[:200]
    suppression.save(update_fields=["note", "updated_at"])
    lift_suppression(actor=actor, address=suppression.address, reach=suppression.reach)
    now = timezone.now()
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.suppression_lifted",
                occurred_at=now,
                dedupe_key=f"suppression:{suppression.pk}:{contact.pk}:lifted",
                contact_id=contact.pk,
                actor_id=getattr(actor, "pk", None),
                title=reason.strip()[:200],
                data={"cause": suppression.cause, "reach": suppression.reach},
                counts_as_activity=False,
            )
            for contact in contacts_at(suppression.address)
            if contact.deleted_at is None
        ],
    )


@service
def import_suppressions(
    *,
    actor: Any,
    text: str,
    cause: str = SuppressionCause.MANUAL,
    reach: str = SuppressionScope.MARKETING,
    source: str = "",
    limit: int | None = MAX_LINES,
) -> Imported:
    """Leave every address of a list alone: one a line, or the first cell with an @. Nothing of the list is kept
    but the addresses, and the entries that are there already stay as they are. Raises ValidationError, NotAllowed.
    """
    require(actor, "suppression", Action.ADD)
    if cause == SuppressionCause.ERASED:
        raise ValidationError({"cause": _("Erasing a person does this.")})
    lines = text.splitlines()
    if limit is not None and len(lines) > limit:
        raise ValidationError({"file": _("At most %d lines at once.") % limit})
    outcome = Imported()
    addresses = list(dict.fromkeys(_addresses(lines, outcome)))
    for start in range(0, len(addresses), _SLICE):
        part = addresses[start : start + _SLICE]
        known = set(
            Suppression.objects.filter(address__in=part, reach=reach).values_list("address", flat=True)
        )
        rows = [
            Suppression(
                address=one, reach=SuppressionScope(reach), cause=SuppressionCause(cause), source=source[:120]
            )
            for one in part
            if one not in known
        ]
        Suppression.objects.bulk_create(rows, ignore_conflicts=True)
        tell_refused([row.address for row in rows], reach=reach, cause=cause)
        outcome.added += len(rows)
        outcome.known += len(known)
    return outcome


def _addresses(lines: list[str], outcome: Imported) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip("\"'<>") for cell in _CELLS.split(line)]
        candidates = [cell for cell in cells if "@" in cell]
        if not candidates:
            if number > 1 and line.strip():  # the first line may be headings
                outcome.wrong.append((number, _("no address")))
            continue
        try:
            yield normalise_email(candidates[0])
        except ValidationError as error:
            outcome.wrong.append((number, " ".join(error.messages)))
