"""System checks: what production refuses to start with, and what is weaker than it could be."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
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
