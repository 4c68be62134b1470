"""Pause, resume, stop, and what a person decides about lines in doubt."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.events import publish
from core.services.base import require_capability, require_on, service
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.events import CampaignFinished
from marketing.models import Campaign, Recipient
from marketing.rules import may_become
from marketing.services.poke import poke

OPEN_STATES = (RecipientState.QUEUED, RecipientState.LEASED)


def _move(campaign: Campaign, target: CampaignState) -> Campaign:
    locked: Campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not may_become(locked.state, target):
        raise ValidationError(
            _("A campaign that is “%(state)s” can't become “%(target)s”.")
            % {"state": locked.get_state_display(), "target": target.label}
        )
    locked.state, locked.version = target, locked.version + 1
    locked.problem = ""
    if target in (CampaignState.FINISHED, CampaignState.STOPPED):
        locked.finished_at = timezone.now()
    locked.save(update_fields=["state", "version", "problem", "finished_at", "updated_at"])
    campaign.refresh_from_db()
    return locked


@service
def pause_campaign(*, actor: Any, campaign: Campaign) -> None:
    """No mail is begun after the commit. Raises NotAllowed, ValidationError."""
    require_on(actor, campaign, Action.CHANGE)
    _move(campaign, CampaignState.PAUSED)


@service
def resume_campaign(*, actor: Any, campaign: Campaign) -> None:
    """Go on where it was. Raises NotAllowed, and ValidationError for one that is not paused."""
    require_on(actor, campaign, Action.CHANGE)
    require_capability(actor, "send_campaigns")
    if campaign.state != CampaignState.PAUSED:
        raise ValidationError(_("Only a paused campaign can go on."))
    locked = _move(campaign, CampaignState.SENDING)
    transaction.on_commit(lambda: poke(locked.pk))


@service
def stop_campaign(*, actor: Any, campaign: Campaign) -> int:
    """End it for good: who still waits is left out. Returns how many that are."""
    require_on(actor, campaign, Action.CHANGE)
    locked = _move(campaign, CampaignState.STOPPED)
    return locked.recipients.filter(state=RecipientState.QUEUED).update(
        state=RecipientState.SUPPRESSED, reason=LeftOut.STOPPED, updated_at=timezone.now()
    )


@service
def finish_if_done(*, actor: Any, campaign_id: int) -> bool:
    """Finished is a count over states: no line waits or is being sent. Lines in doubt do not keep it open."""
    campaign = (
        Campaign.objects.select_for_update().filter(pk=campaign_id, state=CampaignState.SENDING).first()
    )
    if campaign is None or campaign.recipients.filter(state__in=OPEN_STATES).exists():
        return False
    _move(campaign, CampaignState.FINISHED)
    publish(CampaignFinished(campaign_id=campaign_id))
    return True


@service
def resolve_unknown(*, actor: Any, recipient: Recipient, was_sent: bool) -> None:
    """A person's word on a line in doubt: it was sent, or it goes back to the queue (and may arrive twice).

    Sending again reopens a finished campaign. Raises NotAllowed, ValidationError.
    """
    require_on(actor, recipient.campaign, Action.CHANGE)
    now = timezone.now()
    values: dict[str, Any] = {"resolved_by": actor, "updated_at": now}
    campaign = Campaign.objects.select_for_update().get(pk=recipient.campaign_id)
    if was_sent:
        values |= {"state": RecipientState.SENT, "sent_at": recipient.sent_at or now}
    elif campaign.state == CampaignState.STOPPED:
        raise ValidationError(_("The campaign was stopped: nothing more is sent."))
    else:
        values |= {
            "state": RecipientState.QUEUED,
            "lease_token": None,
            "lease_worker": "",
            "not_before": None,
        }
    if not Recipient.objects.filter(pk=recipient.pk, state=RecipientState.UNKNOWN).update(**values):
        raise ValidationError(_("Somebody has resolved this line already."))
    if not was_sent and campaign.state == CampaignState.FINISHED:
        campaign.state, campaign.finished_at = CampaignState.SENDING, None
        campaign.version += 1
        campaign.save(update_fields=["state", "finished_at", "version", "updated_at"])
    if not was_sent:
        transaction.on_commit(lambda: poke(campaign.pk))
    recipient.refresh_from_db()
