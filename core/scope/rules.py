"""How a model says whose rows are whose. Each model declares one rule as its `scope` attribute."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from core.enums import AccessLevel, Action
from core.expressions import asked_of_each

if TYPE_CHECKING:
    from core.scope.access import AccessProfile


class ScopeRule:
    """Restricts a queryset to what a profile may do `action` with."""

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        raise TypeError(f"{type(self).__name__} does not say how it restricts")

    def covers(self, record: Any, profile: "AccessProfile", action: Action) -> bool:
        """Whether `restrict` would leave this record in; asked of the database unless a rule knows better."""
        rows = type(record)._base_manager.filter(pk=record.pk)
        return self.restrict(rows, profile, action).exists()

    def record_type(self, model: type[Model]) -> str:
        """The key under which roles grant access to `model`."""
        return str(model.record_type)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class OwnerScope(ScopeRule):
    """Rows belong to the person in `owner` and the team in `team`."""

    owner: str = "owner"
    team: str = "team"

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        level = profile.level(self.record_type(queryset.model), action)
        if level == AccessLevel.ALL:
            return queryset
        if level == AccessLevel.NONE:
            return queryset.none()
        own = Q(**{f"{self.owner}_id": profile.user_id})
        if level == AccessLevel.OWN or not profile.team_ids:
            return queryset.filter(own)
        return queryset.filter(own | Q(**{f"{self.team}_id__in": profile.team_ids}))

    def covers(self, record: Any, profile: "AccessProfile", action: Action) -> bool:
        level = profile.level(self.record_type(type(record)), action)
        if level in (AccessLevel.ALL, AccessLevel.NONE):
            return level == AccessLevel.ALL
        if getattr(record, f"{self.owner}_id") == profile.user_id:
            return True
        team = getattr(record, f"{self.team}_id")
        return level == AccessLevel.TEAM and team is not None and team in profile.team_ids


@dataclass(frozen=True)
class SharingScope(OwnerScope):
    """Besides owner and team, rows are seen by the teams in `shared_teams` (with those below them) where
    `sharing` is `teams`, and by everybody with the right to view the type where it is `everyone`."""

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        level = profile.level(self.record_type(queryset.model), action)
        if level in (AccessLevel.ALL, AccessLevel.NONE) or action not in (Action.VIEW, Action.EXPORT):
            return super().restrict(queryset, profile, action)
        through: Any = queryset.model._meta.get_field("shared_teams").remote_field.through
        here = through._default_manager.filter(**{f"{queryset.model._meta.model_name}_id": OuterRef("pk")})
        above = Exists(
            queryset.model._meta.get_field("shared_teams").related_model._default_manager.filter(
                members=profile.user_id, path__startswith=OuterRef("team__path")
            )
        )
        shared = Q(sharing="everyone") | Q(sharing="teams") & Exists(here.filter(above))
        own: Any = Q(owner_id=profile.user_id)
        if level == AccessLevel.TEAM and profile.team_ids:
            own |= Q(team_id__in=profile.team_ids)
        return queryset.filter(own | shared)

    def covers(self, record: Any, profile: "AccessProfile", action: Action) -> bool:
        return ScopeRule.covers(self, record, profile, action)


@dataclass(frozen=True)
class SharedScope(ScopeRule):
    """Rows belong to nobody in particular (products, pipelines): any level above none sees all of them."""

    key: str = ""

    def record_type(self, model: type[Model]) -> str:
        return self.key or super().record_type(model)

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        level = profile.level(self.record_type(queryset.model), action)
        return queryset.none() if level == AccessLevel.NONE else queryset


@dataclass(frozen=True)
class ParentScope(ScopeRule):
    """Rows take the scope of the record that any of the `parents` foreign keys points at.

    Doing anything but viewing needs the right to change the parent, as a line of a quote is part of the
    quote; exporting needs the right to export it.
    """

    parents: tuple[str, ...]

    def __init__(self, *parents: str) -> None:
        object.__setattr__(self, "parents", parents)

    def record_type(self, model: type[Model]) -> str:
        parent = model._meta.get_field(self.parents[0]).related_model
        return str(parent.scope.record_type(parent))  # type: ignore[union-attr]

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        return queryset.filter(parents_condition(queryset.model, self.parents, profile, action))


@dataclass(frozen=True, init=False)
class GrantedParentScope(ParentScope):
    """Rows of a parent that have a list of their own: for whom a role grants their own type as well as the
    parent's row, so that a role can see tickets and not what was said in surveys about them. Those of a parent
    in the recycle bin are seen by nobody."""

    def record_type(self, model: type[Model]) -> str:
        return ScopeRule.record_type(self, model)

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        if profile.level(self.record_type(queryset.model), action) == AccessLevel.NONE:
            return queryset.none()
        live = {f"{name}__deleted_at__isnull": True for name in self.parents}
        return super().restrict(queryset, profile, action).filter(**live)


@dataclass(frozen=True, init=False)
class EveryParentScope(ParentScope):
    """Rows that link records are seen by whom all of them are shown; the first one is what they are part of:
    changing and exporting needs that right on it."""

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        model, first, others = queryset.model, self.parents[0], self.parents[1:]
        rows = queryset.filter(parents_condition(model, (first,), profile, action))
        for name in others:
            rows = rows.filter(parents_condition(model, (name,), profile, Action.VIEW))
        return rows


@dataclass(frozen=True, init=False)
class FieldOfParentScope(EveryParentScope):
    """Rows that are what the first parent calls its `field`: nobody sees them whose role hides that field, and
    nobody changes them whose role may not write it."""

    field: str = ""

    def __init__(self, *parents: str, field: str) -> None:
        super().__init__(*parents)
        object.__setattr__(self, "field", field)

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        kind = self.record_type(queryset.model)
        shut = profile.hidden_fields(kind)
        if action not in (Action.VIEW, Action.EXPORT):
            shut |= profile.read_only_fields(kind)
        return queryset.none() if self.field in shut else super().restrict(queryset, profile, action)


@dataclass(frozen=True)
class PairScope(ParentScope):
    """Rows about several records at once (pairs): only for whom every one of the `parents` is in scope and not
    in the recycle bin, so that a pair never tells of a record that may not be seen."""

    def __init__(self, *parents: str) -> None:
        super().__init__(*parents)

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        for name in self.parents:
            queryset = queryset.filter(parents_condition(queryset.model, (name,), profile, action))
            parent: Any = queryset.model._meta.get_field(name).related_model
            if any(field.name == "deleted_at" for field in parent._meta.fields):
                queryset = queryset.filter(**{f"{name}__deleted_at__isnull": True})
        return queryset


@dataclass(frozen=True)
class PersonalScope(ScopeRule):
    """Rows are one person's own (notifications, tokens): nobody else's, whatever the role."""

    owner: str = "user"

    def record_type(self, model: type[Model]) -> str:
        return "personal"

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.owner}_id": profile.user_id})


@dataclass(frozen=True)
class OwnerOrParentScope(ScopeRule):
    """Rows of one's own, and those whose record (any of `parents`) one may see: activities.

    Seeing follows the record; changing needs one's own level or the right to change the record.
    """

    parents: tuple[str, ...]

    def __init__(self, *parents: str) -> None:
        object.__setattr__(self, "parents", parents)

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        level = profile.level(self.record_type(queryset.model), action)
        if level in (AccessLevel.ALL, AccessLevel.NONE):
            return queryset if level == AccessLevel.ALL else queryset.none()
        mine: Any = Q(owner_id=profile.user_id)
        if level == AccessLevel.TEAM and profile.team_ids:
            mine |= Q(team_id__in=profile.team_ids)
        theirs = parents_condition(queryset.model, self.parents, profile, action, among_others=True)
        return queryset.filter(mine | theirs)


def parents_condition(
    model: type[Model],
    parents: tuple[str, ...],
    profile: "AccessProfile",
    action: Action,
    *,
    among_others: bool = False,
) -> Q:
    """That any of the records which `parents` point at allows it to `profile`; `among_others` where that is not the
    only way to be in scope."""
    is_join = len(parents) == 1 and not among_others
    parent_action = action if action in (Action.VIEW, Action.EXPORT) else Action.CHANGE
    condition: Any = Q(pk__in=[])
    for name in parents:
        parent: Any = model._meta.get_field(name).related_model
        rule: ScopeRule = parent.scope
        level = profile.level(rule.record_type(parent), parent_action)
        if level == AccessLevel.ALL and isinstance(rule, OwnerScope | SharedScope):
            condition |= Q(**{f"{name}__isnull": False})
        elif level != AccessLevel.NONE:
            rows = rule.restrict(parent._default_manager.all(), profile, parent_action)
            own = rows.filter(pk=OuterRef(f"{name}_id"))
            condition |= Exists(own) if is_join else asked_of_each(own)
    return Q(condition)
