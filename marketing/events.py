"""What marketing publishes."""

from dataclasses import dataclass

from core.outbox.events import Event


@dataclass(frozen=True)
class CampaignLaunched(Event):
    name = "marketing.campaign_launched"
    campaign_id: int


@dataclass(frozen=True)
class CampaignFinished(Event):
    """No line of the ledger waits any more; lines in doubt may remain."""

    name = "marketing.campaign_finished"
    campaign_id: int


@dataclass(frozen=True)
class MailsSent(Event):
    """A batch was handed over; the ids are ledger lines."""

    name = "marketing.mails_sent"
    campaign_id: int
    recipient_ids: list[int]


@dataclass(frozen=True)
class RecipientUnsubscribed(Event):
    name = "marketing.recipient_unsubscribed"
    recipient_id: int
    contact_id: int | None
