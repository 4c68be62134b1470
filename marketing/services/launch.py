"""Launching: one transaction that writes the ledger, with a reason for everybody left out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.events import publish
from core.services.base import require_capability, require_on, service
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.events import CampaignLaunched
from marketing.models import Campaign
from marketing.selectors.audience import judged_sql, people_of
from marketing.selectors.permissions import purpose_of
from marketing.services.messages import compile_variant
from marketing.services.poke import poke

_SNAPSHOT = f"""
INSERT INTO marketing_recipient
  (created_at, updated_at, campaign_id, variant_id, contact_id, address, name, values, state, reason, reply,
   attempts, lease_worker, message_id)
SELECT now(), now(), %(campaign)s, %(variant)s, id,
       CASE WHEN place = 1 THEN address END,
       CASE WHEN reason = '' AND place = 1 THEN name ELSE '' END,
       CASE WHEN reason = '' AND place = 1 THEN merged ELSE '{{}}'::jsonb END,
       CASE WHEN reason = '' AND place = 1 THEN '{RecipientState.QUEUED}' ELSE '{RecipientState.SUPPRESSED}' END,
       CASE WHEN reason <> '' THEN reason WHEN place > 1 THEN '{LeftOut.DUPLICATE_ADDRESS}' ELSE '' END,
       '', 0, '', ''
  FROM placed ORDER BY id
"""  # noqa: S608 - constants of this module


@service
def launch_campaign(*, actor: Any, campaign: Campaign) -> int:
    """Write the ledger and begin to send; returns how many will be written to.

    The audience is what `actor` may see of the segment at this moment. Nothing is written when the message has a
    problem or nobody would get it. Raises NotAllowed, ValidationError.
    """
    require_on(actor, campaign, Action.CHANGE)
    require_capability(actor, "send_campaigns")
    locked = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("topic", "segment")
        .get(pk=campaign.pk)
    )
    if locked.state != CampaignState.DRAFT:
        raise ValidationError(_("This campaign was launched already."))
    if locked.segment is None:
        raise ValidationError({"segment": [_("Choose the segment to write to.")]})
    variant = locked.variants.get()
    compiled = compile_variant(locked, variant)
    people = people_of(locked.segment, actor)
    sql, params = judged_sql(people, purpose=purpose_of(locked), consent_needed=locked.consent_needed)
    with connection.cursor() as cursor:
        cursor.execute(sql + _SNAPSHOT, {**params, "campaign": locked.pk, "variant": variant.pk})
    sendable: int = locked.recipients.filter(state=RecipientState.QUEUED).count()
    if not sendable:
        raise ValidationError({"segment": [_("Nobody in this segment may be written to.")]})
    variant.targets = list(compiled.targets)
    variant.save(update_fields=["targets", "updated_at"])
    locked.state, locked.launched_at, locked.version = (
        CampaignState.SENDING,
        timezone.now(),
        locked.version + 1,
    )
    locked.save(update_fields=["state", "launched_at", "version", "updated_at"])
    publish(CampaignLaunched(campaign_id=locked.pk))
    transaction.on_commit(lambda: poke(locked.pk))
    campaign.refresh_from_db()
    return sendable
