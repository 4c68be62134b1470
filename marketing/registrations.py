"""What marketing hands to core's registries."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts import purposes
from contacts.profile.channels import register_channels
from contacts.purposes import Purpose
from contacts.selectors.gate import count_as_mailing
from core.api import router
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import (
    columns,
    editing,
    grants,
    navigation,
    panels,
    privacy,
    profile,
    records,
    relinkers,
    timeline,
)
from core.registries.columns import Column, joined
from core.registries.editing import Editor
from core.registries.grants import FULL, READ, A, N
from core.registries.navigation import CreateEntry, NavEntry
from core.registries.panels import Panel
from core.registries.privacy import PersonalRows
from core.registries.profile import Answerer
from core.registries.records import RecordType
from core.registries.relinkers import Relinker
from core.registries.timeline import TimelineKind
from core.ui.cells import badge
from core.ui.markup import percent, whole_number
from marketing.enums import CampaignState
from marketing.models import Campaign, Engagement, Recipient, Topic
from marketing.profile.answers import interest_answers, mailing_channels
from marketing.selectors.campaigns import contact_panel, search_campaigns
from marketing.selectors.criteria import clicked_campaign, got_campaign, sent_to_contact, sent_to_family
from marketing.selectors.results import with_results
from marketing.services.campaigns import update_campaign

grants.register_capability("send_campaigns", _("Launch campaigns, and let paused ones go on"))
grants.register(
    "campaign", manager=READ, sales=READ, marketing=FULL, service=READ, analyst=(A, N, N, N, A), readonly=READ
)
grants.register("topic", manager=READ, marketing=FULL, analyst=READ, readonly=READ)


def topics_as_purposes() -> list[Purpose]:
    return [Purpose(one.key, one.name, one.description) for one in Topic.objects.order_by("name", "pk")]


purposes.register(topics_as_purposes)

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

TONES = {
    CampaignState.SENDING: "info",
    CampaignState.PAUSED: "warn",
    CampaignState.FINISHED: "ok",
    CampaignState.STOPPED: "bad",
}


def _counted(word: Any, people: int, share: str = "") -> SafeString:
    """A count, with its word on a phone, where no heading stands above it."""
    return format_html(
        '<span class="num"><span class="phone-word">{} </span>{} <span class="muted">{}</span></span>',
        word, whole_number(people), share,
    )  # fmt: skip


def _share(word: Any, campaign: Any, people: int) -> SafeString | None:
    """Those who did it, and their share of all who were sent the campaign; nothing where it was not counted."""
    if not (campaign.sent and campaign.track):
        return None
    return _counted(word, people, percent(people / campaign.sent))


CAMPAIGN = records.register(
    RecordType(
        key="campaign",
        model=Campaign,
        label=_("Campaign"),
        plural=_("Campaigns"),
        icon="speakerphone",
        list_url="marketing:campaign_list",
        detail_url="marketing:campaign_detail",
        create_url="marketing:campaign_create",
        search=search_campaigns,
    )
)
navigation.register(
    NavEntry(
        key="campaigns",
        label=_("Campaigns"),
        icon="speakerphone",
        url_name="marketing:campaign_list",
        order=60,
        allowed=lambda profile: profile.allows("campaign", "view"),
        shortcut="g m",
    )
)
navigation.register_create(
    CreateEntry("campaign", _("Campaign"), "speakerphone", "marketing:campaign_create", "campaign", order=60)
)

columns.register(
    "campaign",
    Column("name", _("Name"), lambda row: row.name, sort=("name",), order=10,
           export=lambda row: row.name, field="name"),
    Column("state", _("State"), lambda row: badge(row.get_state_display(), TONES.get(row.state, "")), order=20,
           export=lambda row: row.state, field="state"),
    Column("launched", _("Launched"), lambda row: row.launched_at, order=30, field="launched_at"),
    Column("sent", _("Sent"), lambda row: _counted(_("Sent"), row.sent) if row.launched_at else None, order=40,
           align="end", export=lambda row: row.sent if row.launched_at else None, select=with_results),
    Column("opened", _("Opened"), lambda row: _share(_("Opened"), row, row.opened), order=42, align="end",
           export=lambda row: row.opened if row.sent else None, select=with_results),
    Column("clicked", _("Clicked"), lambda row: _share(_("Clicked"), row, row.clicked), order=44, align="end",
           export=lambda row: row.clicked if row.sent else None, select=with_results),
    Column("segment", _("Segment"), lambda row: str(row.segment or ""), order=50, field="segment",
           select=joined("segment")),
    Column("owner", _("Owner"), lambda row: str(row.owner or ""), order=55, field="owner",
           select=joined("owner")),
    Column("created", _("Created"), lambda row: row.created_at, sort=("created_at",), order=60),
)  # fmt: skip
criteria.register(
    "campaign",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="speakerphone"),
    Criterion("state", _("State"), Kind.CHOICE, path="state", choices=lambda: CampaignState.choices),
    Criterion("owner", _("Owner"), Kind.REF, path="owner", ref_type="user", icon="user"),
    Criterion("segment", _("Segment"), Kind.REF, path="segment", ref_type="segment", icon="users"),
    Criterion("launched", _("Launched"), Kind.DATE, path="launched_at", icon="calendar"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar"),
    Criterion(
        "contact", _("Sent to"), Kind.REF, build=sent_to_contact, ref_type="contact", operators=("in",),
        icon="user", listed=False,
    ),
    Criterion(
        "family", _("Sent to a company with its subsidiaries"), Kind.REF, build=sent_to_family,
        ref_type="company", operators=("in",), icon="hierarchy", listed=False, discloses=(("contact", "company"),),
    ),
)  # fmt: skip
profile.register(Answerer("marketing.interests", interest_answers, order=60))
register_channels("marketing.mailings", mailing_channels)


criteria.register(
    "contact",
    Criterion(
        "got_campaign", _("Got campaign"), Kind.REF, build=got_campaign, ref_type="campaign",
        operators=("in", "not_in"), group=_("Marketing"), icon="speakerphone", field="campaign_recipients",
        moved_by=(Recipient._meta.db_table,), reads=("campaign",),
    ),
    Criterion(
        "clicked_campaign", _("Followed a link of"), Kind.REF, build=clicked_campaign, ref_type="campaign",
        operators=("in", "not_in"), group=_("Marketing"), icon="click", field="campaign_recipients",
        moved_by=(Recipient._meta.db_table, Engagement._meta.db_table), reads=("campaign",),
    ),
)  # fmt: skip
panels.register(
    Panel(
        "campaigns",
        "contact",
        _("Campaigns"),
        "speakerphone",
        "marketing/_contact_panel.html",
        contact_panel,
        order=70,
        lazy=True,
        needs="campaign",
    )
)


def _form() -> type[Any]:
    from marketing.forms.campaigns import CampaignForm

    return CampaignForm


def _update(
    *, actor: Any, record: Campaign, values: dict[str, Any], expected_version: int | None
) -> Campaign:
    update_campaign(actor=actor, campaign=record, expected_version=expected_version, **values)
    return record


editing.register(
    Editor(
        "campaign",
        form=_form,
        update=_update,
        fields=(
            "name",
            "segment",
            "topic",
            "from_name",
            "from_address",
            "reply_to",
            "consent_needed",
            "track",
            "owner",
        ),
    )
)


def _api() -> None:
    from marketing.api.campaigns import CampaignRecords

    router.register("campaigns", CampaignRecords, "campaign")


_api()
relinkers.register(Relinker(Recipient, "contact"))
count_as_mailing("campaign.sent")
