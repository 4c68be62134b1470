"""Writing the chosen values, where nobody has changed them since they were found."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import F
from django.utils import timezone

from contacts.importing.names import full_name
from contacts.models import Company, Contact, ContactPoint, StandardChange
from contacts.standardising.finding import is_closed
from core.enums import Action
from core.scope.access import profile_for
from core.text import sort_key

APPLIED, CHANGED, CLASH = "applied", "changed", "clash"


def apply_changes(changes: Iterable[StandardChange], user: Any) -> dict[int, str]:
    """Write them in the surrounding transaction; returns each change's outcome by key: `applied`, `changed`
    (the value is another now, or the record out of reach), `clash` (the record has the same point already)."""
    by_model: dict[str, list[StandardChange]] = defaultdict(list)
    for change in changes:
        by_model[change.target].append(change)
    outcomes: dict[int, str] = {}
    for label, own in by_model.items():
        _apply_to(apps.get_model(label), own, user, outcomes)
    return outcomes


def _apply_to(model: Any, changes: list[StandardChange], user: Any, outcomes: dict[int, str]) -> None:
    allowed = model.objects.visible_to(user, Action.CHANGE).filter(pk__in={c.target_pk for c in changes})
    rows = {
        row.pk: row
        for row in model._base_manager.filter(pk__in=list(allowed.order_by().values_list("pk", flat=True)))
        .select_for_update()
        .order_by("pk")
    }
    written: dict[int, Any] = {}
    taken: set[tuple[Any, ...]] = set()
    for change in changes:
        row = rows.get(change.target_pk)
        if row is None or getattr(row, change.field) != change.before or not may_write(change, user):
            outcomes[change.pk] = CHANGED
        elif isinstance(row, ContactPoint) and (_key(row, change) in taken or _has_twin(row, change)):
            outcomes[change.pk] = CLASH
        else:
            taken.add(_key(row, change))
            setattr(row, change.field, change.after)
            outcomes[change.pk] = APPLIED
            written[row.pk] = row
    _write(model, list(written.values()), {change.field for change in changes})


def may_write(change: StandardChange, user: Any) -> bool:
    """Whether the person's role lets them see and write the field."""
    return not is_closed(change.target, change.field, profile_for(user))


def _key(row: Any, change: StandardChange) -> tuple[Any, ...]:
    """What of a point there may be one of only; two points of a batch can become the same."""
    if isinstance(row, ContactPoint):
        return (row.contact_id, row.company_id, row.kind, change.after)
    return (row.pk, change.field)


def _has_twin(point: ContactPoint, change: StandardChange) -> bool:
    twins = ContactPoint.objects.filter(
        contact=point.contact_id, company=point.company_id, kind=point.kind, normalised=change.after
    )
    return point.normalised != change.after and twins.exclude(pk=point.pk).exists()


def _write(model: Any, rows: list[Any], fields: set[str]) -> None:
    for row in rows:
        row.updated_at = timezone.now()
        if isinstance(row, Contact):
            row.name = full_name(row.first_name, row.last_name, row.language)[:210]
            row.sort_name = sort_key(f"{row.last_name} {row.first_name}")
        elif isinstance(row, Company):
            row.sort_name = sort_key(row.name, 200)
        elif isinstance(row, ContactPoint):
            row.normalised = row.value
        if hasattr(row, "version"):
            row.version = F("version") + 1
    extra = {
        Contact: {"name", "sort_name", "version"},
        Company: {"sort_name", "version"},
        ContactPoint: {"normalised"},
    }
    if rows:
        model._base_manager.bulk_update(rows, [*sorted(fields | extra.get(model, set())), "updated_at"])
