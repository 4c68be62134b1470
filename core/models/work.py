"""What background work leaves in the database: events to dispatch, handled events, jobs."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.enums import JobState
from core.jobs.kinds import titled
from core.models.base import BaseModel
from core.privacy.classes import classify
from core.reasons import told
from core.scope.rules import PersonalScope


class OutboxEvent(models.Model):
    """An event published in the writer's own transaction; the dispatcher deletes it when all handlers ran."""

    name = models.CharField(max_length=120)
    payload = models.JSONField()
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    history = False  # a queue: rows live for seconds
    scope = PersonalScope("actor")
    privacy = classify(technical="id name payload actor_id created_at available_at attempts error", base=())

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class HandledEvent(models.Model):
    """That a handler has dealt with an event: what makes handlers run once."""

    event_id = models.BigIntegerField()
    handler = models.CharField(max_length=200)
    handled_at = models.DateTimeField(default=timezone.now)

    history = False  # bookkeeping of the dispatcher
    scope = PersonalScope("event")
    privacy = classify(technical="id event_id handler handled_at", base=())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "handler"], name="core_handledevent_once")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.handler}"


class ExportEntry(models.Model):
    """What left the house by one export: the columns, the filters of the list, how many rows were written (None: it is
    under way or broke off before they were counted). Beside the change set of the same moment, which nobody can
    edit and which says who."""

    changeset = models.BigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    record_type = models.CharField(max_length=40)
    file_format = models.CharField(max_length=10)
    columns = models.JSONField(default=list)
    query = models.TextField(blank=True)
    rows = models.PositiveBigIntegerField(null=True)

    history = False  # it is itself the record of what was done
    scope = PersonalScope("actor")
    privacy = classify(technical="id changeset at actor record_type file_format columns query rows", base=())

    def __str__(self) -> str:
        return f"{self.record_type} {self.rows}"


class Job(BaseModel):
    """Long work with a visible life. `checkpoint` is where a killed worker's successor goes on. `title` holds words
    only where the kind has none: what a job is called is told to each reader in their language (`str(job)`), and so is
    why it failed (`why`; `error` holds the words as the worker had them)."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    owner = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="jobs"
    )
    params = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    pause_requested = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    history = False  # progress is written every second; what a job changes has its own history
    scope = PersonalScope("owner")
    record_type: ClassVar[str] = "job"
    privacy = classify(
        technical="kind title state params checkpoint result done total message error attempts"
        " cancel_requested pause_requested lease_until lease_token started_at finished_at"
    )

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes: ClassVar = [
            models.Index(fields=["owner", "-id"], name="core_job_owner"),
            models.Index(
                fields=["lease_until"],
                name="core_job_open",
                condition=models.Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return titled(self.kind, self.params) or self.title or self.kind

    @property
    def why(self) -> str:
        """Why it failed, in the reader's language; "" for one that has not."""
        failure = self.result.get("failure")
        return told(failure) if failure else gettext(self.error) if self.error else ""

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int | None:
        """Progress from 0 to 100, or None while the total is unknown."""
        if self.state == JobState.DONE:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else None
