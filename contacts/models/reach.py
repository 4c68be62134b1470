"""How people and companies are reached, and whether they may be."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.enums import ConsentState, LegalBasis, PointKind, SuppressionCause, SuppressionScope
from contacts.models.parties import Company, Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope


def one_party(name: str) -> models.CheckConstraint:
    """That a row hangs on exactly one of contact and company."""
    return models.CheckConstraint(
        condition=models.Q(contact__isnull=False, company__isnull=True)
        | models.Q(contact__isnull=True, company__isnull=False),
        name=name,
        violation_error_message=_("This belongs to one contact or one company."),
    )


def email_letters(name: str) -> models.Func:
    """The letters of an address before the @ and before a «+»: what stays the same at another provider."""
    local = models.Func(
        models.Func(models.F(name), models.Value("@"), models.Value(1), function="split_part"),
        models.Value("+"),
        models.Value(1),
        function="split_part",
    )
    return models.Func(
        local,
        models.Value("[^a-z]"),
        models.Value(""),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.CharField(),
    )


class ContactPoint(BaseModel):
    """An e-mail address, a number, a handle. `value` is as given; `normalised` is what is matched: lower-case
    for e-mail, E.164 for numbers. Shared addresses are real, so it is not unique across people."""

    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="points"
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.CASCADE, related_name="points"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PointKind.choices)
    label = models.CharField(_("label"), max_length=40, blank=True)
    value = models.CharField(_("value"), max_length=320)
    normalised = models.CharField(max_length=320, editable=False)
    is_primary = models.BooleanField(_("primary"), default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="contact company kind is_primary verified_at bounced_at", row="label value normalised"
    )

    class Meta:
        constraints: ClassVar = [
            one_party("contacts_contactpoint_one_party"),
            models.UniqueConstraint(
                fields=["contact", "kind", "normalised"], name="contacts_contactpoint_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["normalised"], name="contacts_point_prefix", opclasses=["varchar_pattern_ops"]
            ),
            GinIndex(fields=["normalised"], name="contacts_point_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(
                email_letters("normalised"), name="contacts_point_letters", condition=models.Q(kind="email")
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def as_words(self) -> str:
        """With its kind, label and whether it goes first."""
        first = gettext("used first") if self.is_primary else ""
        return ", ".join(
            part for part in (str(self.get_kind_display()), self.value, self.label, first) if part
        )


class Address(BaseModel):
    """A postal address."""

    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses"
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses"
    )
    label = models.CharField(_("label"), max_length=40, blank=True)
    street = models.CharField(_("street"), max_length=250, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_primary = models.BooleanField(_("primary"), default=False, db_default=False)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="contact company is_primary",
        row="label street postcode city region country latitude longitude",
    )

    class Meta:
        constraints: ClassVar = [one_party("contacts_address_one_party")]
        indexes: ClassVar = [
            models.Index(
                fields=["postcode"], name="contacts_address_postcode", condition=~models.Q(postcode="")
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.postcode, self.city, self.country) if part)

    @property
    def as_words(self) -> str:
        """With its label, its region and whether it goes first."""
        first = gettext("used first") if self.is_primary else ""
        parts = (self.label, self.street, self.postcode, self.city, self.region, self.country, first)
        return ", ".join(part for part in parts if part)


class Consent(BaseModel):
    """One line of the ledger: what somebody agreed to or withdrew, how we know, and in which words. Never
    edited; the newest line for a purpose and channel counts."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=60, default="marketing")
    channel = models.CharField(_("channel"), max_length=20, default="email")
    state = models.CharField(_("state"), max_length=10, choices=ConsentState.choices)
    basis = models.CharField(
        _("legal basis"), max_length=20, choices=LegalBasis.choices, default=LegalBasis.CONSENT
    )
    wording = models.TextField(_("wording"), blank=True)
    wording_version = models.ForeignKey(
        "contacts.Wording",
        null=True,
        blank=True,
        db_index=False,  # nobody looks for consents by it, and the ledger is long
        on_delete=models.PROTECT,
        related_name="+",
    )
    source = models.CharField(_("source"), max_length=120)
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    scope = ParentScope("contact")
    privacy = classify(
        technical="contact actor wording_version",
        business="purpose channel state basis at wording",
        row="source",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["contact", "purpose", "channel", "-at", "-id"], name="contacts_consent_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.channel}: {self.state}"


class Suppression(BaseModel):
    """An address that nothing (or no marketing) is sent to, whoever it belongs to."""

    address = models.CharField(_("address"), max_length=320)
    reach = models.CharField(
        _("what is not sent"),
        max_length=9,
        choices=SuppressionScope.choices,
        default=SuppressionScope.MARKETING,
    )
    cause = models.CharField(_("cause"), max_length=12, choices=SuppressionCause.choices)
    at = models.DateTimeField(_("since"), default=timezone.now)
    source = models.CharField(_("how it came"), max_length=120, blank=True)
    note = models.CharField(_("reason"), max_length=200, blank=True)

    record_type: ClassVar[str] = "suppression"
    scope = SharedScope()
    privacy = classify(technical="reach cause at", token="address", blank="note source")  # noqa: S106 - a rule, no password

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "reach"], name="contacts_suppression_once")
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.reach})"
