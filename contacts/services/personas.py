"""Writing personas."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Persona, Segment
from core.enums import Action
from core.services.base import default_team, require, require_on, save_changes, service


@service
def create_persona(*, actor: Any, **values: Any) -> Persona:
    """Describe a segment's people. Raises ValidationError by field, NotAllowed."""
    require(actor, "persona", Action.ADD)
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    _may_use(actor, values.get("segment"))
    persona = Persona(**values)
    persona.full_clean()
    persona.save()
    return persona


@service
def update_persona(
    *, actor: Any, persona: Persona, changes: dict[str, Any], expected_version: int | None = None
) -> Persona:
    """Change a persona. Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, persona, Action.CHANGE)
    if "segment" in changes:
        _may_use(actor, changes["segment"])
    save_changes(persona, changes, expected_version=expected_version)
    return persona


def _may_use(actor: Any, segment: Segment | None) -> None:
    if actor is None or segment is None:
        return
    if not Segment.objects.visible_to(actor).filter(pk=segment.pk).exists():
        raise ValidationError({"segment": [_("There is no such segment.")]})
