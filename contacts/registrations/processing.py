"""What contacts and core's rows about people are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, describe, protect, register

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
        kept=_(
            "As long as proof may be asked for. A refusal outlives its person as a digest, so that it is obeyed"
        ),
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
        kept=_("Until what it is about is erased; answers of the programming interface for a day"),
    ),
    Processing(
        "accounts",
        _("Accounts of colleagues"),
        _("To let in who works here, to keep everybody else out, and to know who changed what."),
        _("Contract of employment, and legitimate interest in security"),
        _("Colleagues"),
        HOSTING,
        models=("core.User",),
        order=95,
        kept=_("As long as the account; the name stays beside what somebody changed"),
        others=(
            (_("Sign-in"), (_("e-mail address"), _("digest of the password"), _("second factor"))),
            (_("Session"), (_("network address"), _("browser"), _("time"))),
        ),
    ),
)  # fmt: skip

describe(
    {
        "contacts.ContactDuplicate": _("which two records may be one person, and how likely"),
        "contacts.ContactPreference": _("how often somebody wants to hear from us, and pauses"),
        "contacts.MergeStep": _("values of records that became one, so that it can be undone"),
        "contacts.SegmentMember": _("who was put into a segment by hand"),
        "contacts.SegmentPassage": _("when somebody came into a segment and left it"),
        "contacts.StandardChange": _(
            "values before and after they were standardised, so that it can be undone"
        ),
        "contacts.TimelineEntry": _("what happened with somebody, with its words"),
        "contacts.ValueSource": _("a value that was found by enrichment, and where"),
        "core.Change": _("values before each change, with who changed them and when"),
        "core.IdempotencyKey": _("answers of the programming interface, for repeated calls"),
        "core.ImportRow": _("lines of imported files, with what was wrong with them"),
    }
)
protect(
    _(
        "Colleagues see and change only what their role and team allow: in lists, exports and interfaces alike."
    ),
    _(
        "Sign-in locks after failed attempts and can ask for a second factor; sessions end when idle and after 12 h."
    ),
    _(
        "Every change is recorded with who, when and why. Nobody can edit that record; erasing a person clears it."
    ),
    _(
        "Passwords and access tokens are kept as digests. Links to somebody's own data are signed and end after a day."
    ),
    _("Backups can be restored, and whoever was erased since is erased again after it."),
    _("Who was erased, refused or is on legal hold is checked before each import, mail and erasure."),
)
