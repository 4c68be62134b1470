"""Mappings kept under a name, used again for files of the same columns, and shared."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.importing.mapping import check_mapping
from core.models import ImportBatch, ImportMapping
from core.scope.access import profile_for
from core.services.base import NotAllowed, service
from core.services.imports import KEPT, map_import, target_for


@service
def save_mapping(
    *, actor: Any, target: str, name: str, mapping: dict[str, Any], shared: bool = False
) -> ImportMapping:
    """Keep `mapping` as `name`, in the place of an own one of that name. Sharing needs the capability
    `share_views`. Raises NotAllowed, ValidationError."""
    wanted = target_for(actor, target)
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise ValidationError({"name": _("Give the mapping a name of at most 80 characters.")})
    if shared and actor is not None and not profile_for(actor).can("share_views"):
        raise NotAllowed(_("Your role does not allow sharing mappings."))
    columns = mapping.get("columns")
    profile = None if actor is None else profile_for(actor)
    wrong = check_mapping(wanted, profile, list(columns) if isinstance(columns, dict) else [], mapping)
    if wrong:
        raise ValidationError({"mapping": wrong})
    kept = {key: mapping[key] for key in KEPT if key in mapping}
    saved, _made = ImportMapping.objects.update_or_create(
        owner=actor, target=target, name=name, defaults={"mapping": kept, "shared": shared}
    )
    return saved


@service
def apply_mapping(*, actor: Any, batch: ImportBatch, saved: ImportMapping) -> ImportBatch:
    """Map the file as `saved` says, as far as it has those columns. Raises ValidationError."""
    if saved.target != batch.target:
        raise ValidationError(_("This mapping is for something else."))
    header = set(batch.options["header"])
    columns = {name: key for name, key in saved.mapping["columns"].items() if name in header}
    styles = {name: style for name, style in saved.mapping.get("styles", {}).items() if name in header}
    return map_import(
        actor=actor, batch=batch, mapping={**saved.mapping, "columns": columns, "styles": styles}
    )


@service
def delete_mapping(*, actor: Any, saved: ImportMapping) -> None:
    """Remove a mapping for everybody. Its owner only."""
    if actor is not None and saved.owner_id != actor.pk and not profile_for(actor).everything:
        raise NotAllowed(_("Only the owner of a mapping may remove it."))
    saved.delete()
