"""What the results of contacts' jobs are called on their pages and in the inbox."""

from django.utils.translation import gettext_lazy as _

from core.jobs.results import Word, register

register(
    "contacts.find_duplicates",
    Word("records", _("Records looked at")),
    Word("compared", _("Likely pairs compared")),
    Word("pairs", _("Pairs found")),
    Word("gone", _("Pairs that are none any more")),
    Word("merged", _("Merged")),
    Word("contact_seconds", _("Seconds for people")),
    Word("company_seconds", _("Seconds for companies")),
    Word("megabytes", _("Memory at most (MB)")),
)
register("contacts.fill_segments", Word("contacts", _("People judged")))
register("contacts.snapshot_segment", Word("people", _("People")), Word("segment", show=None))
register("contacts.locate", Word("located", _("Put on the map")))
for _kind in ("contacts.send_confirmation", "contacts.send_link"):
    register(_kind, Word("mails", _("Mails sent")))
register("contacts.suggest_companies", Word("suggested", _("Values suggested")))
register("contacts.look_up_site", Word("suggested", _("Values suggested")))
register("contacts.find_standards", Word("read", _("Rows read")), Word("found", _("Values to be changed")))
register("contacts.undo_standards", Word("restored", _("Records put back")), Word("kept", _("Left alone")))
register(
    "contacts.apply_standards",
    Word("applied", _("Changed")),
    Word("changed", _("Left alone, as somebody has changed them")),
    Word("clash", _("Left alone, as another record has the value")),
)
register(
    "contacts.measure_quality",
    Word("contact", _("People counted")),
    Word("company", _("Companies counted")),
)
register(
    "contacts.audit_quality",
    Word("people", _("People told")),
    Word("mails", _("Mails sent")),
    Word("flaws", _("Flaws found")),
)
