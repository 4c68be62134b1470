"""Teams: a tree kept as paths."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from core.models import Team
from core.services.base import service


@service
def create_team(*, actor: Any, name: str, parent: Team | None = None) -> Team:
    """Create a team below `parent`. Raises ValidationError for a name that exists."""
    team = Team(name=name, parent=parent)
    team.full_clean()
    team.save()
    team.path = f"{parent.path if parent else '/'}{team.pk}/"
    team.save(update_fields=["path", "updated_at"])
    return team


@service
def move_team(*, actor: Any, team: Team, parent: Team | None) -> None:
    """Put a team, with all below it, under another. Raises ValidationError for a place inside itself."""
    if parent is not None and parent.path.startswith(team.path):
        raise ValidationError({"parent": _("A team can't be put below itself.")})
    before, after = team.path, f"{parent.path if parent else '/'}{team.pk}/"
    team.parent = parent
    team.save(update_fields=["parent", "updated_at"])
    Team.objects.filter(path__startswith=before).update(
        path=Concat(Value(after), Substr(F("path"), len(before) + 1))
    )
    team.refresh_from_db()
