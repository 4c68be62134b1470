"""What sales's personal data are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, register

register(
    Processing(
        "selling",
        _("Selling"),
        _("To make offers, and to deliver and bill what was ordered."),
        _("Contract, and legal obligation to keep the books"),
        _("Prospects and customers"),
        _("Hosting of the installation, and its backups"),
        app="sales",
        kept=_("As long as the books must be kept; without a name once the person is erased"),
        order=30,
    )
)
