"""What marketing hands to core's registries."""

from django.utils.translation import gettext_lazy as _

from core.registries import grants, privacy, timeline
from core.registries.grants import FULL, READ, A, N
from core.registries.privacy import PersonalRows
from core.registries.timeline import TimelineKind
from marketing.models import Engagement, Recipient

grants.register(
    "campaign", manager=READ, sales=READ, marketing=FULL, service=READ, analyst=(A, N, N, N, A), readonly=READ
)
grants.register("topic", manager=READ, marketing=FULL, analyst=READ, readonly=READ)

timeline.register(
    TimelineKind(
        "campaign.sent", _("Mailing sent"), "mail-forward", group="campaign", record_type="campaign"
    ),
    TimelineKind(
        "campaign.opened", _("Mailing opened"), "mail-opened", group="campaign", record_type="campaign"
    ),
    TimelineKind("campaign.clicked", _("Link followed"), "click", group="campaign", record_type="campaign"),
    TimelineKind(
        "campaign.unsubscribed",
        _("Unsubscribed"),
        "mail-off",
        group="campaign",
        record_type="campaign",
        tone="danger",
    ),
    TimelineKind(
        "campaign.bounced",
        _("Mailing bounced"),
        "mail-x",
        group="campaign",
        record_type="campaign",
        tone="danger",
    ),
    TimelineKind(
        "campaign.complained",
        _("Reported as spam"),
        "flag",
        group="campaign",
        record_type="campaign",
        tone="danger",
    ),
)

privacy.register(
    PersonalRows(Recipient, rows=lambda contact_id: Recipient.objects.filter(contact_id=contact_id)),
    PersonalRows(
        Engagement,
        rows=lambda contact_id: Engagement.objects.filter(recipient__contact_id=contact_id),
        order=90,
    ),
)
