"""How good the data is, day by day, and what was standardised."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.enums import StandardState
from contacts.models.parties import Company, Contact
from contacts.models.reach import one_party
from core.enums import AccessLevel, Action
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import PersonalScope, ScopeRule, SharedScope

if TYPE_CHECKING:
    from core.scope.access import AccessProfile


class CountedScope(ScopeRule):
    """Counts of records take the scope of the records: all of them, one's teams' own, or none.

    Who sees only their own records gets no counts: a count is of a whole team.
    """

    def record_type(self, model: type[models.Model]) -> str:
        return "quality"

    def restrict(self, queryset: QuerySet[Any], profile: "AccessProfile", action: Action) -> QuerySet[Any]:
        if not profile.allows("quality", action):
            return queryset.none()
        seen = Q(pk__in=[])
        for record_type in ("contact", "company"):
            level = profile.level(record_type, Action.VIEW)
            if level == AccessLevel.ALL:
                seen |= Q(record_type=record_type)
            elif level == AccessLevel.TEAM:
                seen |= Q(record_type=record_type, team_id__in=profile.team_ids)
        return queryset.filter(seen)


class QualitySnapshot(BaseModel):
    """How many records of a team a measure found flawed on a day. `source` null: of every source; the split by
    source is kept for the newest day and for Mondays."""

    day = models.DateField(_("day"))
    record_type = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    team = models.ForeignKey("core.Team", null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=120, null=True)
    records = models.PositiveIntegerField()
    flawed = models.PositiveIntegerField()

    history = False  # counts of every day: they are a record themselves
    scope = CountedScope()
    privacy = classify(technical="day record_type measure team records flawed", business="source")

    class Meta:
        verbose_name = _("data quality of a day")
        verbose_name_plural = _("data quality of days")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "record_type", "measure", "team", "source"],
                nulls_distinct=False,
                name="contacts_qualitysnapshot_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure}: {self.flawed}/{self.records}"


class QualityTarget(BaseModel):
    """The share of sound records, in percent, that an administrator wants for a measure."""

    record_type = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    percent = models.PositiveSmallIntegerField(
        _("target (%)"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    scope = SharedScope("quality")
    privacy = classify(technical="record_type measure percent")

    class Meta:
        verbose_name = _("target of data quality")
        verbose_name_plural = _("targets of data quality")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_type", "measure"], name="contacts_qualitytarget_once"),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100),
                name="contacts_qualitytarget_percent",
                violation_error_message=_("A target is at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.percent} %"


class StandardisingRun(BaseModel):
    """A search for values that are not written as they should be, and what was made of it. Jobs do the work:
    `find_job`, then `apply_job`, then perhaps `undo_job`."""

    owner = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField(_("what is standardised"), default=list)
    state = models.CharField(
        _("state"), max_length=8, choices=StandardState.choices, default=StandardState.FINDING
    )
    found = models.PositiveIntegerField(_("found"), default=0)
    capped = models.BooleanField(default=False)
    applied = models.PositiveIntegerField(_("applied"), default=0)
    find_job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    apply_job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    undo_job = models.ForeignKey("core.Job", null=True, on_delete=models.SET_NULL, related_name="+")

    record_type: ClassVar[str] = "standardising_run"
    scope = PersonalScope("owner")
    privacy = classify(technical="rules state found capped applied find_job apply_job undo_job")

    class Meta:
        verbose_name = _("standardising")
        verbose_name_plural = _("standardisings")

    def __str__(self) -> str:
        return f"#{self.pk}"


class StandardChange(BaseModel):
    """One value before and after. `target` is the model's label, `target_pk` its row; `chosen` says whether a
    person wants it. `outcome` is empty until it was applied or left because the value had changed."""

    run = models.ForeignKey(StandardisingRun, on_delete=models.CASCADE, related_name="changes")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=20)
    target = models.CharField(max_length=60)
    target_pk = models.BigIntegerField()
    field = models.CharField(max_length=40)
    before = models.CharField(_("before"), max_length=320)
    after = models.CharField(_("after"), max_length=320)
    chosen = models.BooleanField(_("chosen"), default=True)
    outcome = models.CharField(max_length=8, blank=True)

    history = False  # a list of proposals; what is applied has its history where it was applied
    scope = PersonalScope("run__owner")
    privacy = classify(
        technical="run contact company rule target target_pk field chosen outcome", row="before after"
    )

    class Meta:
        verbose_name = _("standardised value")
        verbose_name_plural = _("standardised values")
        constraints: ClassVar = [one_party("contacts_standardchange_one_party")]
        indexes: ClassVar = [
            models.Index(fields=["run", "id"], name="contacts_standard_run"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
