"""Campaigns: who is written to, about what, in which words."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Segment
from core.models import BaseModel, Record
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope
from marketing.enums import CampaignState


class Topic(BaseModel):
    """What people subscribe to and leave. `key` is the purpose in the consent ledger."""

    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)

    record_type: ClassVar[str] = "topic"
    scope = SharedScope()
    privacy = classify(business="key name description")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                name="marketing_topic_key",
                violation_error_message=_("There is a topic with this key."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(Record):
    """A mailing to a segment. From the launch on, its audience and words no longer change: the ledger and
    the variants hold what was sent. `problem` is what last kept a worker from sending, for people."""

    name = models.CharField(_("name"), max_length=160)
    state = models.CharField(
        _("state"), max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT, editable=False
    )
    segment = models.ForeignKey(
        Segment,
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
    )
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_name = models.CharField(_("sender's name"), max_length=120, blank=True)
    from_address = models.EmailField(_("sender's address"), max_length=254)
    reply_to = models.EmailField(_("answers go to"), max_length=254, blank=True)
    consent_needed = models.BooleanField(
        _("only people who gave consent"),
        default=True,
        help_text=_("Without this, people are left out only when they withdrew their consent."),
    )
    track = models.BooleanField(
        _("count opens and clicks"),
        default=True,
        help_text=_("Links and a picture then carry a signed code."),
    )
    launched_at = models.DateTimeField(_("launched"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)

    record_type: ClassVar[str] = "campaign"
    privacy = classify(
        business="name state segment topic from_name from_address reply_to consent_needed track launched_at"
        " finished_at",
        technical="problem",
    )

    class Meta(Record.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=CampaignState.DRAFT)
                | models.Q(launched_at__isnull=False, segment__isnull=False),
                name="marketing_campaign_launched",
                violation_error_message=_("A campaign is launched with a segment."),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                name="marketing_campaign_open",
                condition=models.Q(state=CampaignState.SENDING),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Variant(BaseModel):
    """The words of a campaign. `targets` are what its tracked links lead to, by number, fixed at launch."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="variants")
    label = models.CharField(max_length=20, default="A")
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(_("plain text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    targets = models.JSONField(default=list)

    scope = ParentScope("campaign")
    privacy = classify(technical="campaign label", business="subject text html targets")

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "label"], name="marketing_variant_label")
        ]

    def __str__(self) -> str:
        return self.subject
