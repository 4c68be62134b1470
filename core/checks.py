"""System checks: what production refuses to start with, and what is weaker than it could be."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import gettext as _


@register(Tags.security)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """No secret key, demo logins or debug in production."""
    if not settings.PRODUCTION:
        return []
    errors = []
    if not settings.SECRET_KEY or settings.SECRET_KEY.startswith("development-only"):
        errors.append(Error(_("Set SECRET_KEY to a long random value."), id="core.E001"))
    if settings.DEBUG:
        errors.append(Error(_("Unset DEBUG: production does not run with it."), id="core.E002"))
    if settings.DEMO_LOGINS:
        errors.append(Error(_("Unset DEMO: production does not run with demo logins."), id="core.E003"))
    return errors


def refuse_unsafe_production() -> None:
    """Ends every process of an unsafe production at its start: web servers and workers run no system checks.
    Raises ImproperlyConfigured."""
    if errors := production_is_safe(None):
        raise ImproperlyConfigured(" ".join(str(error.msg) for error in errors))


@register(Tags.database)
def history_cannot_be_edited(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Whether the login of this process could edit the change history (`manage.py check --database default`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(c.oid, 'UPDATE') FROM pg_class c"
                " WHERE c.relnamespace = to_regnamespace('history') AND c.relname = 'change'"
            )
            row = cursor.fetchone()
        if row and row[0]:
            text = _("The login of the database may edit the change history.")
            hint = _(
                "Give the application a login that owns no table, and the owner's as MIGRATION_DATABASE_URL."
            )
            found.append(Warning(text, hint=hint, id="core.W001"))
    return found
