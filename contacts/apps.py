"""Contacts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from contacts import registrations, subscribers  # noqa: F401  (registering is the import's purpose)

        post_migrate.connect(_install_touch_triggers, sender=self)


def _install_touch_triggers(**_kwargs: object) -> None:
    from contacts.segmentation.triggers import install

    install()
