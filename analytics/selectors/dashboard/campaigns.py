"""What came of the campaigns that were launched in a period."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from analytics.periods import Period
from core.conditions.rows_links import RowsLink
from core.registries import records
from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Campaign, Engagement, Recipient

SHOWN = 5


@dataclass(frozen=True)
class CampaignLine:
    """Figures as on the campaign's own page: opened, clicked and unsubscribed count people, not machines."""

    name: str
    url: str
    sent: int
    opened: int
    clicked: int
    unsubscribed: int

    def rate(self, people: int) -> float | None:
        return people / self.sent if self.sent else None

    @property
    def open_rate(self) -> float | None:
        return self.rate(self.opened)

    @property
    def click_rate(self) -> float | None:
        return self.rate(self.clicked)


@dataclass(frozen=True)
class CampaignResults:
    """The newest campaigns of the period, how many there are in all, and the list of those."""

    lines: list[CampaignLine]
    campaigns: int
    link: RowsLink


def launched_in(period: Period) -> RowsLink:
    return RowsLink.to("campaign", launched__between=period.between)


def campaign_results(user: Any, period: Period) -> CampaignResults:
    """Three queries."""
    link = launched_in(period)
    found: list[Campaign] = list(link.rows(user).only("name").order_by("-launched_at", "-pk"))
    shown = [campaign.pk for campaign in found[:SHOWN]]
    sent = dict(
        Recipient.objects.filter(campaign__in=shown, state=RecipientState.SENT)
        .order_by()
        .values_list("campaign_id")
        .annotate(Count("pk"))
    )
    people = {
        (campaign, kind): count
        for campaign, kind, count in Engagement.objects.filter(campaign__in=shown, evidence=Evidence.HUMAN)
        .order_by()
        .values_list("campaign_id", "kind")
        .annotate(Count("recipient", distinct=True))
    }
    lines = [
        CampaignLine(
            name=campaign.name,
            url=records.get("campaign").url_of(campaign.pk),
            sent=sent.get(campaign.pk, 0),
            opened=people.get((campaign.pk, EngagementKind.OPEN.value), 0),
            clicked=people.get((campaign.pk, EngagementKind.CLICK.value), 0),
            unsubscribed=people.get((campaign.pk, EngagementKind.UNSUBSCRIBE.value), 0),
        )
        for campaign in found[:SHOWN]
    ]
    return CampaignResults(lines, len(found), link)
