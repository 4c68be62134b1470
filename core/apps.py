"""Core: the kernel that every wing stands on."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("People and organisation")

    def ready(self) -> None:
        from core import checks, registrations, subscribers  # noqa: F401  (registering is the import's purpose)
        from core.accounts import signals  # noqa: F401

        checks.refuse_unsafe_production()
        post_migrate.connect(_install_history, sender=self)


def _install_history(**_kwargs: object) -> None:
    from core.history.install import install

    install()
