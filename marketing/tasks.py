"""Marketing's Celery tasks: pokes of at most a minute that hold no truth."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from marketing.enums import CampaignState, RecipientState


@shared_task(name="marketing.drain_campaign", time_limit=180, acks_late=True)
def drain_campaign(campaign_id: int) -> None:
    """Send what is due; wake the next worker when time was over before the work."""
    from marketing.services.drain import drain
    from marketing.services.poke import poke

    if drain(campaign_id).more:
        poke(campaign_id)


@shared_task(name="marketing.sweep_campaigns", time_limit=60)
def sweep_campaigns() -> int:
    """Settle what dead workers left, finish what is done, wake a worker for what is due."""
    from marketing.models import Campaign, Recipient
    from marketing.services.control import finish_if_done
    from marketing.services.poke import poke
    from marketing.services.recovery import expire_leases, recover_journals

    directory = Path(settings.MAIL_JOURNAL_DIR)
    recover_journals(directory)
    expire_leases(directory)
    due = Q(not_before__isnull=True) | Q(not_before__lte=timezone.now())
    woken = 0
    for campaign_id in Campaign.objects.filter(state=CampaignState.SENDING).values_list("pk", flat=True):
        if Recipient.objects.filter(due, campaign_id=campaign_id, state=RecipientState.QUEUED).exists():
            poke(campaign_id)
            woken += 1
        else:
            finish_if_done(actor=None, campaign_id=campaign_id)
    return woken
