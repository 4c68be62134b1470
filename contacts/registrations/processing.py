"""What contacts and core's rows about people are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, register

HOSTING = _("Hosting of the installation, and its backups")

register(
    Processing(
        "relationships",
        _("Keeping in touch"),
        _("To know whom we talk to, how they want to be reached, and what was said and promised."),
        _("Contract, steps before one, or legitimate interest in keeping up business relations"),
        _("Contacts: prospects, customers, partners, suppliers"),
        HOSTING,
        app="contacts",
        order=10,
    ),
    Processing(
        "privacy",
        _("Consent and the rights of people"),
        _("To prove consent, to obey refusals, and to answer requests of access, correction and erasure."),
        _("Legal obligation"),
        _("Contacts"),
        HOSTING,
        models=(
            "contacts.Consent", "contacts.Suppression", "contacts.OptIn", "contacts.ContactPreference",
            "contacts.PrivacyRequest", "contacts.LegalHold",
        ),
        order=20,
    ),
    Processing(
        "operation",
        _("Running the product"),
        _("Files, imports, notices and the answers of the programming interface."),
        _("Legitimate interest in a product that works and can be audited"),
        _("Contacts, and colleagues"),
        HOSTING,
        app="core",
        order=90,
    ),
)  # fmt: skip
