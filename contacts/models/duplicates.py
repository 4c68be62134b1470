"""Records that may be one and the same, and from which likeness on people are asked."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import PairState
from contacts.models.parties import Company, Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import PairScope, SharedScope

LIKENESS = (MinValueValidator(0.0), MaxValueValidator(1.0))


class DuplicatePair(BaseModel):
    """Two records, the lower id first, with the chance that they are one and the levels at which they agree
    (words of `contacts.matching`, never values of the records). Seen by whom both records are visible to."""

    score = models.FloatField(_("likeness"), validators=LIKENESS)
    levels = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=PairState.choices, default=PairState.OPEN, db_default=PairState.OPEN
    )
    seen_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    history = False  # scans rewrite it each night; who decided what and when stands in the row
    scope = PairScope("a", "b")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.a_id} ~ {self.b_id}"  # type: ignore[attr-defined]


def _meta(table: str) -> tuple[list[models.BaseConstraint], list[models.Index]]:
    return (
        [
            models.UniqueConstraint(fields=["a", "b"], name=f"contacts_{table}_once"),
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name=f"contacts_{table}_order"),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1), name=f"contacts_{table}_score"
            ),
        ],
        [
            models.Index(
                fields=["score", "id"],
                name=f"contacts_{table}_open",
                condition=models.Q(state=PairState.OPEN),
            )
        ],
    )


class ContactDuplicate(DuplicatePair):
    """Two people who may be one."""

    a = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    b = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")

    privacy = classify(technical="score levels state seen_at decided_at decided_by", row="a b")

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints, indexes = _meta("contactduplicate")


class CompanyDuplicate(DuplicatePair):
    """Two companies that may be one."""

    a = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    b = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")

    privacy = classify(technical="score levels state seen_at decided_at decided_by a b")

    class Meta:
        verbose_name = _("possible duplicate company")
        verbose_name_plural = _("possible duplicate companies")
        constraints, indexes = _meta("companyduplicate")


class MatchingSettings(BaseModel):
    """From which likeness on a pair is shown (`review`) and may be merged by a job (`safe`), for one record
    type; and what the last scan learnt of the population."""

    kind = models.CharField(max_length=20, unique=True)
    review = models.FloatField(_("show from"), default=0.65, validators=LIKENESS)
    safe = models.FloatField(_("safe from"), default=0.98, validators=LIKENESS)
    merge_safe = models.BooleanField(_("merge safe pairs every night"), default=False)
    population = models.JSONField(default=dict)
    scanned_at = models.DateTimeField(null=True, blank=True)

    record_type: ClassVar[str] = "matching"
    scope = SharedScope()
    privacy = classify(technical="kind review safe merge_safe population scanned_at")

    class Meta:
        verbose_name = _("duplicate settings")
        verbose_name_plural = _("duplicate settings")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(review__gte=0.3, safe__lte=1, safe__gte=models.F("review")),
                name="contacts_matchingsettings_order",
                violation_error_message=_("“Safe from” is at least “show from”, and that at least 0.30."),
            )
        ]

    def __str__(self) -> str:
        return self.kind
