"""Saved views of lists: a query string under a name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.enums import Visibility
from core.models import SavedView
from core.scope.access import profile_for
from core.services.base import NotAllowed, service


@service
def save_view(
    *, actor: Any, record_type: str, name: str, query: str, visibility: Visibility = Visibility.PRIVATE
) -> SavedView:
    """Keep a list under `name`. Sharing needs the capability `share_views`. Raises ValidationError."""
    _check(actor, name, visibility)
    position = SavedView.objects.filter(record_type=record_type).count()
    return SavedView.objects.create(
        record_type=record_type,
        name=name.strip(),
        query=query[:4000],
        visibility=visibility,
        owner=actor,
        team=actor.team if visibility == Visibility.TEAM else None,
        position=position,
    )


@service
def change_view(
    *,
    actor: Any,
    view: SavedView,
    name: str = "",
    query: str | None = None,
    visibility: Visibility | None = None,
) -> SavedView:
    """Rename a view, share it otherwise or give it another query. Its owner only."""
    _require_owner(actor, view)
    _check(actor, name or view.name, visibility or Visibility(view.visibility))
    view.name = name.strip() or view.name
    view.query = view.query if query is None else query[:4000]
    view.visibility = visibility or view.visibility
    view.team = actor.team if view.visibility == Visibility.TEAM else None
    view.save()
    return view


@service
def delete_view(*, actor: Any, view: SavedView) -> None:
    """Remove a view for everybody. Its owner only."""
    _require_owner(actor, view)
    view.delete()


def _check(actor: Any, name: str, visibility: Visibility) -> None:
    if not name.strip() or len(name.strip()) > 80:
        raise ValidationError({"name": _("Give the view a name of at most 80 characters.")})
    if visibility != Visibility.PRIVATE and not profile_for(actor).can("share_views"):
        raise NotAllowed(_("Your role does not allow sharing views."))
    if visibility == Visibility.TEAM and actor.team_id is None:
        raise ValidationError({"visibility": _("You belong to no team to share it with.")})


def _require_owner(actor: Any, view: SavedView) -> None:
    if actor is not None and view.owner_id != actor.pk and not profile_for(actor).everything:
        raise NotAllowed(_("Only the owner of a view may change it."))
