"""Making and changing campaigns while they are drafts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.enums import Action
from core.services.base import default_team, require, require_on, save_changes, service
from marketing.enums import CampaignState
from marketing.models import Campaign, Variant

MESSAGE_FIELDS = ("subject", "text", "html")


@service
def create_campaign(*, actor: Any, **values: Any) -> Campaign:
    """A draft with its message. Raises NotAllowed, ValidationError by field."""
    require(actor, "campaign", Action.ADD)
    words = {name: values.pop(name, "") for name in MESSAGE_FIELDS}
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    _may_use_segment(actor, values.get("segment"))
    campaign = Campaign(**values)
    campaign.full_clean()
    campaign.save()
    variant = Variant(campaign=campaign, **words)
    variant.full_clean(exclude=["campaign", "targets"])
    variant.save()
    return campaign


@service
def update_campaign(
    *, actor: Any, campaign: Campaign, expected_version: int | None = None, **values: Any
) -> list[str]:
    """Change a draft; returns the names of what changed. Raises NotAllowed, StaleRecord, ValidationError."""
    require_on(actor, campaign, Action.CHANGE)
    if campaign.state != CampaignState.DRAFT and set(values) - {"name", "owner", "team"}:
        raise ValidationError(_("A launched campaign no longer changes; only its name and owner do."))
    if "segment" in values:
        _may_use_segment(actor, values["segment"])
    words = {name: values.pop(name) for name in MESSAGE_FIELDS if name in values}
    variant = campaign.variants.select_for_update().get()
    changed_words = [name for name, value in words.items() if getattr(variant, name) != value]
    changed = save_changes(campaign, values, expected_version=expected_version)
    if changed_words:
        for name in changed_words:
            setattr(variant, name, words[name])
        variant.full_clean(exclude=["campaign", "targets"])
        variant.save(update_fields=[*changed_words, "updated_at"])
        if not changed:
            _count_version(campaign)
    return [*changed, *changed_words]


def _count_version(campaign: Campaign) -> None:
    """New words make a new version of the campaign, so that two people's edits are told apart."""
    Campaign.all_objects.filter(pk=campaign.pk).update(version=campaign.version + 1)
    campaign.version += 1


def _may_use_segment(actor: Any, segment: Any) -> None:
    if actor is None or segment is None:
        return
    if not type(segment).objects.visible_to(actor).filter(pk=segment.pk).exists():
        raise ValidationError({"segment": [_("There is no such segment.")]})


@service
def copy_campaign(*, actor: Any, campaign: Campaign) -> Campaign:
    """A new draft with the same audience and words."""
    require_on(actor, campaign, Action.VIEW)
    words = campaign.variants.get()
    return create_campaign(
        actor=actor,
        name=_("%(name)s (copy)") % {"name": campaign.name[:150]},
        segment=campaign.segment,
        topic=campaign.topic,
        from_name=campaign.from_name,
        from_address=campaign.from_address,
        reply_to=campaign.reply_to,
        consent_needed=campaign.consent_needed,
        track=campaign.track,
        **{name: getattr(words, name) for name in MESSAGE_FIELDS},
    )
