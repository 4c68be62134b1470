"""`apply_retention` runs the retention policies now (or says what they would do) and ends with one JSON line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.conditions.tree import ConditionError
from core.enums import JobState
from core.history.context import acting
from core.jobs.running import run
from core.models import RetentionPolicy
from core.retention.policies import due_records, policy_sentence
from core.services.jobs import enqueue_job


class Command(BaseCommand):
    help = "Deal with the records whose time has come by the active retention policies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._count()
            return
        with acting(None, cause="command:apply_retention"):
            waiting = enqueue_job(actor=None, kind="core.retention", wake=False)
            job = run(waiting.pk) or waiting
        job.refresh_from_db()
        self.stdout.write(json.dumps({**job.result, "job": job.pk, "state": job.state}))
        if job.state != JobState.DONE:
            raise CommandError(job.error or f"The job is {job.state}.")
        if job.result.get("failed"):
            raise CommandError(f"{job.result['failed']} records could not be dealt with; the log says why.")

    def _count(self) -> None:
        due: list[int] = []
        unreadable = []
        for policy in RetentionPolicy.objects.filter(is_active=True).order_by("pk"):
            try:
                due.append(due_records(policy).count())
            except ConditionError as error:
                unreadable.append(f"{policy.name}: {error}")
                continue
            self.stdout.write(f"{policy_sentence(policy)}: {due[-1]}")
        self.stdout.write(json.dumps({"policies": len(due) + len(unreadable), "due": sum(due)}))
        if unreadable:
            raise CommandError(" ".join(unreadable))
