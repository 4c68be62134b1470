"""What analytics's personal data are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, register

register(
    Processing(
        "scores",
        _("Scores"),
        _("To estimate value and loyalty of customers from their orders."),
        _("Legitimate interest in serving customers well"),
        _("Customers"),
        _("Hosting of the installation, and its backups"),
        app="analytics",
        models=("contacts.CustomerMetric",),
        kept=_("Until the person is erased; reckoned anew every night"),
        order=60,
    )
)
