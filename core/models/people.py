"""Users, the tree of teams, and roles as rows."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.enums import AccessLevel
from core.models.base import BaseModel, ScopedManager
from core.privacy.classes import BASE_FIELDS, classify
from core.scope.rules import SharedScope


class Team(BaseModel):
    """A node in the tree of teams. `path` is `/1/4/9/`: a team and those below it share its prefix."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=400, editable=False, default="", db_index=True)

    record_type: ClassVar[str] = "team"
    scope = SharedScope()
    privacy = classify(business="name", technical="parent path")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"),
                name="core_team_name_unique",
                violation_error_message=_("There is a team of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class UserScopedManager(UserManager, ScopedManager):
    """People, with the gate."""


class User(AbstractBaseUser, PermissionsMixin, BaseModel):
    """Someone who works with the CRM. Imported agents need no e-mail and can't log in until invited."""

    email = models.EmailField(_("e-mail"), max_length=254, null=True, blank=True)
    name = models.CharField(_("name"), max_length=150)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    roles = models.ManyToManyField("core.Role", verbose_name=_("roles"), blank=True, related_name="users")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    preferences = models.JSONField(default=dict, blank=True, editable=False)

    objects: ClassVar[Any] = UserScopedManager()
    _access_profile: Any = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    record_type: ClassVar[str] = "user"
    scope = SharedScope()
    privacy = classify(
        technical="password last_login is_superuser is_active is_staff team external_id preferences language roles"
        " time_zone groups user_permissions",
        blank="name",
        null="email",
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="core_user_email_unique",
                violation_error_message=_("There is a user with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(self.pk)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else ""


class Role(BaseModel):
    """A named set of grants. `capabilities` are what no record type can say: run imports, see the audit…"""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    capabilities = ArrayField(
        models.CharField(max_length=60), verbose_name=_("capabilities"), default=list, blank=True
    )

    record_type: ClassVar[str] = "role"
    scope = SharedScope()
    privacy = classify(technical="key name description capabilities")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return self.name


def _level(label: Any) -> Any:
    return models.CharField(label, max_length=4, choices=AccessLevel.choices, default=AccessLevel.NONE)


class RoleGrant(BaseModel):
    """How far a role reaches on records of one type, and which of their fields it may not see or edit."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    record_type = models.CharField(_("record type"), max_length=40)
    view = _level(_("view"))
    add = _level(_("add"))
    change = _level(_("change"))
    remove = _level(_("delete"))
    export = _level(_("export"))
    hidden_fields = ArrayField(
        models.CharField(max_length=60), verbose_name=_("hidden fields"), default=list, blank=True
    )
    read_only_fields = ArrayField(
        models.CharField(max_length=60), verbose_name=_("read-only fields"), default=list, blank=True
    )

    scope = SharedScope("role")
    privacy = classify(
        technical="role record_type view add change remove export hidden_fields read_only_fields",
        base=BASE_FIELDS,
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "record_type"],
                name="core_rolegrant_once",
                violation_error_message=_("This role has a grant for this record type already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.record_type}"

    def level(self, action: str) -> str:
        """The level granted for `action` (the column for deleting is `remove`: `delete` is Model's own)."""
        return str(getattr(self, "remove" if action == "delete" else str(action)))
