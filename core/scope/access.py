"""What one person may do: their roles' grants folded into one profile."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.enums import AccessLevel, Action

if TYPE_CHECKING:
    from core.models import User


@dataclass(frozen=True)
class AccessProfile:
    """Grants by (record type, action); the widest of a person's roles counts, and a field is hidden or
    read-only only where every role that grants the view says so."""

    user_id: int | None
    everything: bool = False
    levels: dict[tuple[str, str], AccessLevel] = field(default_factory=dict)
    team_ids: tuple[int, ...] = ()
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)
    read_only: dict[str, frozenset[str]] = field(default_factory=dict)
    capabilities: frozenset[str] = frozenset()
    token_scopes: frozenset[str] | None = None

    def level(self, record_type: str, action: Action | str) -> AccessLevel:
        """How far `action` reaches on records of the type."""
        if not self._token_allows(record_type, str(action)):
            return AccessLevel.NONE
        if self.everything:
            return AccessLevel.ALL
        return self.levels.get((record_type, str(action)), AccessLevel.NONE)

    def allows(self, record_type: str, action: Action | str) -> bool:
        """Whether the person has the capability at all (a record may still be out of scope)."""
        return self.level(record_type, action) != AccessLevel.NONE

    def can(self, capability: str) -> bool:
        """Whether a role grants the named capability (`run_imports`, `see_audit`…)."""
        if self.token_scopes is not None and "*:write" not in self.token_scopes:
            return False
        return self.everything or capability in self.capabilities or "*" in self.capabilities

    def hidden_fields(self, record_type: str) -> frozenset[str]:
        return frozenset() if self.everything else self.hidden.get(record_type, frozenset())

    def read_only_fields(self, record_type: str) -> frozenset[str]:
        return frozenset() if self.everything else self.read_only.get(record_type, frozenset())

    def limited_to(self, scopes: Iterable[str]) -> "AccessProfile":
        """The same person through a token: `*:read`, `*:write`, `deal:read`, `deal:write`."""
        return replace(self, token_scopes=frozenset(scopes))

    def _token_allows(self, record_type: str, action: str) -> bool:
        if self.token_scopes is None:
            return True
        kinds = ("read", "write") if action in (Action.VIEW, Action.EXPORT) else ("write",)
        return any(f"{name}:{kind}" in self.token_scopes for name in (record_type, "*") for kind in kinds)


NO_ACCESS = AccessProfile(user_id=None)


def profile_for(user: Any) -> AccessProfile:
    """The profile of `user`, loaded once per user instance."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NO_ACCESS
    cached: AccessProfile | None = getattr(user, "_access_profile", None)
    if cached is None:
        cached = load_profile(user)
        user._access_profile = cached
    return cached


def load_profile(user: "User") -> AccessProfile:
    """The profile as the database has it now. One query, as every request begins with it."""
    from core.scope.grants import grants_of

    if user.is_superuser:
        return AccessProfile(user_id=user.pk, everything=True)
    found, team_ids = grants_of(user.pk, user.team_id)
    return AccessProfile(
        user_id=user.pk,
        levels=found.levels,
        team_ids=team_ids,
        hidden={
            key: names | _custom_of(key) if "custom" in names else names
            for key, names in found.hidden.items()
        },
        read_only=found.read_only,
        capabilities=found.capabilities,
    )


def _custom_of(record_type: str) -> frozenset[str]:
    """All custom fields of a type: hiding `custom` hides each of them."""
    from core.custom_fields.cache import definitions_for

    return frozenset(one.name for one in definitions_for(record_type).values())
