"""The Django admin: who works here, what they may do, and the organisation's settings, for administrators alone."""

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as schedule_admin

from core.admin import people, roles, settings

__all__ = ["people", "roles", "settings"]

admin.site.site_header = _("Meridian")
admin.site.site_title = _("Meridian")
admin.site.index_title = _("Settings")

FOREIGN = (account_admin, auth_admin, mfa_admin, schedule_admin)
"""Registered as they are imported, which has to be before something is taken out again."""

# What other packages register and nobody here shall touch: addresses stand with the user, roles stand for groups, the
# schedule is the program's own, and an authenticator is a secret, which is taken away under Users.
for _model in (EmailAddress, Authenticator, Group, *apps.get_app_config("django_celery_beat").get_models()):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
