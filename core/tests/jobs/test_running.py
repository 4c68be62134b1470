"""Jobs: progress, cancelling, failing with a word for the person, and going on after a crash."""

import gc
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from core.enums import JobState
from core.jobs.kinds import job_kind
from core.jobs.memory import NEW_OBJECTS
from core.jobs.running import JobFailed, JobRun, LeaseLost, claim, run
from core.models import ChangeSet, Job, Notification, OutboxEvent, Tag, User
from core.outbox.dispatcher import drain
from core.reasons import Explained
from core.services.jobs import cancel_job, enqueue_job
from core.tasks import resume_jobs
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@job_kind("test.tags")
def make_tags(attempt: JobRun) -> None:
    """Makes `total` tags, one a step; dies after `die_at` as a killed worker would."""
    total = attempt.params["total"]
    for number in range(attempt.checkpoint.get("made", 0), total):
        if attempt.params.get("die_at") == number and attempt.job.attempts == 1:
            raise KeyboardInterrupt
        with transaction.atomic():
            Tag.objects.create(name=f"tag {number}")
            attempt.progress(number + 1, total)
            attempt.save_checkpoint(made=number + 1)
    attempt.finish_with(made=total)


@job_kind("test.chunks")
def writes_chunks(attempt: JobRun) -> None:
    """As an import does: each chunk with its checkpoint, then the report; cancelled after the second."""
    for number in range(1, 10):
        time.sleep(0.02)
        attempt.save_checkpoint(made=number)
        if number == 2:
            Job.objects.filter(pk=attempt.job.pk).update(cancel_requested=True)
        attempt.progress(number, 9)


@job_kind("test.refuses")
def refuses(attempt: JobRun) -> None:
    raise JobFailed("The file has no header.")


@job_kind("test.breaks")
def breaks(attempt: JobRun) -> None:
    raise RuntimeError("secret detail")


@job_kind("test.line")
def stops_at_a_line(attempt: JobRun) -> None:
    """Fails as an import does: the values of its words are a number and a reason of its own."""
    reason = Explained(_("There is no encoding called “%(name)s”."), name="utf-99")
    raise JobFailed(_("Line %(line)s: %(error)s"), line=12, error=reason)


@job_kind("test.service")
def is_refused_by_a_service(attempt: JobRun) -> None:
    wrong = ValidationError(_("Attach at most %(limit)d files."), params={"limit": 3})
    raise JobFailed(ValidationError({"files": wrong, "text": "50 % of it"}))


@job_kind("test.looks")
def looks(attempt: JobRun) -> None:
    attempt.finish_with(threshold=gc.get_threshold()[0], frozen=gc.get_freeze_count() > 0)


def start(kind: str, **params: Any) -> Job:
    return enqueue_job(actor=make_user(), kind=kind, title="Work", params=params)


def test_job_runs_to_the_end_and_its_owner_is_told_once() -> None:
    job = start("test.tags", total=3)
    done = run(job.pk)
    assert done is not None
    assert (done.state, done.done, done.total, done.percent, done.result) == ("done", 3, 3, 100, {"made": 3})
    assert run(job.pk) is None
    assert Tag.objects.count() == 3
    assert drain() == 1
    assert list(Notification.objects.values_list("user_id", "text")) == [
        (job.owner_id, "Work: Done · Made: 3")
    ]
    assert OutboxEvent.objects.count() == 0


def test_what_a_job_writes_is_recorded_under_its_owner() -> None:
    job = start("test.tags", total=1)
    run(job.pk)
    made = ChangeSet.objects.filter(changes__model__label="core.Tag").get()
    assert (made.actor_id, made.cause) == (job.owner_id, f"job:{job.pk}")


def test_killed_worker_is_succeeded_where_it_stopped() -> None:
    job = start("test.tags", total=5, die_at=3)
    with pytest.raises(KeyboardInterrupt):
        run(job.pk)
    assert Tag.objects.count() == 3
    assert claim(job.pk) is None, "the dead worker's lease still holds"
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert resume_jobs() == 1
    done = run(job.pk)
    assert done is not None
    assert (done.state, done.attempts, Tag.objects.count()) == ("done", 2, 5)


def test_worker_that_lost_its_lease_writes_nothing_more() -> None:
    job = start("test.tags", total=5)
    mine = claim(job.pk)
    assert mine is not None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claim(job.pk) is not None
    with pytest.raises(LeaseLost):
        JobRun(mine).save_checkpoint(made=1)


def test_failure_says_a_word_for_the_person_and_nothing_internal() -> None:
    refused, broken = run(start("test.refuses").pk), run(start("test.breaks").pk)
    assert refused is not None and broken is not None
    assert (refused.state, refused.error) == ("failed", "The file has no header.")
    assert broken.state == "failed"
    assert "secret detail" not in broken.error
    assert str(broken.pk) in broken.error


def test_waiting_job_is_cancelled_at_once_and_running_one_at_its_next_report(monkeypatch: Any) -> None:
    monkeypatch.setattr("core.jobs.running.REPORT_EVERY", 0)
    waiting = start("test.tags", total=2)
    cancel_job(actor=waiting.owner, job=waiting)
    assert run(waiting.pk) is None
    running = start("test.tags", total=5)
    Job.objects.filter(pk=running.pk).update(cancel_requested=True)
    ended = run(running.pk)
    assert ended is not None
    assert ended.state == JobState.CANCELLED
    assert Tag.objects.count() == 0


def test_checkpoints_do_not_put_off_what_a_person_asked(monkeypatch: Any) -> None:
    monkeypatch.setattr("core.jobs.running.REPORT_EVERY", 0.01)
    ended = run(start("test.chunks").pk)
    assert ended is not None
    assert (ended.state, ended.checkpoint) == (JobState.CANCELLED, {"made": 2})


def test_cycles_are_looked_for_seldom_while_a_job_runs_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    done = run(start("test.looks").pk)
    assert done is not None
    assert done.result == {"threshold": NEW_OBJECTS, "frozen": True}
    run(start("test.breaks").pk)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


@pytest.mark.parametrize(
    ("kind", "english", "german"),
    [
        (
            "test.line",
            "Line 12: There is no encoding called “utf-99”.",
            "Zeile 12: Eine Zeichenkodierung namens „utf-99“ gibt es nicht.",
        ),
        (
            "test.service",
            "Attach at most 3 files. 50 % of it",
            "Hängen Sie höchstens 3 Dateien an. 50 % of it",
        ),
    ],
)
def test_failure_with_values_is_told_to_each_reader_in_their_language(
    client: Client, kind: str, english: str, german: str
) -> None:
    job = run(start(kind).pk)
    assert job is not None
    assert (job.error, job.why) == (english, english)
    for language, words in (("de", german), ("en", english)):
        User.objects.filter(pk=job.owner_id).update(language=language)
        client.force_login(User.objects.get(pk=job.owner_id))
        for url in (reverse("core:job", args=[job.pk]), reverse("core:job_list")):
            assert escape(words) in client.get(url).content.decode()
        assert client.get(f"/api/v1/jobs/{job.pk}/").json()["error"] == words
