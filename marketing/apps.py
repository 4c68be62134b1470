"""Marketing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketingConfig(AppConfig):
    name = "marketing"
    verbose_name = _("Marketing")

    def ready(self) -> None:
        from marketing import (  # noqa: F401  (registering is the import's purpose)
            processing,
            registrations,
            segment_sources,
            subscribers,
        )
