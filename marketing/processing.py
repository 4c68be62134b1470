"""What marketing's personal data are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, describe, register

register(
    Processing(
        "mailings",
        _("Mailings"),
        _("To send news and offers to those who want them, and to see whether they are read."),
        _("Consent"),
        _("Subscribers"),
        _("Hosting of the installation; the mail server that mailings are sent by"),
        app="marketing",
        order=50,
    )
)

describe(
    {
        "marketing.Engagement": _("which mails somebody opened, which links they followed, and when"),
        "marketing.Recipient": _("who a mailing went to, with the words that were put in, and how it went"),
    }
)
