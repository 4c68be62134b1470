"""The people and companies we know, each once."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.enums import BuyingRole, CommunicationStyle, CompanyKind, LifecycleStage, PreferredChannel
from core.models import CustomValues, Record, Tag, currency_code
from core.privacy.classes import classify
from core.scope.rules import FieldOfParentScope

LIVE = models.Q(deleted_at__isnull=True)


class Company(Record, CustomValues):
    """An organisation. `sort_name` is lower-case without accents and is what lists are ordered by."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(max_length=200, editable=False, default="")
    kind = models.CharField(
        _("kind"), max_length=12, choices=CompanyKind.choices, default=CompanyKind.PROSPECT
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
    )
    domain = models.CharField(_("web domain"), max_length=253, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[currency_code])
    founded_year = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="companies")
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)

    record_type: ClassVar[str] = "company"
    privacy = classify(
        business="name sort_name kind parent domain industry employees annual_revenue currency founded_year"
        " country city latitude longitude source external_id tags last_activity_at custom",
        content_blank="description",
    )

    class Meta(Record.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="contacts_company_not_own_parent",
                violation_error_message=_("A company can't be its own parent."),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["latitude", "longitude"],
                name="contacts_company_where",
                condition=models.Q(latitude__isnull=False),
            ),
            models.Index(fields=["sort_name", "id"], name="contacts_company_name", condition=LIVE),
            models.Index(fields=["owner", "sort_name", "id"], name="contacts_company_owner", condition=LIVE),
            models.Index(fields=["team", "sort_name", "id"], name="contacts_company_team", condition=LIVE),
            models.Index(
                fields=["external_id"],
                name="contacts_company_external",
                condition=~models.Q(external_id=""),
            ),
            models.Index(Upper("domain"), name="contacts_company_domain", condition=~models.Q(domain="")),
            GinIndex(fields=["sort_name"], name="contacts_company_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Record, CustomValues):
    """A person. Addresses, phones and companies hang on it; `sort_name` is «family given», lower-case,
    without accents; `activity_at` is `last_activity_at` or, without one, the creation: never null, so that
    lists can be paged by it."""

    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=210, editable=False, default="")
    sort_name = models.CharField(max_length=210, editable=False, default="")
    salutation = models.CharField(_("salutation"), max_length=40, blank=True)
    lifecycle_stage = models.CharField(
        _("lifecycle"), max_length=12, choices=LifecycleStage.choices, default=LifecycleStage.LEAD
    )
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="main_contacts",
        help_text=_("The company of the primary affiliation, kept here for lists."),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, editable=False)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    preferred_channel = models.CharField(
        _("preferred channel"),
        max_length=8,
        choices=PreferredChannel.choices,
        blank=True,
        default="",
        db_default="",
    )
    best_hour = models.PositiveSmallIntegerField(
        _("best hour"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text=_("The hour of the day, in their own time zone."),
    )
    communication_style = models.CharField(
        _("communication style"),
        max_length=12,
        choices=CommunicationStyle.choices,
        blank=True,
        default="",
        db_default="",
    )
    interests = models.CharField(
        _("interests"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("Separated by commas."),
    )
    values_held = models.CharField(
        _("values"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("What matters to them."),
    )
    personality = models.TextField(_("personality"), blank=True, default="", db_default="")
    source = models.CharField(_("source"), max_length=120, blank=True)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    description = models.TextField(_("about"), blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="contacts")
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    activity_at = models.DateTimeField(editable=False, auto_now_add=True)

    record_type: ClassVar[str] = "contact"
    privacy = classify(
        technical="lifecycle_stage do_not_contact company last_activity_at activity_at",
        blank="first_name last_name name sort_name salutation job_title language time_zone country city source"
        " external_id preferred_channel communication_style interests values_held",
        null="birthday best_hour latitude longitude",
        row="tags",
        content_blank="description personality custom",
    )

    class Meta(Record.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes: ClassVar = [
            models.Index(
                fields=["latitude", "longitude"],
                name="contacts_contact_where",
                condition=models.Q(latitude__isnull=False),
            ),
            models.Index(fields=["sort_name", "id"], name="contacts_contact_name", condition=LIVE),
            models.Index(fields=["activity_at", "id"], name="contacts_contact_activity", condition=LIVE),
            models.Index(fields=["created_at", "id"], name="contacts_contact_created", condition=LIVE),
            models.Index(fields=["owner", "sort_name", "id"], name="contacts_contact_owner", condition=LIVE),
            models.Index(fields=["team", "sort_name", "id"], name="contacts_contact_team", condition=LIVE),
            models.Index(fields=["company", "sort_name", "id"], name="contacts_contact_company"),
            models.Index(
                fields=["external_id"],
                name="contacts_contact_external",
                condition=~models.Q(external_id=""),
            ),
            models.Index(
                fields=["birthday"],
                name="contacts_contact_birthday",
                condition=models.Q(birthday__isnull=False),
            ),
            GinIndex(fields=["sort_name"], name="contacts_contact_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Affiliation(Record):
    """That a person belongs, or belonged, to a company: the only link between the two."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="affiliations")
    title = models.CharField(_("title"), max_length=120, blank=True)
    role = models.CharField(_("buying role"), max_length=60, choices=BuyingRole.choices, blank=True)
    is_primary = models.BooleanField(_("primary"), default=False)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)

    record_type: ClassVar[str] = "affiliation"
    scope = FieldOfParentScope("contact", "company", field="company")
    privacy = classify(technical="contact is_primary", row="company title role valid_from valid_to")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(is_primary=True, deleted_at__isnull=True),
                name="contacts_affiliation_one_primary",
                violation_error_message=_("A person has one primary company."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="contacts_affiliation_order",
                violation_error_message=_("“To” is not before “from”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.company}"

    @property
    def as_words(self) -> str:
        """As the person's page says it: company, title, part in buying, dates and whether it is the main one."""
        days = [date_format(day, "j M Y") if day else "" for day in (self.valid_from, self.valid_to)]
        dates = " – ".join(days) if any(days) else ""
        main = gettext("main") if self.is_primary else ""
        parts = (str(self.company), self.title, str(self.get_role_display()), dates, main)
        return ", ".join(part for part in parts if part)
