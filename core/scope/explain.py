"""«Why can X see this?»: the answer in words, from the same profile that decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.enums import AccessLevel, Action
from core.scope.access import load_profile


@dataclass(frozen=True)
class Explanation:
    """Whether the person may, and the reasons in words, the deciding one first."""

    allowed: bool
    reasons: tuple[str, ...]


def explain(user: Any, record: Any, action: Action = Action.VIEW) -> Explanation:
    """Whether and why `user` may do `action` with `record`; never disagrees with `visible_to`."""
    from core.models import RoleGrant

    allowed = type(record)._default_manager.visible_to(user, action).filter(pk=record.pk).exists()
    if not user.is_active:
        return Explanation(allowed, (_("The account is deactivated."),))
    if user.is_superuser:
        return Explanation(allowed, (_("Administrators may do everything."),))
    record_type = record.scope.record_type(type(record))
    profile = load_profile(user)
    level = profile.level(record_type, action)
    reasons = [_reason(level, profile.user_id, record)]
    for grant in RoleGrant.objects.filter(role__users=user, record_type=record_type).select_related("role"):
        reasons.append(
            _("The role “%(role)s” grants “%(action)s” on %(type)s: %(level)s.")
            % {
                "role": grant.role.name,
                "action": Action(action).label,
                "type": record_type,
                "level": AccessLevel(grant.level(action)).label,
            }
        )
    return Explanation(allowed, tuple(reasons))


@dataclass(frozen=True)
class Access:
    """What one person may do with a record, and the reason for seeing it in words."""

    user: Any
    change: bool
    reason: str


def who_sees(record: Any, people: Iterable[Any]) -> list[Access]:
    """Those of `people` who may see the record, and why. Never disagrees with `visible_to`."""
    found = []
    record_type, scope = record.scope.record_type(type(record)), record.scope
    for user in people:
        profile = load_profile(user)
        if not scope.covers(record, profile, Action.VIEW):
            continue
        if profile.everything:
            reason = _("Administrators may do everything.")
        else:
            reason = _reason(profile.level(record_type, Action.VIEW), profile.user_id, record)
        found.append(Access(user, scope.covers(record, profile, Action.CHANGE), reason))
    return found


def _reason(level: AccessLevel, user_id: int | None, record: Any) -> str:
    if level == AccessLevel.ALL:
        return _("A role reaches all records of this type.")
    if level == AccessLevel.NONE:
        return _("No role of this person grants it.")
    if getattr(record, "owner_id", None) == user_id:
        return _("This person owns the record.")
    if level == AccessLevel.TEAM:
        return _("A role reaches the records of this person's team and of the teams below it.")
    return _("A role reaches only the person's own records.")
