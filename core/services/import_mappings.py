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
    name = checked_name(name)
    if shared:
        _demand_sharing(actor)
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
def change_mapping(
    *, actor: Any, saved: ImportMapping, name: str | None = None, shared: bool | None = None
) -> ImportMapping:
    """Call a mapping otherwise, share it or take it back. Its owner only; sharing needs the capability
    `share_views`. Raises NotAllowed, ValidationError."""
    _demand_own(actor, saved)
    if name is not None:
        saved.name = checked_name(name)
        same = ImportMapping.objects.filter(owner=saved.owner, target=saved.target, name=saved.name)
        if same.exclude(pk=saved.pk).exists():
            raise ValidationError({"name": _("You have a mapping of this name.")})
    if shared is not None:
        if shared and not saved.shared:
            _demand_sharing(actor)
        saved.shared = shared
    saved.save(update_fields=["name", "shared", "updated_at"])
    return saved


def checked_name(name: str) -> str:
    """The name in one line. Raises ValidationError for none, and for one that is too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 80:
        raise ValidationError({"name": _("Give the mapping a name of at most 80 characters.")})
    return plain


def _demand_sharing(actor: Any) -> None:
    if actor is not None and not profile_for(actor).can("share_views"):
        raise NotAllowed(_("Your role does not allow sharing mappings."))


def _demand_own(actor: Any, saved: ImportMapping) -> None:
    if actor is not None and saved.owner_id != actor.pk and not profile_for(actor).everything:
        raise NotAllowed(_("Only the owner of a mapping may change it."))


@service
def delete_mapping(*, actor: Any, saved: ImportMapping) -> None:
    """Remove a mapping for everybody. Its owner only."""
    _demand_own(actor, saved)
    saved.delete()
