"""The bases of every model: rows behind the one gate, and records that people own and edit."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import Action
from core.privacy.classes import Classification
from core.scope.access import profile_for
from core.scope.rules import OwnerScope, ScopeRule


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset with the gate."""

    def visible_to(self, user: Any, action: Action | str = Action.VIEW) -> Self:
        """Only the rows that `user` may do `action` with. Every list, detail, count, search, export,
        feed and suggestion passes through here."""
        rule: ScopeRule = self.model.scope
        profile = profile_for(user)
        if profile.user_id is None:
            return self.none()
        return rule.restrict(self, profile, Action(action))  # type: ignore[return-value]


class LiveManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Rows that are not in the recycle bin."""

    def get_queryset(self) -> ScopedQuerySet:
        return super().get_queryset().filter(deleted_at__isnull=True)  # type: ignore[no-any-return]


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class BaseModel(models.Model):
    """Every table of ours: a bigint key, when the row was written, a declared scope and classification.

    `history = False` (with a reason beside it) leaves a table out of the change history.
    """

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False, db_index=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[Any] = ScopedManager()

    scope: ClassVar[ScopeRule]
    privacy: ClassVar[dict[str, Classification]]
    history: ClassVar[bool] = True

    class Meta:
        abstract = True


class Record(BaseModel):
    """What people own, edit and throw away: owner, team, a version for optimistic locking, a recycle bin."""

    owner = models.ForeignKey(
        "core.User",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    team = models.ForeignKey(
        "core.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LiveManager()
    all_objects: ClassVar[Any] = ScopedManager()

    scope: ClassVar[ScopeRule] = OwnerScope()
    record_type: ClassVar[str]

    class Meta(BaseModel.Meta):
        abstract = True
        base_manager_name = "all_objects"
        default_manager_name = "objects"
